/** From a link's address and its record to the tree that it shares: docs/format.md, "Links". Strict. */

import { bestCipher } from "./aead.ts";
import { type Bytes, concat, hex, readU32, u64, unbase64url, utf8 } from "./bytes.ts";
import { LinkError } from "./errors.ts";
import { FloeError, SLICE_BYTES, openMessage, storedSize } from "./floe.ts";
import { COST_CAP_KIB, COST_CAP_PASSES, COST_FLOOR_KIB, type PasswordCost, derive, linkKey } from "./kdf.ts";
import { EncodingError, type Value, decode, decodePadded } from "./msgpack.ts";

export const RECORD_LIMIT = 64 * 1024 * 1024;
const PACK_LIMIT = 2 ** 24;
const TOKEN_VERSION = 1;
const RECORD_VERSION = 1;
const RECORD_TYPE = 4;
const PREAMBLE_BYTES = 138;
const RECORD_AT = 7 + PREAMBLE_BYTES;
const DEPTH_LIMIT = 1000;
const URL_LIMIT = 8192;

// --- the address ---------------------------------------------------------------------------------------------

export interface Token {
  secret: Bytes;
  /** 16 bytes, public. */
  id: Bytes;
}

/** Reads what stands behind the `#`. */
export function parseToken(text: string): Token {
  const data = unbase64url(text);
  if (!data || data.length < 33) throw new LinkError("incomplete", "no key in the address");
  if (data[0] !== TOKEN_VERSION) throw new LinkError("newer", "a token of another version");
  if (data.length !== 33) throw new LinkError("incomplete", "a key of another length");
  const secret = data.slice(1);
  return { secret, id: derive(secret, "link id", [], 16) };
}

// --- the sealed record ---------------------------------------------------------------------------------------

export interface Sealed {
  token: Token;
  /** What the password costs; null where the link has none. */
  password: PasswordCost | null;
  message: Uint8Array;
}

export function passwordSalt(token: Token): Bytes {
  return derive(token.secret, "link salt", [], 16);
}

function recordAad(token: Token, part: 0 | 1): Bytes {
  return concat(utf8("megadesk/1"), new Uint8Array([RECORD_TYPE]), token.id, new Uint8Array([part]));
}

function damaged(reason: string): LinkError {
  return new LinkError("damaged", reason);
}

/** Opens the preamble of a record object. */
export async function openPreamble(token: Token, object: Uint8Array): Promise<Sealed> {
  if (object.length < RECORD_AT || object.length > RECORD_LIMIT || !isPadme(object.length)) throw damaged("the size");
  if (object[0] !== 0x4d || object[1] !== 0x4c) throw damaged("not a record");
  if (object[2] !== 1) throw new LinkError("newer", "a record of another version");
  if (readU32(object, 3) !== PREAMBLE_BYTES) throw damaged("the preamble's size");
  const key = derive(token.secret, "link preamble");
  const plain = await open(key, recordAad(token, 0), object.subarray(7, RECORD_AT));
  const fields = checked(() => array(decodePadded(plain), 3));
  if (fields[0] !== RECORD_VERSION) throw new LinkError("newer", "a preamble of another version");
  const recordBytes = uint(fields[1], object.length - RECORD_AT);
  return {
    token,
    password: fields[2] === null ? null : passwordCost(fields[2]),
    message: object.subarray(RECORD_AT, RECORD_AT + recordBytes),
  };
}

/** Whether an object may have this size: docs/format.md, "Padmé". */
function isPadme(size: number): boolean {
  const e = Math.floor(Math.log2(size));
  const s = Math.floor(Math.log2(e)) + 1;
  return size % 2 ** Math.max(0, e - s) === 0;
}

function passwordCost(value: Value | undefined): PasswordCost {
  const [memoryKib, passes] = array(value, 2).map((field) => uint(field));
  if (memoryKib! < COST_FLOOR_KIB || memoryKib! > COST_CAP_KIB || passes! < 1 || passes! > COST_CAP_PASSES) {
    throw damaged("a password's cost outside the limits");
  }
  return { memoryKib: memoryKib!, passes: passes! };
}

/** Opens the record itself. `fromPassword` is what kdf.passwordKey gave; a wrong one is a LinkError "password". */
export async function openRecord(sealed: Sealed, fromPassword: Uint8Array | null): Promise<Record> {
  const key = linkKey(sealed.token.secret, fromPassword);
  const body = await open(key, recordAad(sealed.token, 1), sealed.message, fromPassword !== null);
  return parseRecord(checked(() => array(decode(body), 9)));
}

async function open(key: Bytes, aad: Bytes, message: Uint8Array, hasPassword = false): Promise<Bytes> {
  try {
    return await openMessage(bestCipher(), key, aad, message);
  } catch (error) {
    if (!(error instanceof FloeError)) throw error;
    // The header commits to the key, so this is the key's doing, which the address and the password make.
    if (hasPassword && error.failure === "header-tag") throw new LinkError("password");
    throw damaged(error.failure);
  }
}

function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof EncodingError ? damaged(error.message) : error;
  }
}

// --- the record ----------------------------------------------------------------------------------------------

export interface SliceRef {
  pack: number;
  offset: number;
  key: Bytes;
  /** Its number in the file, and its plaintext's size. */
  index: number;
  plain: number;
}

export type NodeKind = "folder" | "file" | "symlink";

export interface Node {
  kind: NodeKind;
  /** As it was given: not necessarily UTF-8. */
  name: Bytes;
  parent: Node | null;
  mode: number;
  mtimeMs: number;
  /** Bytes of a file; of a folder, of all files in it. */
  size: number;
  /** Files in a folder, at any depth; 1 for a file. */
  files: number;
  children: Node[];
  slices: SliceRef[];
}

export interface Record {
  lockerId: Bytes;
  createdMs: number;
  /** 0: never. */
  expiresMs: number;
  live: boolean;
  note: string;
  /** Ids in hex. */
  packs: string[];
  urls: string[] | null;
  /** In the record's order; the first is the thing itself. */
  nodes: Node[];
}

function parseRecord(fields: Value[]): Record {
  const [version, lockerId, created, expires, flags, note, packs, urls, nodes] = fields;
  if (version !== RECORD_VERSION) throw new LinkError("newer", "a record of another version");
  const flagBits = uint(flags, 3);
  if (typeof note !== "string" || [...note].length > 2000) throw damaged("the note");
  const packIds = array(packs).map((id) => hex(bytes(id, 16, 16)));
  if (new Set(packIds).size !== packIds.length) throw damaged("a pack twice");
  const addresses = urls === null ? null : array(urls).map(address);
  if (addresses && addresses.length !== packIds.length) throw damaged("addresses of the packs");
  const rows = array(nodes);
  const parsed = parseNodes(rows, packIds.length);
  if ((parsed[0]!.kind === "folder") !== ((flagBits & 1) === 1)) throw damaged("the flags");
  return {
    lockerId: bytes(lockerId, 32, 32),
    createdMs: Number(integer(created, 0n)),
    expiresMs: Number(integer(expires, 0n)),
    live: (flagBits & 2) === 2,
    note,
    packs: packIds,
    urls: addresses,
    nodes: parsed,
  };
}

const KINDS: readonly NodeKind[] = ["folder", "file", "symlink"];

function parseNodes(rows: Value[], packCount: number): Node[] {
  const nodes: Node[] = [];
  const depths: number[] = [];
  const names = new Set<string>();
  for (const [number, row] of rows.entries()) {
    const [parent, name, kind, mode, mtime, size, content] = array(row, 7);
    const parentNumber = number === 0 ? -1 : uint(parent, number - 1);
    if (number === 0 && parent !== -1) throw damaged("the first node has a parent");
    const above = parentNumber < 0 ? null : nodes[parentNumber]!;
    if (above && above.kind !== "folder") throw damaged("a node inside of a file");
    depths.push(parentNumber < 0 ? 0 : depths[parentNumber]! + 1);
    if (depths[number]! > DEPTH_LIMIT) throw damaged("folders nested too deep");
    const node: Node = {
      kind: KINDS[uint(kind, 2)]!,
      name: nodeName(name),
      parent: above,
      mode: uint(mode, 0o7777),
      mtimeMs: Number(integer(mtime, -(1n << 63n)) / 1000000n),
      size: uint(size),
      files: 0,
      children: [],
      slices: [],
    };
    if (node.kind === "folder") {
      if (content !== null || node.size !== 0) throw damaged("a folder with content");
    } else if (node.kind === "symlink") {
      bytes(content, 1, 4096);
      if (node.size !== 0) throw damaged("a symbolic link with a size");
    } else {
      node.slices = sliceRefs(content, node.size, packCount);
      node.files = 1;
    }
    names.add(`${parentNumber}/${String.fromCharCode(...node.name)}`);
    above?.children.push(node);
    nodes.push(node);
  }
  for (let number = nodes.length - 1; number > 0; number--) {
    const { parent, size, files } = nodes[number]!;
    parent!.size += size; // parents come first, so every folder is complete when its turn comes
    parent!.files += files;
  }
  if (names.size !== nodes.length) throw damaged("a name twice in one folder");
  const root = nodes[0];
  if (!root || !Number.isSafeInteger(root.size)) throw damaged("no nodes, or impossible sizes");
  return nodes;
}

function sliceRefs(value: Value | undefined, size: number, packCount: number): SliceRef[] {
  const rows = array(value);
  if (rows.length !== Math.ceil(size / SLICE_BYTES)) throw damaged("a size that does not fit the slices");
  return rows.map((row, index) => {
    const [pack, offset, key] = array(row, 3);
    const plain = Math.min(SLICE_BYTES, size - index * SLICE_BYTES);
    const slice = { pack: uint(pack, packCount - 1), offset: uint(offset), key: bytes(key, 32, 32), index, plain };
    if (slice.offset + storedSize(plain) > PACK_LIMIT) throw damaged("a slice beyond its pack");
    return slice;
  });
}

function nodeName(value: Value | undefined): Bytes {
  const name = bytes(value, 1, 255);
  const dots = name.every((byte) => byte === 0x2e) && name.length <= 2;
  if (dots || name.includes(0x2f) || name.includes(0)) throw damaged("a name that is none");
  return name;
}

// --- fields --------------------------------------------------------------------------------------------------

function uint(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || value < 0 || value > most) throw damaged("a number out of range");
  return value;
}

function bytes(value: Value | undefined, least: number, most: number): Bytes {
  if (!(value instanceof Uint8Array) || value.length < least || value.length > most) throw damaged("a byte string");
  return value;
}

function integer(value: Value | undefined, least: bigint): bigint {
  if (typeof value !== "number" && typeof value !== "bigint") throw damaged("not an integer");
  const whole = BigInt(value);
  if (whole < least || whole >= 1n << 63n) throw damaged("an integer out of range");
  return whole;
}

function address(value: Value): string {
  if (typeof value !== "string") throw damaged("an address");
  const length = [...value].length;
  if (length < 1 || length > URL_LIMIT) throw damaged("an address");
  return value;
}

function array(value: Value | undefined, length?: number): Value[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw damaged("an array");
  return value;
}

/** Associated data of slice `index`: docs/format.md, "Slices as stored". */
export function sliceAad(lockerId: Bytes, index: number): Bytes {
  return concat(utf8("megadesk/1"), new Uint8Array([5]), lockerId, u64(index));
}
