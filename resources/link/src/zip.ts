/**
 * A folder as a ZIP file, written as it goes: stored, not compressed (what is shared is mostly compressed already), names
 * in UTF-8, ZIP64 where sizes ask for it. Its length is known before the first byte. (Of the libraries, client-zip sums
 * by WebAssembly, which this page's policy forbids; the others hold entries in memory.)
 */

import { type Bytes, concat, utf8 } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import { LinkError } from "./errors.ts";
import { NameSet, safeName } from "./names.ts";
import type { Reader } from "./reader.ts";
import type { Node } from "./record.ts";
import type { ReadOptions } from "./source.ts";

interface Entry {
  node: Node;
  path: Bytes;
}

const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;
const UTF8_NAMES = 0x0800;
const SUM_FOLLOWS = 0x0008;
const STORED = 0;
const UNIX = 3;
const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;
const EXECUTABLE = 0o100755;

/** Entries in the order in which their bytes lie in the packs, so that packs are read from one end to the other. */
export function entries(root: Node): Entry[] {
  const folders: Entry[] = [];
  const files: Entry[] = [];
  const walk = (folder: Node, prefix: string): void => {
    const names = new NameSet();
    for (const node of folder.children) {
      if (node.kind === "symlink") continue; // unpacked, it could lead the next entry anywhere
      const name = prefix + names.unique(safeName(node));
      if (node.kind === "folder") {
        folders.push(entry(node, `${name}/`));
        walk(node, `${name}/`);
      } else {
        files.push(entry(node, name));
      }
    }
  };
  walk(root, "");
  files.sort((a, b) => {
    const [x, y] = [a.node.slices[0], b.node.slices[0]];
    return (x?.pack ?? -1) - (y?.pack ?? -1) || (x?.offset ?? 0) - (y?.offset ?? 0);
  });
  return [...folders, ...files];
}

function entry(node: Node, name: string): Entry {
  const path = utf8(name);
  if (path.length > LIMIT_16) throw new LinkError("too-large", "a path that no ZIP file can hold");
  return { node, path };
}

/** Whether an entry's sum comes after its data: it is only known before where all of it is in memory at once. */
function streamed(node: Node): boolean {
  return node.slices.length > 1;
}

class Writer {
  private readonly data: number[] = [];

  u16(...values: number[]): this {
    for (const value of values) this.data.push(value & 255, (value >>> 8) & 255);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.u16(value & LIMIT_16, Math.floor(value / 0x10000));
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) this.u32(value % 0x100000000, Math.floor(value / 0x100000000));
    return this;
  }

  get bytes(): Bytes {
    return new Uint8Array(this.data);
  }
}

function dosTime(ms: number): [number, number] {
  const time = new Date(Math.min(Math.max(ms, Date.UTC(1980, 0, 2)), Date.UTC(2107, 11, 30)));
  const day = ((time.getFullYear() - 1980) << 9) | ((time.getMonth() + 1) << 5) | time.getDate();
  return [(time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1), day];
}

/** "UT": modification time in seconds UTC, where it fits. */
function timeExtra(ms: number): Bytes {
  const seconds = Math.floor(ms / 1000);
  const fits = seconds >= 0 && seconds < 0x80000000;
  return fits ? concat(new Writer().u16(0x5455, 5).bytes, new Uint8Array([1]), new Writer().u32(seconds).bytes) : new Uint8Array(0);
}

function localHeader({ node, path }: Entry, sum: number): Bytes {
  const large = node.size >= LIMIT_32;
  const size = node.kind === "folder" ? 0 : node.size;
  const extra = concat(large ? new Writer().u16(1, 16).u64(size, size).bytes : new Uint8Array(0), timeExtra(node.mtimeMs));
  const flags = UTF8_NAMES | (streamed(node) ? SUM_FOLLOWS : 0);
  const stated = large ? LIMIT_32 : size;
  const head = new Writer().u32(0x04034b50).u16(large ? 45 : 20, flags, STORED, ...dosTime(node.mtimeMs));
  head.u32(sum, stated, stated).u16(path.length, extra.length);
  return concat(head.bytes, path, extra);
}

function sumAfter(node: Node, sum: number): Bytes {
  const record = new Writer().u32(0x08074b50, sum);
  return (node.size >= LIMIT_32 ? record.u64(node.size, node.size) : record.u32(node.size, node.size)).bytes;
}

function centralHeader({ node, path }: Entry, sum: number, offset: number): Bytes {
  const size = node.kind === "folder" ? 0 : node.size;
  const wide = new Writer();
  if (size >= LIMIT_32) wide.u64(size, size);
  if (offset >= LIMIT_32) wide.u64(offset);
  const zip64 = wide.bytes;
  const extra = concat(zip64.length ? new Writer().u16(1, zip64.length).bytes : zip64, zip64, timeExtra(node.mtimeMs));
  const needed = zip64.length ? 45 : 20;
  const flags = UTF8_NAMES | (streamed(node) ? SUM_FOLLOWS : 0);
  const mode = node.kind === "folder" ? FOLDER_MODE : node.mode & 0o100 ? EXECUTABLE : FILE_MODE;
  const stated = size >= LIMIT_32 ? LIMIT_32 : size;
  const head = new Writer().u32(0x02014b50).u16((UNIX << 8) | 45, needed, flags, STORED, ...dosTime(node.mtimeMs));
  head.u32(sum, stated, stated).u16(path.length, extra.length, 0, 0, 0);
  head.u32(mode * 0x10000 + (node.kind === "folder" ? 0x10 : 0), Math.min(offset, LIMIT_32));
  return concat(head.bytes, path, extra);
}

function end(count: number, length: number, offset: number): Bytes {
  const plain = new Writer().u32(0x06054b50).u16(0, 0, Math.min(count, LIMIT_16), Math.min(count, LIMIT_16));
  plain.u32(Math.min(length, LIMIT_32), Math.min(offset, LIMIT_32)).u16(0);
  if (count < LIMIT_16 && length < LIMIT_32 && offset < LIMIT_32) return plain.bytes;
  const record = new Writer().u32(0x06064b50).u64(44).u16((UNIX << 8) | 45, 45).u32(0, 0);
  record.u64(count, count, length, offset);
  const locator = new Writer().u32(0x07064b50, 0).u64(offset + length).u32(1);
  return concat(record.bytes, locator.bytes, plain.bytes);
}

/** The exact length of the ZIP file. */
export function zipSize(list: Entry[]): number {
  let offset = 0;
  let central = 0;
  for (const entry of list) {
    central += centralHeader(entry, 0, offset).length;
    offset += localHeader(entry, 0).length;
    if (entry.node.kind === "file") offset += entry.node.size;
    if (streamed(entry.node)) offset += sumAfter(entry.node, 0).length;
  }
  return offset + central + end(list.length, central, offset).length;
}

const CHUNK = 256 * 1024;

/** The ZIP file in pieces. */
export async function* zip(list: Entry[], reader: Reader, options: ReadOptions): AsyncGenerator<Bytes[]> {
  const slices = list.flatMap(({ node }) => node.slices);
  const source = reader.slices(slices, options);
  const central: Bytes[] = [];
  let offset = 0;
  let pending: Bytes[] = []; // thousands of small files are handed on together
  let pendingBytes = 0;
  const add = (...pieces: Bytes[]): void => {
    for (const piece of pieces) {
      pending.push(piece);
      pendingBytes += piece.length;
      offset += piece.length;
    }
  };
  for (const entry of list) {
    const start = offset;
    let sum = 0;
    if (streamed(entry.node)) {
      add(localHeader(entry, 0));
      for (let i = 0; i < entry.node.slices.length; i++) {
        const pieces = (await source.next()).value as Bytes[];
        for (const piece of pieces) sum = crc32(piece, sum);
        add(...pieces);
        yield pending;
        [pending, pendingBytes] = [[], 0];
      }
      add(sumAfter(entry.node, sum));
    } else {
      const pieces = entry.node.slices.length ? ((await source.next()).value as Bytes[]) : [];
      for (const piece of pieces) sum = crc32(piece, sum);
      add(localHeader(entry, sum), ...pieces);
    }
    central.push(centralHeader(entry, sum, start));
    if (pendingBytes >= CHUNK) {
      yield pendingBytes > 4 * CHUNK ? pending : [concat(...pending)];
      [pending, pendingBytes] = [[], 0];
    }
  }
  const directory = concat(...central);
  yield [...pending, directory, end(list.length, directory.length, offset)];
}
