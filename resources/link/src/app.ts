/** The frame of the page, and which view is in it. */

import { h, icon } from "./dom.ts";
import { type Engine, makeEngine } from "./engine.ts";
import { LinkError, asLinkError } from "./errors.ts";
import { FileView } from "./file_view.ts";
import { FolderView } from "./folder_view.ts";
import { type Language, chooseLanguage, language, size, startLanguage, t } from "./i18n.ts";
import { chooseView, errorView, loadingView, passwordView } from "./messages.ts";
import { type AskFile, type Link, Opening, appAddress, readPage, takeToken } from "./opening.ts";
import type { Node } from "./record.ts";
import { clearForgotten } from "./shelf.ts";

/** Something to show. `render` is called again when the language changes, and must keep what goes on. */
export interface View {
  render(): HTMLElement;
}

export class App {
  private view: View | null = null;
  private readonly main = h("main", { id: "main" });
  private readonly foot = h("footer");
  private readonly live = h("div.hidden", { "aria-live": "polite", role: "status" });

  constructor() {
    startLanguage();
    document.documentElement.dataset["started"] = "1"; // for guard.js
    const page = document.getElementById("page")!;
    page.replaceChildren(this.header(), this.main, this.foot, this.live);
    this.fillFooter();
  }

  show(view: View, focus = true): void {
    this.view = view;
    this.draw(focus);
  }

  /** To screen readers. */
  say(text: string): void {
    if (this.live.textContent !== text) this.live.textContent = text;
  }

  fail(error: unknown, again?: () => void): void {
    const known = asLinkError(error, "unsupported");
    if (known.kind === "unsupported") console.error(known.message);
    this.show(errorView(known, again));
  }

  private draw(focus: boolean): void {
    const content = this.view!.render();
    this.main.replaceChildren(content);
    if (focus) {
      const target = content.querySelector<HTMLElement>("[data-focus]") ?? content.querySelector<HTMLElement>("h1");
      if (target && !target.hasAttribute("tabindex") && target.tagName === "H1") target.tabIndex = -1;
      target?.focus({ preventScroll: true });
    }
  }

  private header(): HTMLElement {
    const mark = document.getElementById("mark")!;
    mark.removeAttribute("hidden");
    return h("header", {}, mark, h("span.brand", {}, "MegaDesk"));
  }

  /** Again when it is known which link this is. */
  fillFooter(): void {
    const { foot: footer } = this;
    const choose = (wanted: Language, name: string): HTMLElement =>
      h("button.language", {
        type: "button",
        lang: wanted,
        "aria-pressed": String(language() === wanted),
        onclick: () => {
          chooseLanguage(wanted);
          this.fillFooter();
          this.draw(false);
          footer.querySelector<HTMLElement>(`[lang=${wanted}]`)?.focus();
        },
      }, name);
    const open = location.protocol === "http:" && !isSecureContext;
    footer.replaceChildren(
      ...(open ? [h("p.insecure", {}, icon("warning"), h("span", {}, t("insecure")))] : []),
      h("p.promise", {}, icon("lock"), h("span", {}, t("promise"))),
      ...(appAddress() ? [h("p.app", {}, h("button.language", { type: "button", onclick: openInApp }, t("inApp")))] : []),
      h("div.languages", { role: "group", "aria-label": t("language") }, choose("en", "English"), choose("fr", "Français")),
    );
  }
}

/** The address is made for the click alone: it holds the key. */
function openInApp(): void {
  const address = appAddress();
  if (address) h("a", { href: address, rel: "noreferrer" }).click();
}

/** What the views of files and folders need. */
export interface Context {
  app: App;
  link: Link;
  engine: Engine;
  open(node: Node): void;
}

export function startApp(script: string): void {
  const app = new App();
  addEventListener("hashchange", () => {
    if (location.hash.length > 1) location.reload(); // another link was put into the address bar
  });
  void clearForgotten();
  void run(app, script);
}

async function run(app: App, script: string): Promise<void> {
  try {
    if (!("ReadableStream" in globalThis) || !("BigInt" in globalThis)) throw new LinkError("unsupported");
    const token = takeToken();
    app.fillFooter();
    const engine = makeEngine(script);
    const opening = new Opening(token, engine);
    let bytes = 0;
    app.show(loadingView(() => t("opening")), false);
    const config = await readPage(opening.inline, (count) => {
      bytes += count;
      app.show(loadingView(() => t("reading", size(bytes, true))), false);
    });
    const ask = (wrong: boolean): Promise<string> => new Promise((resolve) => app.show(passwordView(wrong, resolve)));
    const askFile: AskFile = (record, fits) =>
      new Promise((resolve) => app.show(chooseView(record.nodes[0]!, fits, resolve)));
    const attempt = async (): Promise<void> => {
      app.show(loadingView(() => t("opening")), false);
      try {
        const link = await opening.open(config, ask, askFile, () => app.show(loadingView(() => t("checking"))));
        showLink(app, engine, link);
      } catch (error) {
        const kind = asLinkError(error, "unsupported").kind;
        app.fail(error, kind === "network" || kind === "server" ? () => void attempt() : undefined);
      }
    };
    await attempt();
  } catch (error) {
    app.fail(error);
  }
}

function showLink(app: App, engine: Engine, link: Link): void {
  const context: Context = {
    app,
    link,
    engine,
    open(node) {
      app.show(node.kind === "folder" ? new FolderView(context, node) : new FileView(context, node));
    },
  };
  context.open(link.record.nodes[0]!);
}
