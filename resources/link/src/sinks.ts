/**
 * Where a download goes: a file that the user picks, the browser's own downloads through the service worker, or a Blob.
 * None of them shows a file under its real name before `close`, so what fails on the way leaves nothing to be opened.
 */

import { type Bytes, randomHex } from "./bytes.ts";
import { LinkError, asLinkError } from "./errors.ts";
import { scriptUrl } from "./policy.ts";
import { Shelf } from "./shelf.ts";

export interface Sink {
  write(pieces: Bytes[]): Promise<void>;
  close(): Promise<void>;
  /** Discards what was written. Never throws. */
  abort(): Promise<void>;
}

const TYPE = "application/octet-stream";

// --- a file that the user picks ------------------------------------------------------------------------------

interface PickedFile {
  createWritable(): Promise<WritableFile>;
  getFile(): Promise<File>;
  remove?(): Promise<void>;
}
interface WritableFile {
  write(data: Bytes | Blob): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}
type Picker = (options: { suggestedName: string }) => Promise<PickedFile>;

function picker(): Picker | undefined {
  return (globalThis as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker;
}

class FileSink implements Sink {
  constructor(
    private readonly file: PickedFile,
    private readonly writable: WritableFile,
  ) {}

  async write(pieces: Bytes[]): Promise<void> {
    await this.writable.write(pieces.length === 1 ? pieces[0]! : new Blob(pieces));
  }

  close(): Promise<void> {
    return this.writable.close();
  }

  async abort(): Promise<void> {
    try {
      await this.writable.abort();
      // Picking made an empty file of that name.
      if ((await this.file.getFile()).size === 0) await this.file.remove?.();
    } catch {
      // an empty file remains
    }
  }
}

async function pick(name: string): Promise<Sink> {
  try {
    const file = await picker()!({ suggestedName: name });
    return new FileSink(file, await file.createWritable());
  } catch (error) {
    throw asLinkError(error, "write");
  }
}

// --- the service worker --------------------------------------------------------------------------------------

interface Head {
  status: number;
  headers: [string, string][];
}

/** What answers a request for `~/<id>`: head and body, for a Range header or null. */
export type Responder = (range: string | null) => { head: Head; body: Body } | null;

export interface Body {
  /** Called once for each "pull"; null ends the answer. Throwing breaks it off. */
  next(): Promise<Bytes[] | null>;
  cancel(): void;
}

const responders = new Map<string, Responder>();
const ALIVE_MS = 10_000;
const READY_MS = 5_000;

let registered: Promise<boolean> | null = null;

/** Whether this page has its service worker. Asks for it the first time. */
export function haveServiceWorker(): Promise<boolean> {
  registered ??= register();
  return registered;
}

async function register(): Promise<boolean> {
  const container = navigator.serviceWorker;
  if (!container || !/^https?:$/.test(location.protocol)) return false;
  container.addEventListener("message", (event: MessageEvent) => serve(event));
  try {
    const scope = new URL("./", location.href).href;
    await container.register(scriptUrl(new URL("./sw.js", location.href).href), { scope, updateViaCache: "none" });
    const timeout = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("timeout")), READY_MS));
    await Promise.race([container.ready, timeout]);
    if (!container.controller) {
      const changed = new Promise((resolve) => container.addEventListener("controllerchange", resolve, { once: true }));
      await Promise.race([changed, timeout]);
    }
    return true;
  } catch {
    return false; // no such file there, a certificate that was clicked through, a private window
  }
}

function serve(event: MessageEvent): void {
  const data = event.data as { megadesk?: number; id?: string; range?: string | null } | null;
  const port = event.ports[0];
  if (data?.megadesk !== 1 || !data.id || !port) return;
  const answer = responders.get(data.id)?.(data.range ?? null);
  if (!answer) return;
  const alive = setInterval(() => navigator.serviceWorker.controller?.postMessage("hello"), ALIVE_MS);
  port.onmessage = async ({ data: word }: MessageEvent<unknown>) => {
    if (word === "cancel") {
      clearInterval(alive);
      answer.body.cancel();
      return;
    }
    try {
      const chunks = await answer.body.next();
      port.postMessage({ chunks }, chunks ? transferable(chunks) : []);
      if (!chunks) clearInterval(alive);
    } catch {
      clearInterval(alive);
      port.postMessage({ error: "failed" });
    }
  };
  port.postMessage(answer.head);
}

/** Their buffers, where none is part of a larger one. */
function transferable(chunks: Bytes[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const chunk of chunks) {
    if (chunk.length !== chunk.buffer.byteLength) return [];
    buffers.add(chunk.buffer);
  }
  return [...buffers];
}

/** An address within this page's scope that `responder` answers, until `release` is called with it. */
export function publish(responder: Responder): string {
  const id = randomHex(16);
  responders.set(id, responder);
  return new URL(`./~/${id}`, location.href).href; // no name in it: should the worker be gone, the host hears of it
}

export function release(address: string): void {
  responders.delete(address.slice(address.lastIndexOf("/") + 1));
}

const FIRST_PULL_MS = 30_000;

class WorkerSink implements Sink {
  private readonly address: string;
  private readonly frame = document.createElement("iframe");
  /** Resolves the browser's pull in hand. */
  private pull: { resolve(pieces: Bytes[] | null): void; reject(error: unknown): void } | null = null;
  private asked: (() => void) | null = null;
  private failed: LinkError | null = null;
  private started = false;

  constructor(name: string, size: number) {
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escaped)}`;
    const headers: [string, string][] = [
      ["Content-Type", TYPE],
      ["Content-Disposition", disposition],
      ["Content-Length", String(size)],
      ["Content-Security-Policy", "default-src 'none'; sandbox"],
      ["X-Content-Type-Options", "nosniff"],
      ["Cache-Control", "no-store"],
    ];
    const body: Body = {
      next: () =>
        new Promise((resolve, reject) => {
          this.pull = { resolve, reject };
          this.asked?.();
        }),
      cancel: () => this.fail(new LinkError("cancelled", "the browser stopped the download")),
    };
    this.address = publish(() => ({ head: { status: 200, headers }, body }));
    this.frame.hidden = true;
    this.frame.src = this.address; // a download: the frame stays empty
    document.body.append(this.frame);
  }

  private fail(error: LinkError): void {
    this.failed ??= error;
    this.asked?.();
  }

  private async answer(pieces: Bytes[] | null): Promise<void> {
    if (!this.pull && !this.failed) {
      const refused = (): void => this.fail(new LinkError("write", "the browser does not take it"));
      const first = this.started ? undefined : setTimeout(refused, FIRST_PULL_MS); // later the user may have paused it
      await new Promise<void>((resolve) => (this.asked = resolve));
      clearTimeout(first);
      this.asked = null;
    }
    this.started = true;
    if (this.failed) throw this.failed;
    const pull = this.pull!;
    this.pull = null;
    pull.resolve(pieces);
  }

  write(pieces: Bytes[]): Promise<void> {
    return this.answer(pieces);
  }

  async close(): Promise<void> {
    await this.answer(null);
    this.end();
  }

  abort(): Promise<void> {
    const failed = new LinkError("cancelled");
    this.failed ??= failed;
    if (this.pull) this.pull.reject(failed);
    this.end();
    return Promise.resolve();
  }

  private end(): void {
    release(this.address);
    setTimeout(() => this.frame.remove(), 60_000); // removed at once, some browsers end the download with it
  }
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

// --- a Blob --------------------------------------------------------------------------------------------------

/** Chromium keeps 500 MiB of Blobs in memory and loses what is more; larger downloads wait on its disk (shelf.ts). */
const BLOB_LIMIT = 320 * 1024 ** 2;
/** A Blob for each so many bytes: the browser takes it over, out of the page's memory. */
const PART = 8 * 1024 ** 2;
/** Until when a browser has begun to save a Blob that it was told to. */
const TAKEN_MS = 60_000;
/** Bytes a millisecond at which it does so at the least. */
const SLOW_DISK = 10 * 1024;

/** What a browser can be expected to keep for a page. */
export function blobLimit(): number {
  return BLOB_LIMIT;
}

/** Throws "too-large" where the browser gave up on a Blob: it says so only to who reads it. */
async function checkKept(blob: Blob): Promise<void> {
  try {
    await blob.slice(-1).arrayBuffer();
  } catch {
    throw new LinkError("too-large", "the browser did not keep what it was given");
  }
}

class BlobSink implements Sink {
  private parts: Blob[] = [];
  private pieces: Bytes[] = [];
  private length = 0;

  constructor(
    private readonly name: string,
    private readonly shelf: Shelf | null,
  ) {}

  async write(pieces: Bytes[]): Promise<void> {
    for (const piece of pieces) {
      this.pieces.push(piece);
      this.length += piece.length;
    }
    if (this.length >= PART) await this.flush();
  }

  private async flush(): Promise<void> {
    const part = new Blob(this.pieces);
    this.pieces = [];
    this.length = 0;
    if (!this.shelf) await checkKept(part);
    this.parts.push(this.shelf ? await this.shelf.put(part) : part);
  }

  async close(): Promise<void> {
    await this.flush();
    const whole = new Blob(this.parts, { type: TYPE });
    this.parts = [];
    await checkKept(whole); // or the browser would drop the download without a word
    const address = URL.createObjectURL(whole);
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = this.name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS);
    // Chromium goes on reading what it has begun to read; Firefox saves nothing of a database that was deleted.
    const { shelf } = this;
    if (/Chrom(e|ium)\//.test(navigator.userAgent)) shelf?.clear();
    else setTimeout(() => shelf?.clear(), Math.max(TAKEN_MS, whole.size / SLOW_DISK));
  }

  abort(): Promise<void> {
    this.parts = [];
    this.pieces = [];
    this.shelf?.clear();
    return Promise.resolve();
  }
}

// --- the choice ----------------------------------------------------------------------------------------------

/** To be called in the handler of a click: only then browsers let a file be picked. */
export async function openSink(name: string, size: number): Promise<Sink> {
  if (picker()) return pick(name);
  if (await haveServiceWorker()) return new WorkerSink(name, size);
  return new BlobSink(name, size > blobLimit() ? await Shelf.open() : null);
}
