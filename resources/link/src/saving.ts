/** The part of a view that saves: one button, then progress, then how it ended. Keeps its height, so nothing jumps. */

import type { App } from "./app.ts";
import type { Bytes } from "./bytes.ts";
import { h, icon } from "./dom.ts";
import { Download } from "./download.ts";
import { duration, percent, size, t } from "./i18n.ts";
import { errorWords } from "./messages.ts";
import { openSink } from "./sinks.ts";
import type { ReadOptions } from "./source.ts";

export interface Job {
  name: string;
  size: number;
  pieces: (options: ReadOptions) => AsyncGenerator<Bytes[]>;
}

const TICK_MS = 250;

/** Downloads under way, so that leaving the page asks first. */
const running = new Set<Download>();
addEventListener("beforeunload", (event) => {
  if (running.size) event.preventDefault();
});

export class Saving {
  private download: Download | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private announced = 0;
  private readonly element = h("div.saving");

  constructor(
    private readonly app: App,
    private readonly label: () => string,
    /** Made anew for each download. */
    private readonly job: () => Job,
    /** Other buttons beside the main one. */
    private readonly beside: () => HTMLElement[] = () => [],
  ) {}

  render(): HTMLElement {
    this.draw();
    return this.element;
  }

  get busy(): boolean {
    return this.download?.state === "running" || this.download?.state === "waiting";
  }

  private start(): void {
    if (this.busy) return;
    const job = this.job();
    const download = new Download(job.size, () => this.changed(download));
    this.download = download;
    this.announced = 0;
    running.add(download);
    // Called within the click, which browsers ask for before they let a file be picked.
    void download.run(job.pieces, () => openSink(job.name, job.size));
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.draw();
    this.element.querySelector<HTMLElement>("button")?.focus();
  }

  private changed(download: Download): void {
    if (download.state === "done" || download.state === "failed") {
      clearInterval(this.timer);
      running.delete(download);
    }
    const focused = this.element.contains(document.activeElement);
    this.draw();
    if (focused) this.element.querySelector<HTMLElement>("button")?.focus();
    if (download.state === "done") this.app.say(t("done"));
    if (download.state === "failed") this.app.say(errorWords(download.error!, download.total).join(". "));
    if (download.state === "waiting") this.app.say(t("waiting"));
  }

  private draw(): void {
    const download = this.download;
    this.element.replaceChildren(...(this.busy ? this.progress(download!) : this.buttons(download)));
    if (this.busy) this.tick();
  }

  private buttons(download: Download | null): HTMLElement[] {
    const label = download?.state === "done" ? t("downloadAgain") : this.label();
    const main = h("button.primary", { type: "button", onclick: () => this.start() }, icon("download"), label);
    return [h("div.actions", {}, main, ...this.beside()), this.outcome(download)];
  }

  private outcome(download: Download | null): HTMLElement {
    if (download?.state === "done") {
      return h("p.outcome.good", {}, icon("check"), h("span", {}, h("strong", {}, `${t("done")}.`), " ", t("doneText")));
    }
    if (download?.state !== "failed") return h("p.outcome", {}, t("ready"));
    const [title, text] = errorWords(download.error!, download.total);
    if (download.error!.kind === "cancelled") return h("p.outcome", {}, h("span", {}, title));
    return h("p.outcome.bad", {}, icon("warning"), h("span", {}, h("strong", {}, `${title}.`), " ", text));
  }

  private progress(download: Download): HTMLElement[] {
    const waiting = download.state === "waiting";
    const cancel = h("button", { type: "button", onclick: () => download.cancel() }, t("cancel"));
    const retry = waiting && h("button.primary", { type: "button", onclick: () => download.retry() }, t("retryNow"));
    return [
      h("div.meter", {
        role: "progressbar",
        "aria-label": t("downloading"),
        "aria-valuemin": 0,
        "aria-valuemax": 100,
      }, h("div.bar")),
      h("div.figures", {}, h("span.amount"), waiting ? h("span.waiting", {}, t("waiting")) : h("span.pace")),
      h("div.actions", {}, retry, cancel),
    ];
  }

  private tick(): void {
    const { download, element } = this;
    if (!download || !this.busy) return;
    const share = download.total ? download.written / download.total : 0;
    const whole = Math.floor(share * 100);
    const meter = element.querySelector<HTMLElement>(".meter");
    if (!meter) return;
    meter.setAttribute("aria-valuenow", String(whole));
    (meter.firstElementChild as HTMLElement).style.transform = `scaleX(${share})`;
    const amount = t("progress", size(download.written, true), size(download.total, true));
    element.querySelector(".amount")!.textContent = `${percent(share)} · ${amount}`;
    const speed = download.speed.value;
    const pace = element.querySelector(".pace");
    if (pace && speed > 0) {
      const left = t("left", duration((download.total - download.written) / speed));
      pace.textContent = `${t("perSecond", size(speed, true))} · ${left}`;
    }
    const quarter = Math.floor(whole / 25) * 25;
    if (quarter > this.announced) {
      this.announced = quarter;
      this.app.say(t("announce", String(quarter)));
    }
  }
}
