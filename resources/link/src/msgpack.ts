/**
 * The MessagePack that MegaDesk's formats use: nil, integers, byte strings, texts and arrays, each in its shortest form
 * and nothing behind the outermost value. Everything else is refused. (A library would accept more, and then the same
 * record could be written in several ways.)
 */

import type { Bytes } from "./bytes.ts";

/** Integers beyond 2^53 are bigint. */
export type Value = null | number | bigint | string | Bytes | Value[];

export class EncodingError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "EncodingError";
  }
}

const DEPTH = 8;

export function decode(data: Uint8Array): Value {
  const decoder = new Decoder(data);
  const value = decoder.value(0);
  if (!decoder.atEnd) throw new EncodingError("trailing bytes");
  return value;
}

/** A value with nothing but zeros behind it. */
export function decodePadded(data: Uint8Array): Value {
  const decoder = new Decoder(data);
  const value = decoder.value(0);
  if (!decoder.onlyZerosLeft) throw new EncodingError("padding that is not zeros");
  return value;
}

class Decoder {
  private at = 0;
  private readonly view: DataView;
  private readonly text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.data.length;
  }

  get onlyZerosLeft(): boolean {
    return this.data.subarray(this.at).every((byte) => byte === 0);
  }

  value(depth: number): Value {
    const tag = this.uint(1, 0);
    if (tag < 0x80) return tag;
    if (tag >= 0xe0) return tag - 256;
    if (tag >= 0xa0 && tag <= 0xbf) return this.string(tag & 31);
    if (tag >= 0x90 && tag <= 0x9f) return this.array(tag & 15, depth);
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc4:
        return this.bytes(this.uint(1, 0));
      case 0xc5:
        return this.bytes(this.uint(2, 0x100));
      case 0xc6:
        return this.bytes(this.uint(4, 0x10000));
      case 0xcc:
        return this.uint(1, 0x80);
      case 0xcd:
        return this.uint(2, 0x100);
      case 0xce:
        return this.uint(4, 0x10000);
      case 0xcf:
        return this.uint64();
      case 0xd0:
        return this.negative(1, -32);
      case 0xd1:
        return this.negative(2, -0x80);
      case 0xd2:
        return this.negative(4, -0x8000);
      case 0xd3:
        return this.int64();
      case 0xd9:
        return this.string(this.uint(1, 32));
      case 0xda:
        return this.string(this.uint(2, 0x100));
      case 0xdb:
        return this.string(this.uint(4, 0x10000));
      case 0xdc:
        return this.array(this.uint(2, 16), depth);
      case 0xdd:
        return this.array(this.uint(4, 0x10000), depth);
      default:
        throw new EncodingError("a type that is not used");
    }
  }

  private take(count: number): number {
    const from = this.at;
    if (count > this.data.length - from) throw new EncodingError("cut short");
    this.at += count;
    return from;
  }

  /** An unsigned integer of 1, 2 or 4 bytes that would not have fitted in less. */
  private uint(width: 1 | 2 | 4, least: number): number {
    const from = this.take(width);
    const value =
      width === 1 ? this.view.getUint8(from) : width === 2 ? this.view.getUint16(from) : this.view.getUint32(from);
    if (value < least) throw new EncodingError("not the shortest form");
    return value;
  }

  private negative(width: 1 | 2 | 4, above: number): number {
    const from = this.take(width);
    const value =
      width === 1 ? this.view.getInt8(from) : width === 2 ? this.view.getInt16(from) : this.view.getInt32(from);
    if (value >= above) throw new EncodingError("not the shortest form");
    return value;
  }

  private uint64(): number | bigint {
    const value = this.view.getBigUint64(this.take(8));
    if (value < 0x100000000n) throw new EncodingError("not the shortest form");
    return fitted(value);
  }

  private int64(): number | bigint {
    const value = this.view.getBigInt64(this.take(8));
    if (value >= -0x80000000n) throw new EncodingError("not the shortest form");
    return fitted(value);
  }

  private bytes(length: number): Bytes {
    const from = this.take(length);
    return this.data.slice(from, from + length) as Bytes;
  }

  private string(length: number): string {
    const from = this.take(length);
    try {
      return this.text.decode(this.data.subarray(from, from + length));
    } catch {
      throw new EncodingError("text that is not UTF-8");
    }
  }

  private array(length: number, depth: number): Value[] {
    if (depth >= DEPTH) throw new EncodingError("nested too deeply");
    if (length > this.data.length - this.at) throw new EncodingError("cut short"); // before anything is allocated
    const items: Value[] = [];
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1));
    return items;
  }
}

function fitted(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
