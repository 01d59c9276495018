/** From the address in the browser to an opened link: the key out of the fragment, the record, the source of packs. */

import { type Bytes, hex, unbase64 } from "./bytes.ts";
import type { Engine } from "./engine.ts";
import { LinkError } from "./errors.ts";
import { narrowConnections } from "./policy.ts";
import { Reader } from "./reader.ts";
import {
  RECORD_LIMIT,
  type Record,
  type Sealed,
  type Token,
  openPreamble,
  openRecord,
  parseToken,
  passwordSalt,
} from "./record.ts";
import { FileSource, HttpSource, InlineSource, SHORT, type Source, refusalReason, request } from "./source.ts";

// --- the address ---------------------------------------------------------------------------------------------

interface Remembered {
  /** What stood behind the `#`. */
  key?: string;
  id?: string;
  session?: string;
  language?: string;
}

/**
 * What this entry of the tab's history remembers. It lives as long as the tab, survives a reload, and no other page can
 * read it, also none of the same host (docs/adr/0023).
 */
export function remembered(): Remembered {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null ? (state as Remembered) : {};
}

export function remember(more: Remembered): void {
  try {
    history.replaceState({ ...remembered(), ...more }, "", location.pathname + location.search);
  } catch {
    // a browser that lets no page opened from a file change its history: the key stays in the address bar
  }
}

/** Takes the key out of the address bar and the history. */
export function takeToken(): Token {
  const text = location.hash.length > 1 ? location.hash.slice(1) : (remembered().key ?? "");
  const token = parseToken(text);
  remember({ key: text });
  return token;
}

/**
 * This link as the app takes it: by a scheme that browsers hand to a program of this device, and to no host. Null for a page
 * from a file, which other programs must not have opened by a click.
 */
export function appAddress(): string | null {
  const { key } = remembered();
  if (!key || !/^https?:$/.test(location.protocol)) return null;
  return `megadesk:${location.origin}${location.pathname}${location.search}#${key}`;
}

// --- what is in the page -------------------------------------------------------------------------------------

interface Config {
  record?: string;
  inline?: boolean;
  server?: string;
  attached?: Attached;
}

/** Packs that follow the page in the same file: where the first one begins, and how long each is. */
export interface Attached {
  at: number;
  sizes: number[];
}

/**
 * Waits until the page is there in full, taking packs out of it as they come. `onBytes` hears of their bytes. Of a page with
 * packs behind it nothing more comes: it has stopped itself (stop.js), which browsers report in different ways.
 */
export function readPage(inline: InlineSource, onBytes: (count: number) => void): Promise<Config> {
  let config: Config | null = null;
  const take = (complete: boolean): void => {
    const found = document.getElementById("megadesk-link");
    if (found && (complete || found.nextSibling)) config ??= parseConfig(found.textContent ?? "");
    // The last block may still grow while the page arrives.
    for (const block of document.querySelectorAll('script[id^="p-"]')) {
      if (!complete && !block.nextSibling) continue;
      const data = unbase64OrFail(block.textContent ?? "");
      inline.add(Number(block.id.slice(2)), 0, data);
      onBytes(data.length);
      block.remove(); // or the page would hold everything twice
    }
  };
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      try {
        take(true);
        resolve(config ?? {});
      } catch (error) {
        reject(error);
      }
    };
    if (document.readyState !== "loading") {
      finish();
      return;
    }
    const observer = new MutationObserver(() => {
      try {
        take(false);
        if (!config?.attached) return;
        observer.disconnect();
        resolve(config);
      } catch (error) {
        reject(error);
      }
    });
    observer.observe(document.documentElement, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => {
      observer.disconnect();
      finish();
    });
  });
}

function parseConfig(text: string): Config {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // below
  }
  throw new LinkError("damaged", "what the maker put into the page");
}

function unbase64OrFail(text: string): Bytes {
  try {
    return unbase64(text);
  } catch {
    throw new LinkError("damaged", "what the maker put into the page");
  }
}

// --- a server of links ---------------------------------------------------------------------------------------

const NEVER = new AbortController().signal;

class Server {
  private session = "";

  constructor(
    private readonly base: string,
    private readonly id: string,
  ) {}

  /** The record, with the session of before if that still holds: another one would count as another download. */
  async record(): Promise<Bytes> {
    const { id, session } = remembered();
    if (id === this.id && session) {
      this.session = session;
      const response = await this.fetch("GET", this.address("record"));
      if (response.ok) return readAll(response);
    }
    const opened = await this.fetch("POST", `${this.base}l/${this.id}/open`);
    if (!opened.ok) throw await refused(opened);
    const answer = (await opened.json().catch(() => null)) as { session?: unknown } | null;
    if (typeof answer?.session !== "string") throw new LinkError("server", "an answer that is not of MegaDesk");
    this.session = answer.session;
    remember({ id: this.id, session: this.session });
    const response = await this.fetch("GET", this.address("record"));
    if (!response.ok) throw await refused(response);
    return readAll(response);
  }

  address(part: string): string {
    return `${this.base}l/${this.id}/${part}?s=${encodeURIComponent(this.session)}`;
  }

  private async fetch(method: string, address: string): Promise<Response> {
    for (let failures = 1; ; failures++) {
      try {
        const response = await request(address, { method });
        if (response.status !== 429 && response.status < 500) return response;
        throw new LinkError("server", `status ${response.status}`);
      } catch (error) {
        await SHORT.wait(failures, error as LinkError, NEVER);
      }
    }
  }
}

async function refused(response: Response): Promise<LinkError> {
  if (response.status === 404) return new LinkError("unknown", "404");
  if (response.status === 410) return new LinkError(await refusalReason(response), "410");
  return new LinkError("server", `status ${response.status}`);
}

async function readAll(response: Response): Promise<Bytes> {
  const length = Number(response.headers.get("Content-Length") ?? 0);
  if (length > RECORD_LIMIT) throw new LinkError("damaged", "a record that is too large");
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new LinkError("network", "the record ended early");
  }
}

// --- all together --------------------------------------------------------------------------------------------

export interface Link {
  record: Record;
  reader: Reader;
  /** Address of the server of links that has the viewer of PDF, ending in `/`; null where there is none. */
  server: string | null;
}

/** Asks the person; `wrong` after a wrong one. The promise ends with the password. */
export type AskPassword = (wrong: boolean) => Promise<string>;

/** Asks the person for the file that the page is in; `fits` tells whether it is that. */
export type AskFile = (record: Record, fits: (file: File) => Promise<boolean>) => Promise<File>;

export class Opening {
  readonly inline = new InlineSource();

  constructor(
    private readonly token: Token,
    private readonly engine: Engine,
  ) {}

  async open(config: Config, ask: AskPassword, askFile: AskFile, working: () => void): Promise<Link> {
    const base = new URL(config.server ?? "./", location.href);
    const address = base.href.replace(/[?#].*$/, "");
    const server = new Server(address, hex(this.token.id));
    if (config.record === undefined) narrowConnections([origin(base)]);
    const object = config.record === undefined ? await server.record() : unbase64OrFail(config.record);
    const record = await this.unseal(await openPreamble(this.token, object), ask, working);
    const addresses = record.urls?.map((url) => new URL(url, location.href));
    if (config.record !== undefined) {
      const here = config.attached ? [new URL(location.href)] : [];
      const needed = config.inline ? [] : config.attached ? here : (addresses ?? [base]);
      narrowConnections(needed.map(origin));
    }
    if (record.expiresMs && record.expiresMs < Date.now()) throw new LinkError("expired");
    const source = config.attached
      ? await attachedSource(config.record ?? "", config.attached, (fits) => askFile(record, fits))
      : this.source(config, record, server, addresses);
    const served = config.record === undefined || config.server !== undefined;
    return { record, reader: new Reader(source, this.engine, record.lockerId), server: served ? address : null };
  }

  private source(config: Config, record: Record, server: Server, addresses: URL[] | undefined): Source {
    if (config.inline) return this.inline;
    if (addresses) return new HttpSource((pack) => addresses[pack]!.href, true);
    return new HttpSource((pack) => server.address(`packs/${record.packs[pack]!}`), false);
  }

  private async unseal(sealed: Sealed, ask: AskPassword, working: () => void): Promise<Record> {
    if (!sealed.password) return openRecord(sealed, null);
    for (let wrong = false; ; wrong = true) {
      const password = await ask(wrong);
      working();
      const derived = await this.engine.passwordKey(password, passwordSalt(this.token), sealed.password);
      try {
        return await openRecord(sealed, derived);
      } catch (error) {
        if (!(error instanceof LinkError) || error.kind !== "password") throw error;
      }
    }
  }
}

/** From where this page came if its host gives out parts of it, else from the file itself, which the person chooses. */
async function attachedSource(
  record: string,
  { at, sizes }: Attached,
  ask: (fits: (file: File) => Promise<boolean>) => Promise<File>,
): Promise<Source> {
  const starts: number[] = [];
  let end = at;
  for (const size of sizes) {
    starts.push(end);
    end += size;
  }
  const address = location.href.replace(/#.*$/, "");
  if (/^https?:$/.test(location.protocol)) {
    if (await givesParts(address, at)) return new HttpSource(() => address, true, starts);
  }
  const fits = async (file: File): Promise<boolean> =>
    file.size === end && (await file.slice(0, at).text().catch(() => "")).includes(record);
  return new FileSource(await ask(fits), starts);
}

async function givesParts(address: string, at: number): Promise<boolean> {
  for (let failures = 1; ; failures++) {
    try {
      const response = await request(address, { headers: { Range: `bytes=${at}-${at}` } });
      void response.body?.cancel();
      return response.status === 206;
    } catch (error) {
      // A page that has stopped itself takes its first requests with it in some browsers.
      await SHORT.wait(failures, error as LinkError, NEVER);
    }
  }
}

function origin(url: URL): string {
  return url.origin === location.origin && url.origin !== "null" ? "'self'" : url.origin;
}
