/**
 * Where the bytes of packs come from: the host of the page, addresses in the record, or the page itself. What they give is
 * ciphertext that anyone may have changed; who reads it verifies it.
 */

import type { Bytes } from "./bytes.ts";
import { LinkError } from "./errors.ts";

export interface Source {
  /** Bytes `from` to `to` of a pack. Tries again by itself where that may help; see Patience. */
  read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes>;
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

export class HttpSource implements Source {
  constructor(
    private readonly address: (pack: number) => string,
    /** Whether the addresses carry signatures: 403 then means that they have run out. */
    private readonly signed: boolean,
  ) {}

  async read(pack: number, from: number, to: number, options: ReadOptions): Promise<Bytes> {
    const data = new Uint8Array(to - from);
    let have = 0;
    let failures = 0;
    while (have < data.length) {
      const before = have;
      try {
        for await (const chunk of this.attempt(pack, from + have, to, options.signal)) {
          data.set(chunk, have);
          have += chunk.length;
          options.onBytes?.(chunk.length);
        }
        if (have < data.length) throw new LinkError("network", "the answer ended early");
      } catch (error) {
        if (options.signal.aborted) throw new LinkError("cancelled");
        if (!(error instanceof LinkError)) throw error;
        if (error.kind !== "network" && error.kind !== "server") throw error;
        failures = have > before ? 1 : failures + 1;
        await options.patience.wait(failures, error, options.signal);
      }
    }
    return data;
  }

  /** What one request brings of the bytes `from` to `to`. */
  private async *attempt(pack: number, from: number, to: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const first = from - (from % UNIT);
    const last = Math.ceil(to / UNIT) * UNIT - 1; // perhaps beyond the pack's end: what is there is what comes
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener("abort", abort);
    let timer = setTimeout(abort, STALL_MS);
    try {
      const response = await request(this.address(pack), {
        headers: { Range: `bytes=${first}-${last}` },
        signal: stop.signal,
      });
      // A host that ignores ranges sends the pack from its beginning.
      let skip = response.status === 206 ? from - (rangeStart(response) ?? first) : from;
      if (response.status !== 206 && response.status !== 200) throw await this.refusal(response);
      if (skip < 0 || !response.body) throw new LinkError("server", "another range than asked for");
      let left = to - from;
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read().catch(rethrowAsNetwork);
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(abort, STALL_MS);
        const chunk = value.subarray(Math.min(skip, value.length), skip + left);
        skip -= Math.min(skip, value.length);
        left -= chunk.length;
        if (chunk.length) yield chunk;
        // The rest of a range is read to its end, which leaves the connection to the next; a whole pack is not.
        if (left === 0 && response.status !== 206) return;
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
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
        const bytes = new Uint8Array(await data.slice(from - offset, to - offset).arrayBuffer());
        options.onBytes?.(bytes.length);
        return bytes;
      }
    }
    throw new LinkError("damaged", "the file lacks a part");
  }
}
