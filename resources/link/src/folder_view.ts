/** A folder: what is in it, everything as one ZIP, or one file at a time. Lists of any length draw what is on screen. */

import type { Context, View } from "./app.ts";
import { h, icon } from "./dom.ts";
import { TYPE_ICONS, aboutLink, facts, lifetime, title } from "./file_view.ts";
import { fileCount, language, size, t } from "./i18n.ts";
import { safeName, shown, typeOf } from "./names.ts";
import type { Node } from "./record.ts";
import { Saving } from "./saving.ts";
import { entries, zip, zipSize } from "./zip.ts";

const ROW = 56;
const MARGIN_ROWS = 8;

export class FolderView implements View {
  private readonly saving: Saving;
  private rows: Node[] = [];
  private sortedFor = "";

  constructor(
    private readonly context: Context,
    private readonly folder: Node,
  ) {
    const { reader, record } = context.link;
    const top = record.nodes[0] === folder;
    this.saving = new Saving(
      context.app,
      () => t(top ? "downloadZip" : "downloadThisZip"),
      () => {
        const list = entries(folder);
        return {
          name: `${safeName(folder)}.zip`,
          size: zipSize(list),
          pieces: (options) => zip(list, reader, options),
        };
      },
    );
  }

  render(): HTMLElement {
    const { folder, context } = this;
    const { record } = context.link;
    const top = record.nodes[0] === folder;
    this.sort();
    const leftOut = hasLinks(folder);
    return h("section.card.folder", {},
      !top && this.crumbs(),
      h("div.head", {}, h("div.type.folder", {}, icon("folder")), h("div.words", {},
        title(folder),
        facts(fileCount(folder.files), size(folder.size), top && record.live && t("live")),
        top && lifetime(record),
      )),
      ...(top ? aboutLink(record) : []),
      folder.children.length > 0 && this.saving.render(),
      leftOut && h("p.hint", {}, t("linksLeftOut")),
      folder.children.length ? this.list() : h("p.empty", {}, t("emptyFolder")),
    );
  }

  private sort(): void {
    if (this.sortedFor === language()) return;
    this.sortedFor = language();
    const order = new Intl.Collator(language(), { numeric: true });
    const keyed = this.folder.children.map((node) => ({ node, name: shown(node) }));
    const rank = (node: Node): number => (node.kind === "folder" ? 0 : 1);
    keyed.sort((a, b) => rank(a.node) - rank(b.node) || order.compare(a.name, b.name));
    this.rows = keyed.map(({ node }) => node);
  }

  private crumbs(): HTMLElement {
    const chain: Node[] = [];
    for (let at: Node | null = this.folder; at; at = at.parent) chain.unshift(at);
    const items = chain.map((node, number) => {
      const last = number === chain.length - 1;
      const name = h("bdi", {}, shown(node));
      if (last) return h("li", { "aria-current": "page" }, name);
      return h("li", {}, h("button.crumb", { type: "button", onclick: () => this.go(node) }, name), icon("right"));
    });
    return h("nav.crumbs", { "aria-label": t("path") }, h("ol", {}, ...items));
  }

  private go(node: Node): void {
    this.context.open(node);
  }

  /** Rows of one height in a box that scrolls; only those near the visible part exist. */
  private list(): HTMLElement {
    const { rows } = this;
    const inner = h("div.rows", { role: "list", "aria-label": t("contents", shown(this.folder)) });
    const outer = h("div.list", { tabindex: -1 }, inner);
    inner.style.height = `${rows.length * ROW}px`;
    const drawn = new Map<number, HTMLElement>();
    const draw = (): void => {
      const height = outer.clientHeight || 600;
      const first = Math.max(0, Math.floor(outer.scrollTop / ROW) - MARGIN_ROWS);
      const last = Math.min(rows.length, Math.ceil((outer.scrollTop + height) / ROW) + MARGIN_ROWS);
      for (const [number, row] of drawn) {
        if ((number < first || number >= last) && !row.contains(document.activeElement)) {
          row.remove();
          drawn.delete(number);
        }
      }
      for (let number = first; number < last; number++) {
        if (drawn.has(number)) continue;
        const row = this.row(rows[number]!, number);
        drawn.set(number, row);
        let before: Element | null = null; // the order of the elements is that of Tab and of screen readers
        for (let next = number + 1; next < last && !before; next++) before = drawn.get(next) ?? null;
        inner.insertBefore(row, before);
      }
    };
    outer.addEventListener("scroll", draw, { passive: true });
    inner.addEventListener("keydown", (event) => this.key(event, outer, drawn, draw));
    new ResizeObserver(draw).observe(outer);
    draw();
    return outer;
  }

  private row(node: Node, number: number): HTMLElement {
    const [type] = typeOf(node);
    const name = h("bdi", {}, shown(node));
    const kind = node.kind === "folder" ? "folder" : node.kind === "symlink" ? "link" : TYPE_ICONS[type];
    const detail = node.kind === "folder" ? fileCount(node.files) : node.kind === "file" ? size(node.size) : t("symlink");
    const words = [icon(kind, node.kind), h("span.row-name", { title: shown(node) }, name), h("span.row-size", {}, detail)];
    const content =
      node.kind === "symlink"
        ? h("div.row-button.inert", {}, ...words)
        : h("button.row-button", { type: "button", "data-row": number, onclick: () => this.go(node) }, ...words, icon("right", "chevron"));
    const item = h("div.row", { role: "listitem", "aria-setsize": this.rows.length, "aria-posinset": number + 1 }, content);
    item.style.transform = `translateY(${number * ROW}px)`;
    return item;
  }

  private key(event: KeyboardEvent, outer: HTMLElement, drawn: Map<number, HTMLElement>, draw: () => void): void {
    const target = event.target as HTMLElement;
    const at = Number(target.dataset["row"] ?? -1);
    const page = Math.max(1, Math.floor(outer.clientHeight / ROW) - 1);
    const moves: { [key: string]: number } = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    const wanted = moves[event.key];
    if (wanted === undefined || at < 0) return;
    event.preventDefault();
    const number = Math.min(Math.max(wanted, 0), this.rows.length - 1);
    const top = number * ROW;
    if (top < outer.scrollTop) outer.scrollTop = top;
    else if (top + ROW > outer.scrollTop + outer.clientHeight) outer.scrollTop = top + ROW - outer.clientHeight;
    draw();
    drawn.get(number)?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }
}

function hasLinks(folder: Node): boolean {
  const open = [folder];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === "symlink") return true;
    open.push(...next.children);
  }
  return false;
}
