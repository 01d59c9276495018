/** What tests in node use; not part of the page. */

export { haveWebCrypto, plainCipher, webCipher } from "./aead.ts";
export { hex, unhex } from "./bytes.ts";
export { FloeError, openMessage, openSlice, storedSize } from "./floe.ts";
export { derive, passwordKey } from "./kdf.ts";
export { decode, EncodingError } from "./msgpack.ts";
export { openPreamble, openRecord, parseToken, passwordSalt, sliceAad } from "./record.ts";
