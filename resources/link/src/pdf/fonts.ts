/** The two of PDF's standard fonts that devices do not have: for the others their own are taken. */

import dingbats from "pdfjs-dist/standard_fonts/FoxitDingbats.pfb";
import symbol from "pdfjs-dist/standard_fonts/FoxitSymbol.pfb";
import type { Bytes } from "../bytes.ts";

const FONTS: { [name: string]: Bytes } = { "FoxitDingbats.pfb": dingbats, "FoxitSymbol.pfb": symbol };

/** Where pdf.js would fetch what it lacks: nothing is fetched. */
export class NoFetching {
  fetch({ filename }: { kind: string; filename: string }): Promise<Bytes> {
    const font = Object.hasOwn(FONTS, filename) ? FONTS[filename] : undefined;
    return font ? Promise.resolve(font.slice()) : Promise.reject(new Error(`${filename} is not part of the viewer`));
  }
}
