/** Names that other people chose: as shown, as saved, and what they say about the content. */

import type { Node } from "./record.ts";

const decoder = new TextDecoder("utf-8");

/** Marks that turn the direction of text, so that `exe.txt` can be made to look like `txt.exe`; and invisible ones. */
const TRICKS = /[\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** For people: what cannot be seen or would mislead is replaced by a visible mark. */
export function shown(node: Node): string {
  return decoder.decode(node.name).replace(TRICKS, "\ufffd").replace(CONTROLS, "\ufffd");
}

const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;
const FORBIDDEN = /[/\\:*?"<>|]/g;
const NAME_BYTES = 240;

/** A file name that means nothing special to any system: one component, visible, and with room to spare. */
export function safeName(node: Node): string {
  let name = decoder.decode(node.name).replace(TRICKS, "_").replace(CONTROLS, "_").replace(FORBIDDEN, "_");
  name = name.replace(/\ufffd/g, "_").replace(/[ .]+$/, "").replace(/^ +/, "");
  if (/^[.~]+$/.test(name) || name === "") name = "_";
  if (RESERVED.test(name)) name = `_${name}`;
  return shortened(name);
}

const encoder = new TextEncoder();

function shortened(name: string): string {
  if (encoder.encode(name).length <= NAME_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  let stem = [...name.slice(0, name.length - extension.length)];
  const room = NAME_BYTES - encoder.encode(extension).length;
  while (encoder.encode(stem.join("")).length > room) stem = stem.slice(0, -1);
  return stem.join("") + extension;
}

/** Another name for each that is taken already, also where only case differs. */
export class NameSet {
  private readonly taken = new Map<string, number>();

  unique(name: string): string {
    const key = name.normalize("NFC").toLowerCase();
    const count = this.taken.get(key) ?? 0;
    this.taken.set(key, count + 1);
    if (count === 0) return name;
    const dot = name.lastIndexOf(".");
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    for (let number = count + 1; ; number++) {
      const other = `${stem} (${number})${extension}`;
      const otherKey = other.normalize("NFC").toLowerCase();
      if (!this.taken.has(otherKey)) {
        this.taken.set(otherKey, 1);
        return other;
      }
    }
  }
}

export type FileType = "image" | "audio" | "video" | "pdf" | "text" | "archive" | "other";

/** The only types that anything is ever shown as. HTML and SVG are not among them: they are documents with scripts. */
const TYPES: { [extension: string]: [FileType, string] } = {
  png: ["image", "image/png"],
  jpg: ["image", "image/jpeg"],
  jpeg: ["image", "image/jpeg"],
  gif: ["image", "image/gif"],
  webp: ["image", "image/webp"],
  avif: ["image", "image/avif"],
  bmp: ["image", "image/bmp"],
  mp3: ["audio", "audio/mpeg"],
  m4a: ["audio", "audio/mp4"],
  aac: ["audio", "audio/aac"],
  oga: ["audio", "audio/ogg"],
  ogg: ["audio", "audio/ogg"],
  opus: ["audio", "audio/ogg"],
  wav: ["audio", "audio/wav"],
  flac: ["audio", "audio/flac"],
  mp4: ["video", "video/mp4"],
  m4v: ["video", "video/mp4"],
  mov: ["video", "video/mp4"],
  webm: ["video", "video/webm"],
  mkv: ["video", "video/x-matroska"],
  ogv: ["video", "video/ogg"],
  pdf: ["pdf", "application/pdf"],
};
const TEXTS =
  "txt md markdown rst log csv tsv json xml yaml yml toml ini conf cfg env srt vtt tex bib diff patch sql sh bash zsh " +
  "bat ps1 py rb pl php js mjs ts tsx jsx css scss html htm svg c h cc cpp hpp rs go java kt swift cs lua r jl hs el";
const ARCHIVES = "zip 7z rar tar gz tgz bz2 xz zst lz4 iso dmg deb rpm jar apk";
for (const extension of TEXTS.split(" ")) TYPES[extension] ??= ["text", "text/plain"];
for (const extension of ARCHIVES.split(" ")) TYPES[extension] ??= ["archive", "application/octet-stream"];

export function typeOf(node: Node): [FileType, string] {
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(decoder.decode(node.name))?.[1]?.toLowerCase();
  const found = extension !== undefined && Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined;
  return found ?? ["other", "application/octet-stream"];
}
