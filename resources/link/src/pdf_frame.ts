/**
 * PDF in a frame that has no origin (docs/adr/0032): the page fetches the viewer's script or takes it out of itself, checks
 * its digest, and runs it where it reaches neither the page nor the key nor any network. Each document has a frame of its own.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, hex, unbase64, unhex } from "./bytes.ts";
import { h } from "./dom.ts";
import { LinkError } from "./errors.ts";
import { language, t } from "./i18n.ts";
import { OUTCOMES, type Outcome, READY, type Start } from "./pdf/protocol.ts";
import { scriptFrame } from "./policy.ts";
import { request } from "./source.ts";

/** SHA-256 of pdf-viewer.js, from build.mjs. */
declare const VIEWER_DIGEST: string;

const FILE = "pdf-viewer.js";
const ELEMENT = "megadesk-pdf-viewer";
const MAX_SCRIPT = 8 << 20;
const READY_MS = 30_000;
/** What the frame may do, beside what this page may not do either. Its script is named by its digest again. */
const POLICY = "default-src 'none'; img-src blob: data:; worker-src blob:; base-uri 'none'; form-action 'none'";

let script: Promise<string> | null = null;

/** Whether this page can get the viewer: from itself, or from its server. */
export function haveViewer(server: string | null): boolean {
  if (document.getElementById(ELEMENT)) return "DecompressionStream" in globalThis;
  return server !== null;
}

/** The viewer's script, verified; kept for the next document. Throws "unsupported" where there is none, or a wrong one. */
function viewer(server: string | null): Promise<string> {
  script ??= load(server).catch((error: unknown) => {
    script = null;
    throw error;
  });
  return script;
}

async function load(server: string | null): Promise<string> {
  const held = document.getElementById(ELEMENT);
  const data = held ? await unpacked(held.textContent ?? "") : await fetched(server);
  if (hex(sha256(data)) !== VIEWER_DIGEST) throw new LinkError("unsupported", "another viewer than this page's");
  return new TextDecoder().decode(data);
}

async function unpacked(text: string): Promise<Bytes> {
  try {
    const packed = new Blob([unbase64(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await limited(packed);
  } catch {
    throw new LinkError("unsupported", "the viewer in the page cannot be read");
  }
}

async function fetched(server: string | null): Promise<Bytes> {
  if (server === null) throw new LinkError("unsupported", "no viewer");
  const response = await request(`${server}${FILE}?v=${VIEWER_DIGEST.slice(0, 16)}`, {});
  if (!response.ok || !response.body) throw new LinkError("unsupported", `no viewer: ${response.status}`);
  try {
    return await limited(response.body);
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError("network", "the viewer ended early");
  }
}

async function limited(body: ReadableStream<Uint8Array>): Promise<Bytes> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body.getReader();
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > MAX_SCRIPT) throw new LinkError("unsupported", "a viewer that is too large");
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
}

/** Shows a document in a frame; `show` ends when its pages have their places. */
export class PdfFrame {
  readonly element = h("iframe.pdf", { sandbox: "allow-scripts", referrerpolicy: "no-referrer" });
  private readonly stop = new AbortController();

  async show(server: string | null, name: string, data: () => Promise<Bytes>, attach: () => void): Promise<Outcome> {
    const [code, bytes] = await Promise.all([viewer(server), data()]);
    if (this.stop.signal.aborted) throw new LinkError("cancelled");
    this.element.title = name;
    const digest = btoa(String.fromCharCode(...unhex(VIEWER_DIGEST)));
    const policy = `${POLICY}; script-src 'sha256-${digest}'`;
    const ready = this.heard();
    scriptFrame(this.element, policy, code);
    attach();
    await ready;
    return this.asked({
      data: bytes,
      language: language(),
      name,
      words: {
        page: t("pdfPage", "{}", "{}"),
        pages: t("pdfPage", "{}", "{}"),
        smaller: t("pdfSmaller"),
        larger: t("pdfLarger"),
        cut: t("previewCut"),
        unshown: t("pdfUnshown"),
      },
    });
  }

  close(): void {
    this.stop.abort();
    this.element.remove(); // its worker goes with it, whatever that is at
  }

  private heard(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LinkError("unsupported", "the viewer does not start")), READY_MS);
      this.stop.signal.addEventListener("abort", () => reject(new LinkError("cancelled")));
      const { signal } = this.stop;
      addEventListener("message", (event: MessageEvent<unknown>) => {
        if (event.source !== this.element.contentWindow || event.data !== READY) return;
        clearTimeout(timer);
        resolve();
      }, { signal });
    });
  }

  private asked(start: Start): Promise<Outcome> {
    const { port1, port2 } = new MessageChannel();
    const { signal } = this.stop;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => {
        port1.close();
        reject(new LinkError("cancelled"));
      });
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        resolve(OUTCOMES.includes(data) ? (data as Outcome) : "broken");
      };
      // A frame without an origin cannot be named otherwise. Where it went is known: its policy lets it go nowhere else.
      this.element.contentWindow!.postMessage(start, "*", [port2, start.data.buffer]);
    });
  }
}
