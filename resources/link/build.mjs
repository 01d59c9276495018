// Builds page.html, sw.js and page.sha256 from src/. The same sources and package-lock.json give the same bytes.
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

/** Inline scripts end where this text does, wherever it stands. */
function inline(script) {
  const text = script.trim();
  if (/<\/script|<!--/i.test(text)) throw new Error("the bundle would end its own script element");
  return text;
}

async function page() {
  const script = inline(await bundle("src/main.ts", { format: "iife" }));
  const guard = inline(await bundle("src/guard.js", { format: "iife", target: "es5" }));
  const stop = inline(await bundle("src/stop.js", { format: "iife", target: "es5" }));
  const style = (await bundle("src/style.css", { loader: { ".css": "css" }, target: "es2020" })).trim();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} ${hash(guard)} ${hash(stop)}`,
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
  const outputs = { "page.html": await page(), "sw.js": await bundle("src/sw.ts", { format: "iife" }) };
  let sums = "";
  for (const [name, text] of Object.entries(outputs)) {
    writeFileSync(join(folder, name), text);
    sums += `${createHash("sha256").update(text).digest("hex")}  ${name}\n`;
  }
  writeFileSync(join(folder, "page.sha256"), sums);
}
