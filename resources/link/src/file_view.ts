/** One file: what it is, a button to save it, and a preview where that is safe. */

import type { Context, View } from "./app.ts";
import { type Icon, h, icon } from "./dom.ts";
import { type Text, date, size, t } from "./i18n.ts";
import { type FileType, safeName, shown, typeOf } from "./names.ts";
import { Preview, previewable } from "./preview.ts";
import type { Node, Record } from "./record.ts";
import { Saving } from "./saving.ts";

export const TYPE_ICONS: { [type in FileType]: Icon } = {
  image: "image",
  video: "video",
  audio: "audio",
  pdf: "text",
  text: "text",
  archive: "archive",
  other: "file",
};
const TYPE_NAMES: { [type in FileType]: Text } = {
  image: "typeImage",
  video: "typeVideo",
  audio: "typeAudio",
  pdf: "typePdf",
  text: "typeText",
  archive: "typeArchive",
  other: "typeOther",
};

/** A name that may be long, in its own direction, broken where it must be. */
export function title(node: Node): HTMLElement {
  return h("h1.name", { title: shown(node) }, h("bdi", {}, shown(node)));
}

/** Note, expiry: what the sender said about the link. */
export function aboutLink(record: Record): HTMLElement[] {
  const about: HTMLElement[] = [];
  if (record.note) {
    about.push(h("figure.note", {}, h("figcaption", {}, t("note")), h("blockquote", { dir: "auto" }, record.note)));
  }
  return about;
}

export function facts(...parts: (string | false)[]): HTMLElement {
  return h("p.facts", {}, parts.filter(Boolean).join(" · "));
}

/** How long the link lasts, on a line of its own. */
export function lifetime(record: Record): HTMLElement | false {
  return record.expiresMs > 0 && h("p.facts.lifetime", {}, t("until", date(record.expiresMs)));
}

export class FileView implements View {
  private readonly saving: Saving;
  private preview: Preview | null = null;
  private readonly place = h("div.preview-place");

  constructor(
    private readonly context: Context,
    private readonly node: Node,
  ) {
    const { reader } = context.link;
    this.saving = new Saving(
      context.app,
      () => t("download"),
      () => ({
        name: safeName(node),
        size: node.size,
        pieces: (options) => reader.slices(node.slices, options),
      }),
      () => (previewable(node, context.link.server) ? [this.previewButton()] : []),
    );
  }

  render(): HTMLElement {
    const { node, context } = this;
    const { record } = context.link;
    const [type] = typeOf(node);
    const top = record.nodes[0] === node;
    const back = (): void => {
      this.preview?.close();
      context.open(node.parent!);
    };
    this.preview?.render();
    return h("section.card.file", {},
      !top && h("button.back", { type: "button", onclick: back }, icon("left"), h("bdi", {}, shown(node.parent!))),
      h("div.head", {}, h(`div.type.${type}`, {}, icon(TYPE_ICONS[type])), h("div.words", {},
        title(node),
        facts(t(TYPE_NAMES[type]), size(node.size)),
        top && lifetime(record),
      )),
      ...(top ? aboutLink(record) : []),
      this.saving.render(),
      this.place,
    );
  }

  private previewButton(): HTMLElement {
    const button = h("button", {
      type: "button",
      "aria-expanded": String(this.preview !== null),
      onclick: () => {
        if (this.preview) {
          this.preview.close();
          this.preview = null;
        } else {
          this.preview = new Preview(this.context, this.node, this.place);
        }
        button.textContent = t(this.preview ? "closePreview" : "preview");
        button.setAttribute("aria-expanded", String(this.preview !== null));
      },
    }, t(this.preview ? "closePreview" : "preview"));
    return button;
  }
}
