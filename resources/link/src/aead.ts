/**
 * AES-256-GCM, by the browser where it offers it and in plain JavaScript where it does not: browsers keep WebCrypto from
 * pages that came over plain http from another machine.
 */

import { gcm } from "@noble/ciphers/aes.js";

import type { Bytes } from "./bytes.ts";

export interface Cipher {
  /** The plaintext, or null when the tag does not hold. */
  open(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Promise<Bytes | null>;
}

export type MakeCipher = (key: Bytes) => Promise<Cipher>;

export function haveWebCrypto(): boolean {
  return typeof crypto !== "undefined" && !!crypto.subtle;
}

export const webCipher: MakeCipher = async (key) => {
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  return {
    async open(nonce, sealed, aad) {
      const algorithm = { name: "AES-GCM", iv: nonce as Bytes, additionalData: aad as Bytes, tagLength: 128 };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, sealed as Bytes));
      } catch {
        return null; // OperationError, the same for every cause
      }
    },
  };
};

export const plainCipher: MakeCipher = (key) =>
  Promise.resolve({
    open(nonce, sealed, aad) {
      try {
        return Promise.resolve(gcm(key, nonce, aad).decrypt(sealed) as Bytes);
      } catch {
        return Promise.resolve(null);
      }
    },
  });

export function bestCipher(): MakeCipher {
  return haveWebCrypto() ? webCipher : plainCipher;
}
