/**
 * Pages of a PDF below each other, drawn when they come into view. Pictures of pages, and their text for the mouse and for
 * screen readers: no links, no forms to fill in, no scripts of the document's.
 */

import { AnnotationMode, type PDFDocumentProxy, PDFWorker, TextLayer, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { scriptUrl } from "../policy.ts";
import { NoFetching } from "./fonts.ts";
import style from "./pdf.css";
import { type Outcome, READY, type Start, type Words } from "./protocol.ts";

const PAGE_LIMIT = 1000;
/** Of what is drawn at a time: 64 MiB for a page's picture, and so many of them. */
const PIXELS = 1 << 24;
const SIDE = 8192;
const KEPT = 6;
/** Height of a page in widths of the window: beyond, it is shown smaller. */
const TALLEST = 20;
const STEP = 1.25;
const ZOOMS = 6;
/** Documents may claim to be of any size; pictures in them that are larger are left out. */
const IMAGE_PIXELS = 1 << 26;

/** In the frame: tells the page that it listens, and shows what it is sent. */
export function startViewer(script: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  addEventListener("message", (event: MessageEvent<Start>) => {
    const port = event.ports[0];
    if (event.source !== parent || !port) return;
    const tell = (outcome: Outcome): void => port.postMessage(outcome);
    new Viewer(event.data).show(script).then(
      () => tell("shown"),
      (error: unknown) => tell(error instanceof Error && error.name === "PasswordException" ? "password" : "broken"),
    );
  }, { once: true });
  parent.postMessage(READY, "*"); // it has no origin to name, nor has a page from a file
}

interface Sheet {
  number: number;
  element: HTMLElement;
  /** The picture and the text; null while there are none. */
  drawn: HTMLElement[] | null;
  near: boolean;
}

function fill(text: string, ...values: (number | string)[]): string {
  let at = 0;
  return text.replace(/\{\}/g, () => String(values[at++] ?? ""));
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  attributes: { [name: string]: string } = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

class Viewer {
  private readonly words: Words;
  private readonly sheets: Sheet[] = [];
  private readonly scroller: HTMLElement;
  private readonly place = element("span", "place", { "aria-live": "off" });
  private readonly smaller: HTMLButtonElement;
  private readonly larger: HTMLButtonElement;
  private zoom = 0;
  private drawing = false;
  private generation = 0;
  /** Width and height of the first page in points: what others are taken for until they are drawn. */
  private shape: [number, number] = [612, 792];
  private pdf!: PDFDocumentProxy;

  constructor(private readonly start: Start) {
    this.words = start.words;
    document.documentElement.lang = start.language;
    document.title = start.name;
    this.scroller = element("main", "pages", { tabindex: "0", "aria-label": start.name });
    this.smaller = this.button("−", start.words.smaller, -1);
    this.larger = this.button("+", start.words.larger, 1);
  }

  /** Ends when the pages have their places; throws for what is no PDF, or a locked one. */
  async show(script: string): Promise<void> {
    const port = new Worker(scriptUrl(URL.createObjectURL(new Blob([script], { type: "text/javascript" }))));
    const task = getDocument({
      data: this.start.data,
      worker: PDFWorker.create({ port }),
      verbosity: 0,
      enableXfa: false,
      useWasm: false, // the page's policy allows none
      useWorkerFetch: false,
      BinaryDataFactory: NoFetching,
      disableRange: true,
      maxImageSize: IMAGE_PIXELS,
      canvasMaxAreaInBytes: 4 * PIXELS,
    });
    const broken = new Promise<never>((_, reject) => {
      port.addEventListener("error", () => reject(new Error("the worker does not run")));
    });
    this.pdf = await Promise.race([task.promise, broken]);
    const count = Math.min(this.pdf.numPages, PAGE_LIMIT);
    const { width, height } = (await this.pdf.getPage(1)).getViewport({ scale: 1 });
    this.shape = [width, height];
    for (let number = 1; number <= count; number++) {
      const label = fill(this.words.page, number, count);
      const sheet = element("section", "sheet", { role: "region", "aria-label": label });
      this.sheets.push({ number, element: sheet, drawn: null, near: false });
    }
    const bar = element("header", "bar", { role: "toolbar", "aria-label": this.start.name });
    bar.append(this.place, this.smaller, this.larger);
    this.scroller.append(...this.sheets.map((sheet) => sheet.element));
    if (count < this.pdf.numPages) this.scroller.append(this.hint(this.words.cut));
    document.body.append(bar, this.scroller);
    this.lay();
    this.watch(); // which also draws; browsers let a frame draw only while it is in view
  }

  private hint(text: string): HTMLElement {
    const hint = element("p", "hint");
    hint.textContent = text;
    return hint;
  }

  private button(text: string, label: string, step: number): HTMLButtonElement {
    const button = element("button", "", { type: "button", "aria-label": label, title: label });
    button.textContent = text;
    button.addEventListener("click", () => this.zoomBy(step));
    return button;
  }

  private zoomBy(step: number): void {
    const zoom = Math.max(-ZOOMS, Math.min(ZOOMS, this.zoom + step));
    if (zoom === this.zoom) return;
    const at = this.scroller.scrollTop / Math.max(1, this.scroller.scrollHeight);
    this.zoom = zoom;
    this.again();
    this.scroller.scrollTop = at * this.scroller.scrollHeight;
  }

  /** All pages anew, at the size that fits now. */
  private again(): void {
    this.generation++;
    for (const sheet of this.sheets) this.forget(sheet);
    this.lay();
    void this.drawNear();
  }

  /** Points to pixels. A page that is absurdly long is shown as a strip. */
  private scale(width: number, height: number): number {
    const room = Math.max(120, this.scroller.clientWidth - 24) * STEP ** this.zoom;
    return Math.min(room / Math.max(width, 1), (room * TALLEST) / Math.max(height, 1));
  }

  private lay(): void {
    const [width, height] = this.shape;
    const scale = this.scale(width, height);
    for (const { element: sheet } of this.sheets) this.size(sheet, width * scale, height * scale);
    this.smaller.disabled = this.zoom === -ZOOMS;
    this.larger.disabled = this.zoom === ZOOMS;
    this.tellPlace();
  }

  private size(sheet: HTMLElement, width: number, height: number): void {
    sheet.style.width = `${Math.max(1, Math.round(width))}px`;
    sheet.style.height = `${Math.max(1, Math.round(height))}px`;
  }

  private watch(): void {
    const of = new Map(this.sheets.map((sheet) => [sheet.element as Element, sheet]));
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) of.get(entry.target)!.near = entry.isIntersecting;
      void this.drawNear();
    }, { root: this.scroller, rootMargin: "60% 0px" });
    for (const sheet of this.sheets) observer.observe(sheet.element);
    this.scroller.addEventListener("scroll", () => this.tellPlace(), { passive: true });
    let width = this.scroller.clientWidth;
    new ResizeObserver(() => {
      if (this.scroller.clientWidth === width) return;
      width = this.scroller.clientWidth;
      this.again();
    }).observe(this.scroller);
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.key === "+" ? 1 : event.key === "-" ? -1 : 0;
      if (!step) return;
      event.preventDefault();
      this.zoomBy(step);
    });
  }

  /** The page in the middle of the window. */
  private current(): Sheet {
    const middle = this.scroller.scrollTop + this.scroller.clientHeight / 2;
    let [low, high] = [0, this.sheets.length - 1];
    while (low < high) {
      const between = (low + high + 1) >> 1;
      if (this.sheets[between]!.element.offsetTop <= middle) low = between;
      else high = between - 1;
    }
    return this.sheets[low]!;
  }

  private tellPlace(): void {
    this.place.textContent = fill(this.words.pages, this.current().number, this.pdf.numPages);
  }

  /** One page after the other, those in view first; forgets what was drawn first and is far. */
  private async drawNear(): Promise<void> {
    if (this.drawing) return;
    this.drawing = true;
    try {
      for (;;) {
        const here = this.current().number;
        const distance = (sheet: Sheet): number => Math.abs(sheet.number - here);
        const wanted = this.sheets.filter((sheet) => sheet.near && !sheet.drawn);
        if (!wanted.length) break;
        wanted.sort((one, other) => distance(one) - distance(other));
        await this.draw(wanted[0]!);
        const drawn = this.sheets.filter((sheet) => sheet.drawn && !sheet.near);
        drawn.sort((one, other) => distance(other) - distance(one));
        for (const sheet of drawn.slice(0, Math.max(0, drawn.length - KEPT))) this.forget(sheet);
      }
    } finally {
      this.drawing = false;
    }
  }

  private forget(sheet: Sheet): void {
    for (const part of sheet.drawn ?? []) {
      if (part instanceof HTMLCanvasElement) part.width = part.height = 0; // or browsers keep its memory for long
    }
    sheet.drawn = null;
    sheet.element.replaceChildren();
  }

  private async draw(sheet: Sheet): Promise<void> {
    const generation = this.generation;
    let parts: HTMLElement[];
    try {
      parts = await this.parts(sheet);
    } catch {
      parts = [this.hint(this.words.unshown)];
    }
    if (generation !== this.generation) return; // the size has changed meanwhile
    sheet.drawn = parts;
    sheet.element.replaceChildren(...parts);
  }

  private async parts(sheet: Sheet): Promise<HTMLElement[]> {
    const page = await this.pdf.getPage(sheet.number);
    const points = page.getViewport({ scale: 1 });
    const scale = this.scale(points.width, points.height);
    const viewport = page.getViewport({ scale });
    this.size(sheet.element, viewport.width, viewport.height);
    const area = viewport.width * viewport.height;
    const side = Math.max(viewport.width, viewport.height);
    const density = Math.min(devicePixelRatio || 1, Math.sqrt(PIXELS / area), SIDE / side);
    const canvas = element("canvas", "", { "aria-hidden": "true" });
    canvas.width = Math.max(1, Math.floor(viewport.width * density));
    canvas.height = Math.max(1, Math.floor(viewport.height * density));
    await page.render({
      canvas,
      viewport,
      transform: [density, 0, 0, density, 0, 0],
      annotationMode: AnnotationMode.ENABLE, // as they look; nothing of what they do
    }).promise;
    const text = element("div", "text");
    text.style.setProperty("--total-scale-factor", String(scale));
    await new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport })
      .render()
      .catch(() => text.replaceChildren()); // the picture stands without it
    page.cleanup();
    return [canvas, text];
  }
}
