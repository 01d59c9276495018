/** CRC-32 as ZIP has it, eight bytes a step. */

const TABLES: Uint32Array[] = [];
for (let t = 0; t < 8; t++) {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    if (t === 0) {
      let c = n;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      table[n] = c;
    } else {
      const c = TABLES[t - 1]![n]!;
      table[n] = TABLES[0]![c & 255]! ^ (c >>> 8);
    }
  }
  TABLES.push(table);
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/** Of `data` that follows data of the sum `sum` (0 at first). */
export function crc32(data: Uint8Array, sum = 0): number {
  let c = ~sum;
  let i = 0;
  for (const end = data.length - 7; i < end; i += 8) {
    c ^= data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24);
    c =
      T7[c & 255]! ^
      T6[(c >>> 8) & 255]! ^
      T5[(c >>> 16) & 255]! ^
      T4[c >>> 24]! ^
      T3[data[i + 4]!]! ^
      T2[data[i + 5]!]! ^
      T1[data[i + 6]!]! ^
      T0[data[i + 7]!]!;
  }
  for (; i < data.length; i++) c = T0[(c ^ data[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
