/**
 * FLOE (C2SP FLOE, ePrint 2025/2275) with AES-256-GCM and HKDF-Expand-SHA-384: whole messages, and slices as packs hold
 * them (docs/format.md, "FLOE" and "Slices as stored"). Names in capitals are the specification's.
 *
 * Nothing is given out that was not verified. What is wrong with a message is said as its kind, which only tells a wrong
 * key from altered bytes (a FLOE header commits to the key), as far as anyone without the key could find out, too.
 */

import type { Cipher, MakeCipher } from "./aead.ts";
import { type Bytes, concat, equal, readU32, u32, u64, utf8 } from "./bytes.ts";
import { hmacSha384 } from "./kdf.ts";

export const META_SEGMENT = 4096;
export const SLICE_SEGMENT = 262144;
const IV = 32;
const HEADER_TAG = 32;
const PARAMETERS = 10;
const HEADER = PARAMETERS + IV + HEADER_TAG;
const NONCE = 12;
const TAG = 16;
const OVERHEAD = 4 + NONCE + TAG;

export const SEGMENT_PLAIN = SLICE_SEGMENT - OVERHEAD;
export const SEGMENT_STORED = SEGMENT_PLAIN + NONCE + TAG;
export const SLICE_BYTES = 32 * SEGMENT_PLAIN;
export const SLICE_HEADER = IV + HEADER_TAG;

const ONE = new Uint8Array([1]);

export type Failure = "size" | "parameters" | "header-tag" | "segment-length" | "segment-tag";

export class FloeError extends Error {
  constructor(readonly failure: Failure) {
    super(failure);
    this.name = "FloeError";
  }
}

function parameters(segment: number): Bytes {
  return concat(new Uint8Array([0, 0]), u32(segment), u32(IV));
}

/** FLOE_KDF: HKDF-Expand of at most one block. */
function kdf(key: Uint8Array, prefix: Uint8Array, purpose: Uint8Array, aad: Uint8Array, length: number): Bytes {
  return hmacSha384(key, concat(prefix, purpose, aad, ONE)).slice(0, length);
}

/** Checks the header's tag, which commits to key and aad. Gives the message key. */
function openHeader(key: Uint8Array, prefix: Uint8Array, tag: Uint8Array, aad: Uint8Array): Bytes {
  if (!equal(tag, kdf(key, prefix, utf8("HEADER_TAG:"), aad, HEADER_TAG))) throw new FloeError("header-tag");
  return kdf(key, prefix, utf8("MESSAGE_KEY:"), aad, 48);
}

function segmentKey(messageKey: Uint8Array, prefix: Uint8Array, aad: Uint8Array, masked: number): Bytes {
  return kdf(messageKey, prefix, concat(utf8("DEK:"), u64(masked)), aad, 32);
}

function segmentAad(position: number, final: boolean): Bytes {
  return concat(u64(position), new Uint8Array([final ? 1 : 0]));
}

/** The plaintext of a whole message. `rotationBits` is AEAD_ROTATION_MASK: 20 but in tests. */
export async function openMessage(
  make: MakeCipher,
  key: Uint8Array,
  aad: Uint8Array,
  message: Uint8Array,
  segment = META_SEGMENT,
  rotationBits = 20,
): Promise<Bytes> {
  const body = message.length - HEADER;
  const rest = body % segment;
  if (body <= 0 || (rest > 0 && rest < OVERHEAD)) throw new FloeError("size");
  const prefix = message.subarray(0, PARAMETERS + IV);
  if (!equal(prefix.subarray(0, PARAMETERS), parameters(segment))) throw new FloeError("parameters");
  const messageKey = openHeader(key, prefix, message.subarray(PARAMETERS + IV, HEADER), aad);
  const rotation = 2 ** rotationBits;
  const last = Math.floor((body - 1) / segment);
  const pieces: Bytes[] = [];
  let cipher: Cipher | null = null;
  for (let position = 0; position <= last; position++) {
    const stored = message.subarray(HEADER + position * segment, HEADER + (position + 1) * segment);
    const final = position === last;
    if (readU32(stored, 0) !== (final ? stored.length : 0xffffffff)) throw new FloeError("segment-length");
    if (!cipher || position % rotation === 0) cipher = await make(segmentKey(messageKey, prefix, aad, position));
    const nonce = stored.subarray(4, 4 + NONCE);
    const piece = await cipher.open(nonce, stored.subarray(4 + NONCE), segmentAad(position, final));
    if (!piece) throw new FloeError("segment-tag");
    pieces.push(piece);
  }
  return concat(...pieces);
}

export function segmentCount(plain: number): number {
  return Math.max(1, Math.ceil(plain / SEGMENT_PLAIN));
}

/** What a slice of `plain` bytes takes in a pack. */
export function storedSize(plain: number): number {
  return SLICE_HEADER + plain + (NONCE + TAG) * segmentCount(plain);
}

/** Where segment `position` of a slice of `plain` bytes lies in it as stored, from and to. */
export function segmentSpan(position: number, plain: number): [number, number] {
  const from = SLICE_HEADER + position * SEGMENT_STORED;
  return [from, Math.min(from + SEGMENT_STORED, storedSize(plain))];
}

/** One slice whose header held; opens its segments in any order. */
export class Slice {
  private constructor(
    private readonly cipher: Cipher,
    readonly plain: number,
    readonly count: number,
  ) {}

  /** `header` is the first 64 bytes of the slice as stored; `plain` its plaintext's size. */
  static async open(
    make: MakeCipher,
    key: Uint8Array,
    aad: Uint8Array,
    header: Uint8Array,
    plain: number,
  ): Promise<Slice> {
    const prefix = concat(parameters(SLICE_SEGMENT), header.subarray(0, IV));
    const messageKey = openHeader(key, prefix, header.subarray(IV, SLICE_HEADER), aad);
    return new Slice(await make(segmentKey(messageKey, prefix, aad, 0)), plain, segmentCount(plain));
  }

  async segment(position: number, stored: Uint8Array): Promise<Bytes> {
    const final = position === this.count - 1;
    const nonce = stored.subarray(0, NONCE);
    const piece = await this.cipher.open(nonce, stored.subarray(NONCE), segmentAad(position, final));
    if (!piece) throw new FloeError("segment-tag");
    return piece;
  }
}

/** The plaintext of a whole slice, as its segments in order. */
export async function openSlice(
  make: MakeCipher,
  key: Uint8Array,
  aad: Uint8Array,
  stored: Uint8Array,
  plain: number,
): Promise<Bytes[]> {
  if (plain > SLICE_BYTES || stored.length !== storedSize(plain)) throw new FloeError("size");
  const slice = await Slice.open(make, key, aad, stored.subarray(0, SLICE_HEADER), plain);
  const opened = [];
  for (let position = 0; position < slice.count; position++) {
    const [from, to] = segmentSpan(position, plain);
    opened.push(slice.segment(position, stored.subarray(from, to)));
  }
  return Promise.all(opened);
}
