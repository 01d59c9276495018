/** Keys from the link's secret: docs/format.md, "Derivation" and "Links". */

import { argon2idAsync } from "@noble/hashes/argon2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha384 } from "@noble/hashes/sha2.js";

import { type Bytes, concat, u16, utf8 } from "./bytes.ts";

const HASH_BYTES = 48;

export function hmacSha384(key: Uint8Array, data: Uint8Array): Bytes {
  return hmac(sha384, key, data) as Bytes;
}

/** HKDF-Expand with SHA-384. */
export function expand(key: Uint8Array, info: Uint8Array, length: number): Bytes {
  const blocks: Uint8Array[] = [];
  let block: Uint8Array = new Uint8Array(0);
  for (let i = 1; (i - 1) * HASH_BYTES < length; i++) {
    block = hmacSha384(key, concat(block, info, new Uint8Array([i])));
    blocks.push(block);
  }
  return concat(...blocks).slice(0, length);
}

export function derive(secret: Uint8Array, label: string, context: Uint8Array[] = [], length = 32): Bytes {
  const parts = [utf8("megadesk/1")];
  for (const part of [utf8(label), ...context]) parts.push(u16(part.length), part as Bytes);
  return expand(secret, concat(...parts), length);
}

export interface PasswordCost {
  memoryKib: number;
  passes: number;
}

export const COST_FLOOR_KIB = 19 * 1024;
export const COST_CAP_KIB = 1024 * 1024;
export const COST_CAP_PASSES = 16;

/** 32 bytes from a password; takes seconds, and gives way to the page now and then. */
export async function passwordKey(password: string, salt: Uint8Array, cost: PasswordCost): Promise<Bytes> {
  const options = { m: cost.memoryKib, t: cost.passes, p: 1, dkLen: 32, maxmem: 2 ** 32 - 1, asyncTick: 50 };
  return (await argon2idAsync(utf8(password.normalize("NFC")), salt, options)) as Bytes;
}

/** The key of the link's record. `fromPassword` is what `passwordKey` gave, where the link has a password. */
export function linkKey(secret: Uint8Array, fromPassword: Uint8Array | null): Bytes {
  return derive(secret, "link key", fromPassword ? [fromPassword] : []);
}
