declare module "*.pfb" {
  const data: Uint8Array<ArrayBuffer>;
  export default data;
}
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "pdfjs-dist/legacy/build/pdf.worker.mjs";
