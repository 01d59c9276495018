// Opens test vectors with the page's own modules: node vectors.mjs BUNDLE < cases.json > results.json
// A case is {kind: "floe" | "slice" | "link" | "derive", ...}; a result {name: {outcome, ...}}. Python judges.
import { readFileSync } from "node:fs";
import { createHash, webcrypto } from "node:crypto";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto; // node 18
const page = await import(pathToFileURL(process.argv[2]).href);
const { hex, unhex } = page;
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const sha256 = (pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex");

async function floe(one, make) {
  try {
    const data = unhex(one.data);
    if (one.form === "slice") {
      const pieces = await page.openSlice(make, unhex(one.key), unhex(one.aad), data, one.size);
      return { outcome: "ok", plaintext: Buffer.concat(pieces).toString("hex") };
    }
    const plain = await page.openMessage(make, unhex(one.key), unhex(one.aad), data, one.segment, one.rotation);
    return { outcome: "ok", plaintext: hex(plain) };
  } catch (error) {
    if (error instanceof page.FloeError) return { outcome: error.failure };
    throw error;
  }
}

function node(from, numbers) {
  const slices = from.slices.map(({ pack, offset, key }) => ({ pack, offset, key: hex(key) }));
  return {
    parent: from.parent ? numbers.get(from.parent) : -1,
    name: hex(from.name),
    kind: ["folder", "file", "symlink"].indexOf(from.kind),
    mode: from.mode,
    mtime_ms: from.mtimeMs,
    size: from.kind === "file" ? from.size : 0,
    content: slices,
  };
}

async function link(one, make) {
  try {
    const token = page.parseToken(one.token);
    const sealed = await page.openPreamble(token, bytes(one.object));
    let derived = null;
    if (sealed.password) {
      if (one.password === null) return { outcome: "password" };
      derived = await page.passwordKey(one.password, page.passwordSalt(token), sealed.password);
    }
    const record = await page.openRecord(sealed, derived);
    const numbers = new Map();
    const list = record.nodes;
    for (const [number, each] of list.entries()) numbers.set(each, number);
    const files = {};
    for (const [name, pack] of Object.entries(one.packs)) one.packs[name] = bytes(pack);
    for (const [number, file] of list.entries()) {
      if (file.kind !== "file") continue;
      try {
        const pieces = [];
        for (const ref of file.slices) {
          const pack = one.packs[record.packs[ref.pack]];
          const stored = pack.slice(ref.offset, ref.offset + page.storedSize(ref.plain));
          pieces.push(...(await page.openSlice(make, ref.key, page.sliceAad(record.lockerId, ref.index), stored, ref.plain)));
        }
        files[number] = { size: file.size, sha256: sha256(pieces) };
      } catch (error) {
        if (!(error instanceof page.FloeError)) throw error;
        files[number] = { failure: error.failure };
      }
    }
    const { createdMs, expiresMs, live, note, packs, urls } = record;
    const nodes = list.map((each) => node(each, numbers));
    return { outcome: "ok", record: { createdMs, expiresMs, live, note, packs, urls, nodes }, files };
  } catch (error) {
    if (error.name === "LinkError") return { outcome: error.kind };
    throw error;
  }
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const results = {};
const ciphers = { web: page.webCipher, plain: page.plainCipher };
for (const [name, one] of Object.entries(JSON.parse(input))) {
  const run = one.kind === "link" ? link : floe;
  for (const [cipher, make] of Object.entries(ciphers)) results[`${name} ${cipher}`] = await run(structuredClone(one), make);
}
process.stdout.write(JSON.stringify(results));
