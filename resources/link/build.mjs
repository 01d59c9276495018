// Builds page.html, sw.js, pdf-viewer.js and page.sha256 from src/. The same sources and package-lock.json give the same bytes.
//   node build.mjs            writes them here
//   node build.mjs FOLDER     writes them there
//   node build.mjs --tests F  writes the bundle of src/testing.ts to the file F, for tests in node
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(join(here, name), "utf8");

const common = {
  absWorkingDir: here,
  bundle: true,
  write: false,
  minify: true,
  charset: "utf8",
  target: "es2020",
  legalComments: "none", // the licences are in the page, once: see LICENCES
  logLevel: "warning",
};

async function bundle(entry, options = {}) {
  const result = await build({ ...common, entryPoints: [entry], ...options });
  return result.outputFiles[0].text;
}

const LICENCES = `
MegaDesk link page, Apache-2.0. Contains @noble/ciphers and @noble/hashes by Paul Miller, under this licence:

${read("node_modules/@noble/ciphers/LICENSE").trim()}
`;

function hash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function hexDigest(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** Inline scripts end where this text does, wherever it stands. */
function inline(script) {
  const text = script.trim();
  if (/<\/script|<!--/i.test(text)) throw new Error("the bundle would end its own script element");
  return text;
}

const PDFJS = "node_modules/pdfjs-dist";
const VIEWER_LICENCES = `
MegaDesk PDF viewer, Apache-2.0. Contains pdf.js by the Mozilla Foundation, Apache-2.0, with these parts:

OpenJPEG
${read(`${PDFJS}/wasm/LICENSE_OPENJPEG`).trim()}

JBIG2 and CCITT decoders of PDFium
${read(`${PDFJS}/wasm/LICENSE_JBIG2`).trim()}

Foxit fonts
${read(`${PDFJS}/standard_fonts/LICENSE_FOXIT`).trim()}
`;

/** pdf.js fetches its decoders of JPEG 2000, JBIG2 and fax when it needs them; the viewer has them in it, as JavaScript. */
const decodersInside = {
  name: "decoders-inside",
  setup(builder) {
    builder.onLoad({ filter: /pdf\.worker\.mjs$/ }, ({ path }) => {
      const imported = /import\(\s*(?:\/\*.*?\*\/\s*)*`\$\{WasmImage\.#wasmUrl\}\$\{this\._noWasmFilename\}`\)/g;
      const inside = "import openjpegDecoder from '../../wasm/openjpeg_nowasm_fallback.js';\n" +
        "import jbig2Decoder from '../../wasm/jbig2_nowasm_fallback.js';\n" +
        "const DECODERS = { 'openjpeg_nowasm_fallback.js': openjpegDecoder, 'jbig2_nowasm_fallback.js': jbig2Decoder };\n";
      const source = readFileSync(path, "utf8");
      if (source.match(imported)?.length !== 1) throw new Error("pdf.js loads its decoders in another way by now");
      return { contents: inside + source.replace(imported, "{ default: DECODERS[this._noWasmFilename] }") };
    });
  },
};

/** In the page it stands between tags, so it is changed as little as can be where it would end them. */
async function viewer() {
  const loader = { ".pfb": "binary", ".css": "text" };
  const plugins = [decodersInside];
  const text = await bundle("src/pdf/main.ts", { format: "iife", target: "es2022", loader, plugins });
  const licences = `/*\n${VIEWER_LICENCES.trim().replaceAll("*/", "* /")}\n*/\n`;
  return inline(licences + text.replaceAll("<!--", "<\\!--"));
}

async function page(viewer) {
  const define = { VIEWER_DIGEST: JSON.stringify(hexDigest(viewer)) };
  const script = inline(await bundle("src/main.ts", { format: "iife", define }));
  const guard = inline(await bundle("src/guard.js", { format: "iife", target: "es5" }));
  const stop = inline(await bundle("src/stop.js", { format: "iife", target: "es5" }));
  const style = (await bundle("src/style.css", { loader: { ".css": "css" }, target: "es2020" })).trim();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} ${hash(guard)} ${hash(stop)} ${hash(viewer)}`,
    `style-src ${hash(style)}`,
    "img-src blob: data:",
    "media-src 'self' blob:",
    "frame-src 'self'",
    "worker-src 'self' blob:",
    "connect-src 'self' https: http:", // src/policy.ts narrows it before anything is fetched
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types megadesk",
  ].join("; ");
  const fill = { LICENCES: LICENCES.trim(), POLICY: policy, STYLE: style, GUARD: guard, SCRIPT: script, STOP: stop };
  return read("src/page.html").replace(/%%([A-Z]+)%%/g, (_, name) => fill[name]);
}

const [argument, target] = process.argv.slice(2);
if (argument === "--tests") {
  writeFileSync(target, await bundle("src/testing.ts", { format: "esm", platform: "neutral", minify: false }));
} else {
  const folder = argument ?? here;
  const pdf = await viewer();
  const worker = await bundle("src/sw.ts", { format: "iife" });
  const outputs = { "page.html": await page(pdf), "sw.js": worker, "pdf-viewer.js": pdf };
  let sums = "";
  for (const [name, text] of Object.entries(outputs)) {
    writeFileSync(join(folder, name), text);
    sums += `${hexDigest(text)}  ${name}\n`;
  }
  writeFileSync(join(folder, "page.sha256"), sums);
}
