/**
 * Previews: pictures, text, sound and video as elements that cannot script, their type forced by the name's extension. HTML
 * and SVG are shown as text. PDF is drawn by a viewer of its own in a frame without an origin (pdf_frame.ts): browsers refuse
 * it in a sandbox, and outside of one their viewers run the scripts in it (docs/adr/0023, 0032).
 */

import type { Context } from "./app.ts";
import type { Bytes } from "./bytes.ts";
import { h } from "./dom.ts";
import { LinkError, asLinkError } from "./errors.ts";
import { type Text, t } from "./i18n.ts";
import { errorWords } from "./messages.ts";
import { shown, typeOf } from "./names.ts";
import { PdfFrame, haveViewer } from "./pdf_frame.ts";
import type { Node } from "./record.ts";
import { type Body, type Responder, haveServiceWorker, publish, release } from "./sinks.ts";
import { type ReadOptions, SHORT } from "./source.ts";

const MiB = 1024 * 1024;
const IMAGE_LIMIT = 64 * MiB;
const TEXT_SHOWN = MiB / 2;
/** megadesk/share/viewer.py has the same. */
const PDF_LIMIT = 64 * MiB;
/** Of sound and video where there is no service worker to read them piece by piece. */
const WHOLE_MEDIA_LIMIT = 256 * MiB;

/** `server`: where the viewer of PDF may be fetched, null for nowhere. */
export function previewable(node: Node, server: string | null): boolean {
  const [type] = typeOf(node);
  if (node.size === 0) return false;
  switch (type) {
    case "image":
      return node.size <= IMAGE_LIMIT;
    case "text":
      return true;
    case "pdf":
      return node.size <= PDF_LIMIT && haveViewer(server);
    case "audio":
    case "video":
      return node.size <= WHOLE_MEDIA_LIMIT || (isSecureContext && /^http/.test(location.protocol));
    default:
      return false;
  }
}

export class Preview {
  private readonly stop = new AbortController();
  private readonly options: ReadOptions = { signal: this.stop.signal, patience: SHORT };
  private address = "";
  private published = false;
  private frame: PdfFrame | null = null;
  /** Drawn again when the language changes. */
  private message: (() => string) | null = () => t("previewLoading");

  constructor(
    private readonly context: Context,
    private readonly node: Node,
    private readonly place: HTMLElement,
  ) {
    this.render();
    this.load().catch((error: unknown) => {
      if (!this.stop.signal.aborted) this.fail(error);
    });
  }

  render(): void {
    if (!this.message) return;
    const said = h("p.preview.loading", { role: "status" }, this.message());
    const old = this.place.querySelector(".loading");
    if (old) old.replaceWith(said);
    else this.place.replaceChildren(said);
  }

  close(): void {
    this.stop.abort();
    this.frame?.close();
    this.place.querySelectorAll<HTMLMediaElement>("video, audio").forEach((player) => {
      player.removeAttribute("src");
      player.load();
    });
    this.place.replaceChildren();
    if (this.published) release(this.address);
    else if (this.address) URL.revokeObjectURL(this.address);
  }

  private fail(error: unknown, text?: Text): void {
    const known = asLinkError(error, "unsupported");
    this.instead(() => t("previewFailed", text ? t(text) : errorWords(known).filter(Boolean).join(". ")));
  }

  /** Words in place of what could not be shown. */
  private instead(words: () => string): void {
    this.frame?.close();
    this.place.replaceChildren();
    this.message = words;
    this.render();
  }

  private showElement(element: HTMLElement): void {
    this.message = null;
    this.place.replaceChildren(h("div.preview", {}, element));
  }

  private async load(): Promise<void> {
    const { node } = this;
    const [type, mime] = typeOf(node);
    if (type === "text") return this.text();
    if (type === "pdf") return this.pdf();
    if (type === "audio" || type === "video") return this.media(type, mime);
    const data = await this.context.link.reader.whole(node, this.options);
    this.blob(data, mime);
    const image = h("img", { src: this.address, alt: shown(node), decoding: "async" });
    image.addEventListener("error", () => this.fail(new LinkError("unsupported"), "previewUnplayable"));
    this.showElement(image);
  }

  private blob(data: Bytes, mime: string): void {
    if (this.stop.signal.aborted) throw new LinkError("cancelled");
    this.address = URL.createObjectURL(new Blob([data], { type: mime }));
  }

  private async text(): Promise<void> {
    const { node } = this;
    const end = Math.min(node.size, TEXT_SHOWN);
    const decoder = new TextDecoder("utf-8");
    let text = "";
    for await (const piece of this.context.link.reader.range(node, 0, end, this.options)) {
      text += decoder.decode(piece, { stream: true });
    }
    const cut = end < node.size && h("p.hint", {}, t("previewCut"));
    this.showElement(h("div", {}, h("pre", { tabindex: 0, dir: "auto", "aria-label": shown(node) }, text), cut));
  }

  private async pdf(): Promise<void> {
    const { node } = this;
    const { reader, server } = this.context.link;
    const frame = (this.frame = new PdfFrame());
    const data = (): Promise<Bytes> => reader.whole(node, this.options);
    const attach = (): void => {
      this.place.append(h("div.preview.drawing", {}, frame.element)); // there at once: it has to know how wide it is
    };
    try {
      const outcome = await frame.show(server, shown(node), data, attach);
      if (outcome !== "shown") {
        this.fail(new LinkError("unsupported"), outcome === "password" ? "pdfLocked" : "pdfBroken");
        return;
      }
    } catch (error) {
      if (this.stop.signal.aborted || asLinkError(error, "unsupported").kind !== "unsupported") throw error;
      this.instead(() => t("pdfNoViewer"));
      return;
    }
    this.message = null;
    this.place.querySelector(".loading")?.remove(); // a frame that is put elsewhere begins anew
    this.place.firstElementChild!.classList.remove("drawing");
  }

  private async media(type: "audio" | "video", mime: string): Promise<void> {
    const { node } = this;
    if (await haveServiceWorker()) {
      this.published = true;
      this.address = publish(this.responder(mime));
    } else if (node.size <= WHOLE_MEDIA_LIMIT) {
      this.blob(await this.context.link.reader.whole(node, this.options), mime);
    } else {
      throw new LinkError("unsupported", "no service worker");
    }
    if (this.stop.signal.aborted) return;
    const player = h(type, { src: this.address, controls: true, preload: "metadata", playsinline: true, "aria-label": shown(node) });
    player.addEventListener("error", () => this.fail(new LinkError("unsupported"), "previewUnplayable"));
    this.showElement(player);
  }

  /** Answers the player's requests for ranges, reading the segments that they need. */
  private responder(mime: string): Responder {
    const { node } = this;
    return (range) => {
      const [from, to] = parseRange(range, node.size);
      const headers: [string, string][] = [
        ["Content-Type", mime],
        ["X-Content-Type-Options", "nosniff"],
        ["Content-Security-Policy", "default-src 'none'; sandbox"],
        ["Accept-Ranges", "bytes"],
        ["Cache-Control", "no-store"],
        ["Content-Length", String(to - from)],
      ];
      if (range) headers.push(["Content-Range", `bytes ${from}-${to - 1}/${node.size}`]);
      const stop = new AbortController();
      this.stop.signal.addEventListener("abort", () => stop.abort());
      const pieces = this.context.link.reader.range(node, from, to, { ...this.options, signal: stop.signal });
      const body: Body = {
        async next() {
          const { done, value } = await pieces.next();
          return done ? null : [value.slice()];
        },
        cancel: () => stop.abort(),
      };
      return { head: { status: range ? 206 : 200, headers }, body };
    };
  }
}

/** From and to of a Range header; all of it where there is none, or none that can be met. */
function parseRange(range: string | null, size: number): [number, number] {
  const found = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  const from = Number(found?.[1] ?? 0);
  const to = found?.[2] ? Math.min(Number(found[2]) + 1, size) : size;
  return from < to ? [from, to] : [0, size];
}
