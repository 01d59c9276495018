/** One download: from a sequence of verified pieces to a sink, with progress, patience and a way to stop it. */

import type { Bytes } from "./bytes.ts";
import { LinkError, asLinkError } from "./errors.ts";
import type { Sink } from "./sinks.ts";
import { type Patience, type ReadOptions, backoff, pause } from "./source.ts";

export type State = "running" | "waiting" | "done" | "failed";

/** Failures in a row after which a server that answers is no longer taken to be merely busy. */
const SERVER_FAILURES = 8;

export class Download implements Patience {
  state: State = "running";
  error: LinkError | null = null;
  written = 0;
  readonly speed = new Speed();
  private readonly stop = new AbortController();
  private now = new AbortController();

  constructor(
    readonly total: number,
    /** Told when the state changes; progress is to be looked at now and then. */
    private readonly onState: () => void,
  ) {}

  readonly options: ReadOptions = {
    signal: this.stop.signal,
    patience: this,
    onBytes: (count) => {
      this.speed.add(count);
      if (this.state === "waiting") this.become("running");
    },
  };

  /** Ends when the file is saved, or nothing of it is. Never throws. */
  async run(pieces: (options: ReadOptions) => AsyncGenerator<Bytes[]>, open: () => Promise<Sink>): Promise<void> {
    let sink: Sink | null = null;
    try {
      sink = await open();
      for await (const some of pieces(this.options)) {
        let length = 0;
        for (const piece of some) length += piece.length;
        if (this.stop.signal.aborted) throw new LinkError("cancelled");
        await sink.write(some);
        this.written += length;
      }
      if (this.written !== this.total) throw new LinkError("damaged", "another length than stated");
      if (this.stop.signal.aborted) throw new LinkError("cancelled");
      await sink.close();
      this.become("done");
    } catch (error) {
      this.error = asLinkError(error, "write");
      this.stop.abort(); // requests under way
      await sink?.abort();
      this.become("failed");
    }
  }

  cancel(): void {
    this.stop.abort();
  }

  /** Try again at once, where it waits. */
  retry(): void {
    this.now.abort();
    this.now = new AbortController();
  }

  async wait(failures: number, error: LinkError, signal: AbortSignal): Promise<void> {
    if (error.kind === "server" && failures >= SERVER_FAILURES) throw error;
    if (failures > 1) this.become("waiting");
    const woken = this.now.signal;
    await Promise.race([
      pause(backoff(failures), signal),
      new Promise<void>((resolve) => woken.addEventListener("abort", () => resolve())),
    ]);
    if (signal.aborted) throw new LinkError("cancelled");
  }

  private become(state: State): void {
    if (this.state === state || this.state === "done" || this.state === "failed") return;
    this.state = state;
    this.onState();
  }
}

/** Bytes a second, smoothed over some seconds. */
export class Speed {
  private count = 0;
  private since = performance.now();
  private rate = 0;

  add(count: number): void {
    this.count += count;
  }

  /** Bytes a second; 0 while there is nothing to say yet. */
  get value(): number {
    const now = performance.now();
    const seconds = (now - this.since) / 1000;
    if (seconds >= 0.5) {
      const latest = this.count / seconds;
      const weight = 1 - Math.exp(-seconds / 4);
      this.rate = this.rate === 0 ? latest : this.rate + (latest - this.rate) * weight;
      this.count = 0;
      this.since = now;
    }
    return this.rate;
  }
}
