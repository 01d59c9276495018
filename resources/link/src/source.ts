/**
 * Where the bytes of packs come from: the host of the page, addresses in the record, or the page itself. What they give is
 * ciphertext that anyone may have changed; who reads it verifies it.
 */

import type { Bytes } from "./bytes.ts";
import { LinkError } from "./errors.ts";
import { SLICE_BYTES, storedSize } from "./floe.ts";

export interface Source {
  /** Bytes `from` to `to` of a pack. Tries again by itself where that may help; see Patience. */
  read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes>;
  /** Takes bytes that `read` gave and nobody needs any more. */
  recycle(data: Bytes): void;
}

export interface ReadOptions {
  signal: AbortSignal;
  patience: Patience;
  /** Told of every byte that arrives. */
  onBytes?: (count: number) => void;
}

/** How long to try again, and who is told about it. */
export interface Patience {
  /** Wait before the next try; `failures` tries in a row brought nothing. Throws to give up. */
  wait(failures: number, error: LinkError, signal: AbortSignal): Promise<void>;
}

const STALL_MS = 30_000;
/** Requests begin and end at multiples of this, so that a host does not learn sizes from them. */
const UNIT = 1 << 16;

/** Room for a whole slice and what rounding adds. Memory of this size is used again: collecting it takes browsers long. */
const LARGE = storedSize(SLICE_BYTES) + 2 * UNIT;
const KEPT = 6;

export class HttpSource implements Source {
  private readonly spare: ArrayBuffer[] = [];

  constructor(
    private readonly address: (pack: number) => string,
    /** Whether the addresses carry signatures: 403 then means that they have run out. */
    private readonly signed: boolean,
    /** Where each pack begins, if they are parts of one file. */
    private readonly starts: number[] | null = null,
  ) {}

  async read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes> {
    const first = from - (from % UNIT);
    const last = Math.ceil(to / UNIT) * UNIT; // perhaps beyond the pack's end: what is there is what comes
    const large = last - first > LARGE / 4 && last - first <= LARGE;
    const memory = (large && this.spare.pop()) || new ArrayBuffer(large ? LARGE : last - first);
    const buffer = new Buffer(memory, last - first);
    const enough = to - first;
    let failures = 0;
    while (buffer.length < enough) {
      const before = buffer.length;
      try {
        await this.attempt(pack, first, buffer, options);
        if (buffer.length < enough) throw new LinkError("network", "the answer ended early");
      } catch (error) {
        if (options.signal.aborted) throw new LinkError("cancelled");
        if (!(error instanceof LinkError)) throw error;
        if (error.kind !== "network" && error.kind !== "server") throw error;
        if (buffer.length >= enough) break;
        failures = buffer.length > before ? 1 : failures + 1;
        await options.patience.wait(failures, error, options.signal);
      }
    }
    return buffer.take(from - first, enough);
  }

  recycle(data: Bytes): void {
    if (data.buffer.byteLength === LARGE && this.spare.length < KEPT) this.spare.push(data.buffer);
  }

  /** One request for what `buffer`, which begins at `first`, lacks; what comes goes there. */
  private async attempt(pack: number, first: number, buffer: Buffer, options: ReadOptions): Promise<void> {
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    options.signal.addEventListener("abort", abort);
    let timer = setTimeout(abort, STALL_MS);
    try {
      buffer.length -= buffer.length % UNIT;
      const base = this.starts ? this.starts[pack]! : 0;
      const from = base + first + buffer.length;
      const response = await request(this.address(pack), {
        headers: { Range: `bytes=${from}-${base + first + buffer.size - 1}` },
        signal: stop.signal,
      });
      if (response.status !== 206 && response.status !== 200) throw await this.refusal(response);
      // A host that ignores ranges sends the pack from its beginning.
      const start = response.status === 206 ? (rangeStart(response) ?? from) : 0;
      if (start > from || !response.body) throw new LinkError("server", "another range than asked for");
      await buffer.fill(response.body, from - start, (count) => {
        clearTimeout(timer);
        timer = setTimeout(abort, STALL_MS);
        options.onBytes?.(count);
      });
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", abort);
      stop.abort(); // frees the connection where more was sent than asked for
    }
  }

  private async refusal(response: Response): Promise<LinkError> {
    const { status } = response;
    if (status === 403) return new LinkError(this.signed ? "expired" : "gone", "403");
    if (status === 410) return new LinkError(await refusalReason(response), "410");
    if (status === 404) return new LinkError("damaged", "a pack is missing");
    if (status === 416) return new LinkError("damaged", "a pack is too short");
    return new LinkError("server", `status ${status}`);
  }
}

/** Bytes that arrive, in one piece of memory. */
class Buffer {
  length = 0;
  private readonly data: Bytes;

  constructor(memory: ArrayBuffer, readonly size: number) {
    this.data = new Uint8Array(memory, 0, size);
  }

  /** Takes bytes until the end, or until it is full; skips `skip` bytes first. */
  async fill(body: ReadableStream<Uint8Array<ArrayBuffer>>, skip: number, onBytes: (count: number) => void): Promise<void> {
    const read = reading(body);
    for (let left = skip; this.length < this.size; ) {
      const value = await read().catch(rethrowAsNetwork);
      if (!value) return;
      onBytes(value.length);
      const chunk = value.subarray(Math.min(left, value.length)).subarray(0, this.size - this.length);
      left -= Math.min(left, value.length);
      this.data.set(chunk, this.length);
      this.length += chunk.length;
    }
  }

  take(from: number, to: number): Bytes {
    return this.data.subarray(from, to);
  }
}

const SCRATCH = 1 << 18;

/**
 * Reads a body piece by piece; null at its end. A piece is good until the next is read: where the browser can, all are read
 * into one piece of memory, for browsers collect what downloads leave behind late.
 */
function reading(body: ReadableStream<Bytes>): () => Promise<Bytes | null> {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    const plain = body.getReader();
    return async () => (await plain.read()).value ?? null;
  }
  let scratch: Bytes = new Uint8Array(SCRATCH);
  return async () => {
    const { value, done } = await reader.read(scratch);
    if (done || !value) return null;
    scratch = new Uint8Array(value.buffer);
    return value;
  };
}

function rethrowAsNetwork(error: unknown): never {
  throw new LinkError("network", error instanceof Error ? error.name : "");
}

/** fetch, bare of anything that could tell the host more than the request itself. */
export async function request(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, {
      ...options,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store", // packs are large, and nothing here is read twice
      redirect: "error",
    });
  } catch (error) {
    return rethrowAsNetwork(error);
  }
}

/** Null across origins, where the header is hidden unless the host exposes it: tags will tell if it is another range. */
function rangeStart(response: Response): number | null {
  const found = /^bytes (\d+)-/.exec(response.headers.get("Content-Range") ?? "");
  return found ? Number(found[1]) : null;
}

/** Why a host said 410. */
export async function refusalReason(response: Response): Promise<"revoked" | "expired" | "used-up" | "gone"> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    if (error === "revoked" || error === "expired" || error === "used-up") return error;
  } catch {
    // not JSON: some other host's words
  }
  return "gone";
}

/** Tries a few times in quick succession, then gives up: for what somebody waits for with nothing to see yet. */
export const SHORT: Patience = {
  async wait(failures, error, signal) {
    if (failures >= 3) throw error;
    await pause(backoff(failures), signal);
  },
};

/** Milliseconds before the next try: full jitter, doubling, at most half a minute. */
export function backoff(failures: number): number {
  return Math.random() * Math.min(30_000, 500 * 2 ** failures);
}

/** Sleeps; ends early when the network comes back. Throws "cancelled". */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(new LinkError("cancelled"));
      else resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

function rethrowAsTooLarge(): never {
  throw new LinkError("too-large", "the browser did not keep what is in the page");
}

/** Packs in a file that the person chose, behind the page that is in it as well. */
export class FileSource implements Source {
  constructor(
    private readonly file: File,
    private readonly starts: number[],
  ) {}

  async read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes> {
    if (options.signal.aborted) throw new LinkError("cancelled");
    const start = this.starts[pack] ?? this.file.size;
    let bytes: Bytes;
    try {
      bytes = new Uint8Array(await this.file.slice(start + from, start + to).arrayBuffer());
    } catch {
      throw new LinkError("file", "it cannot be read any more");
    }
    if (bytes.length !== to - from) throw new LinkError("damaged", "the file lacks a part");
    options.onBytes?.(bytes.length);
    return bytes;
  }

  recycle(): void {
    // files give memory of their own each time
  }
}

/** Packs that are in the page itself. The ranges are kept as Blobs, which browsers move out of memory. */
export class InlineSource implements Source {
  private readonly ranges = new Map<number, { offset: number; data: Blob }[]>();

  add(pack: number, offset: number, data: Bytes): void {
    const ranges = this.ranges.get(pack) ?? [];
    ranges.push({ offset, data: new Blob([data]) });
    this.ranges.set(pack, ranges);
  }

  async read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes> {
    for (const { offset, data } of this.ranges.get(pack) ?? []) {
      if (offset <= from && to <= offset + data.size) {
        const read = data.slice(from - offset, to - offset).arrayBuffer();
        const bytes = new Uint8Array(await read.catch(rethrowAsTooLarge));
        options.onBytes?.(bytes.length);
        return bytes;
      }
    }
    throw new LinkError("damaged", "the file lacks a part");
  }

  recycle(): void {
    // Blobs give memory of their own each time
  }
}
