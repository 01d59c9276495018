/** From slices to verified plaintext: in order and in parallel for downloads, anywhere in a file for players. */

import { bestCipher } from "./aead.ts";
import { type Bytes, concat } from "./bytes.ts";
import type { Engine } from "./engine.ts";
import { LinkError } from "./errors.ts";
import { FloeError, SEGMENT_PLAIN, SLICE_BYTES, SLICE_HEADER, Slice, segmentSpan, storedSize } from "./floe.ts";
import { type Node, type SliceRef, sliceAad } from "./record.ts";
import type { ReadOptions, Source } from "./source.ts";

const PARALLEL = 4;
/** Bytes of packs that are fetched, or opened and not yet taken, at a time. */
const WINDOW = 48 * 1024 * 1024;
const BATCH = storedSize(SLICE_BYTES);
/** Slices that lie no farther apart are fetched by one request. */
const GAP = 64 * 1024;

interface Batch {
  pack: number;
  from: number;
  to: number;
  slices: SliceRef[];
}

/** Consecutive slices that are neighbours in a pack make one batch. */
export function plan(slices: SliceRef[]): Batch[] {
  const batches: Batch[] = [];
  let open: Batch | null = null;
  for (const slice of slices) {
    const end = slice.offset + storedSize(slice.plain);
    const near = open && open.pack === slice.pack && slice.offset >= open.to && slice.offset - open.to <= GAP;
    if (open && near && end - open.from <= BATCH) {
      open.slices.push(slice);
      open.to = end;
    } else {
      open = { pack: slice.pack, from: slice.offset, to: end, slices: [slice] };
      batches.push(open);
    }
  }
  return batches;
}

export class Reader {
  constructor(
    private readonly source: Source,
    private readonly engine: Engine,
    private readonly lockerId: Bytes,
  ) {}

  /** The verified plaintext of each slice, in the order given. */
  async *slices(slices: SliceRef[], options: ReadOptions): AsyncGenerator<Bytes[]> {
    const batches = plan(slices);
    const opened: Promise<Bytes[][]>[] = [];
    let next = 0;
    let inFlight = 0;
    const fill = (): void => {
      while (next < batches.length && opened.length < PARALLEL) {
        const { from, to } = batches[next]!;
        if (inFlight > 0 && inFlight + to - from > WINDOW) return;
        inFlight += to - from;
        const batch = this.batch(batches[next++]!, options);
        batch.catch(() => undefined); // it is awaited below, perhaps after one before it has failed
        opened.push(batch);
      }
    };
    for (let current = 0; current < batches.length; current++) {
      fill();
      const pieces = await opened.shift()!;
      for (const slice of pieces) yield slice;
      inFlight -= batches[current]!.to - batches[current]!.from;
    }
  }

  private async batch(batch: Batch, options: ReadOptions): Promise<Bytes[][]> {
    const { pack, from, to, slices } = batch;
    for (let attempt = 0; ; attempt++) {
      const data = await this.source.read(pack, from, to, options);
      try {
        const opened = slices.map((slice) => {
          const start = slice.offset - from;
          const stored = slices.length > 1 ? data.slice(start, start + storedSize(slice.plain)) : data;
          return this.engine.openSlice(stored, slice.key, sliceAad(this.lockerId, slice.index), slice.plain);
        });
        const plain = await Promise.all(opened);
        this.source.recycle(data); // of which nothing is left where it went to a worker
        return plain;
      } catch (error) {
        if (!(error instanceof FloeError)) throw error;
        if (attempt > 0) throw new LinkError("damaged", `${error.failure} in pack ${pack}`);
      } // once more: a proxy may have mixed something up
    }
  }

  /** All of a small file. */
  async whole(node: Node, options: ReadOptions): Promise<Bytes> {
    const pieces: Bytes[] = [];
    for await (const slice of this.slices(node.slices, options)) pieces.push(...slice);
    return concat(...pieces);
  }

  /** Verified plaintext from byte `from` to `to` of a file, in order, reading little more than that. */
  async *range(node: Node, from: number, to: number, options: ReadOptions): AsyncGenerator<Bytes> {
    let step = 4; // segments: a player that seeks shall not wait for a slice; one that plays shall not ask so often
    for (let at = from; at < to; ) {
      const ref = node.slices[Math.floor(at / SLICE_BYTES)]!;
      const inSlice = at - ref.index * SLICE_BYTES;
      const first = Math.floor(inSlice / SEGMENT_PLAIN);
      const end = Math.min(to - ref.index * SLICE_BYTES, ref.plain);
      const last = Math.min(first + step, Math.ceil(end / SEGMENT_PLAIN)) - 1;
      const data = await this.segments(ref, first, last, options);
      const start = first * SEGMENT_PLAIN;
      const piece = data.subarray(inSlice - start, Math.min(end - start, data.length));
      yield piece;
      at += piece.length;
      step = Math.min(16, step * 2);
    }
  }

  private readonly opened = new Map<SliceRef, Slice>();

  private async segments(ref: SliceRef, first: number, last: number, options: ReadOptions): Promise<Bytes> {
    for (let attempt = 0; ; attempt++) {
      try {
        // The header lies in front of the first segment, so that both come with one request.
        const known = this.opened.get(ref);
        const [start, end] = [first === 0 && !known ? 0 : segmentSpan(first, ref.plain)[0], segmentSpan(last, ref.plain)[1]];
        const stored = await this.source.read(ref.pack, ref.offset + start, ref.offset + end, options);
        const slice = known ?? (await this.openHeader(ref, start === 0 ? stored : null, options));
        const pieces = [];
        for (let position = first; position <= last; position++) {
          const [from, to] = segmentSpan(position, ref.plain);
          pieces.push(slice.segment(position, stored.subarray(from - start, to - start)));
        }
        return concat(...(await Promise.all(pieces)));
      } catch (error) {
        if (!(error instanceof FloeError)) throw error;
        if (attempt > 0) throw new LinkError("damaged", `${error.failure} in pack ${ref.pack}`);
      }
    }
  }

  private async openHeader(ref: SliceRef, stored: Bytes | null, options: ReadOptions): Promise<Slice> {
    const header = stored ?? (await this.source.read(ref.pack, ref.offset, ref.offset + SLICE_HEADER, options));
    const aad = sliceAad(this.lockerId, ref.index);
    const slice = await Slice.open(bestCipher(), ref.key, aad, header.subarray(0, SLICE_HEADER), ref.plain);
    this.opened.set(ref, slice);
    return slice;
  }
}
