/** Views that only say something: loading, the password, what went wrong. */

import type { View } from "./app.ts";
import { type Icon, h, icon } from "./dom.ts";
import type { Kind, LinkError } from "./errors.ts";
import { type Text, size, t } from "./i18n.ts";
import { shown } from "./names.ts";
import type { Node } from "./record.ts";
import { blobLimit } from "./sinks.ts";

export function loadingView(text: () => string): View {
  return {
    render: () => h("section.card.message", { "aria-busy": "true" }, h("div.spinner"), h("p.quiet", { role: "status" }, text())),
  };
}

export function passwordView(wrong: boolean, done: (password: string) => void): View {
  let complaint: Text | null = wrong ? "passwordWrong" : null;
  let typed = "";
  let visible = false;
  const view: View = {
    render() {
      const problem = h("p.problem", { id: "problem", role: "alert" }, complaint && t(complaint));
      const field = h("input", {
        id: "password",
        type: visible ? "text" : "password",
        autocomplete: "off",
        "data-focus": true,
        spellcheck: "false",
        autocapitalize: "off",
        "aria-describedby": "problem",
        "aria-invalid": complaint ? "true" : null,
        oninput: () => (typed = field.value),
      });
      field.value = typed;
      const toggle = h("button.inside", {
        type: "button",
        "aria-pressed": String(visible),
        onclick: () => {
          visible = !visible;
          field.type = visible ? "text" : "password";
          toggle.textContent = t(visible ? "hide" : "show");
          toggle.setAttribute("aria-pressed", String(visible));
          field.focus();
        },
      }, t(visible ? "hide" : "show"));
      const submit = (event: Event): void => {
        event.preventDefault();
        if (field.value) {
          done(field.value);
          return;
        }
        complaint = "passwordEmpty";
        problem.textContent = t(complaint);
        field.setAttribute("aria-invalid", "true");
        field.focus();
      };
      return h("section.card.message", {},
        badge("lock", "accent"),
        h("h1", {}, t("passwordTitle")),
        h("p.quiet", {}, t("passwordText")),
        h("form", { novalidate: true, onsubmit: submit },
          h("label", { for: "password" }, t("password")),
          h("div.field", {}, field, toggle),
          problem,
          h("button.primary", { type: "submit" }, t("open")),
        ),
      );
    },
  };
  return view;
}

/** For a page with its packs behind it, in a file that it may not read by itself. `done` is told of the right file. */
export function chooseView(thing: Node, fits: (file: File) => Promise<boolean>, done: (file: File) => void): View {
  let complaint = "";
  const own = fileName();
  return {
    render() {
      const problem = h("p.problem", { id: "problem", role: "alert" }, complaint && t("chooseWrong", complaint));
      const take = async (file: File | null | undefined): Promise<void> => {
        if (!file) return;
        if (await fits(file)) {
          done(file);
          return;
        }
        complaint = file.name;
        problem.textContent = t("chooseWrong", complaint);
      };
      const field = h("input.hidden", {
        type: "file",
        tabindex: -1,
        "aria-hidden": "true",
        onchange: () => {
          void take(field.files?.[0]);
          field.value = "";
        },
      });
      const drop = (event: Event): void => {
        event.preventDefault();
        if (event.type === "drop") void take((event as DragEvent).dataTransfer?.files[0]);
      };
      const text = /^http/.test(location.protocol) ? "chooseWebText" : "chooseText";
      return h("section.card.message.choose", { ondragover: drop, ondrop: drop },
        badge("file", "accent"),
        h("h1", {}, t("chooseTitle")),
        h("p.quiet", {}, t(text, shown(thing), size(thing.size), own)),
        problem,
        field,
        h("div.actions", {}, h("button.primary", { type: "button", "data-focus": true, onclick: () => field.click() }, t("chooseButton"))),
      );
    },
  };
}

const ICONS: Partial<{ [kind in Kind]: Icon }> = {
  expired: "clock",
  "used-up": "clock",
  network: "broken",
  server: "broken",
  incomplete: "link",
  unknown: "link",
  revoked: "link",
  gone: "link",
};

/** Title and text of an error, in words that say what to do. */
export function errorWords({ kind }: LinkError, wanted = 0): [string, string] {
  if (kind === "password") return [t("passwordTitle"), t("passwordWrong")];
  if (kind === "cancelled") return [t("cancelled"), ""];
  return [t(kind), t(`${kind}Text` as Text, size(wanted), size(blobLimit()))];
}

export function errorView(error: LinkError, again?: () => void): View {
  return {
    render() {
      const [title, text] = errorWords(error);
      return h("section.card.message", { role: "alert" },
        badge(ICONS[error.kind] ?? "warning", error.kind === "damaged" ? "danger" : "warn"),
        h("h1", {}, title),
        h("p.quiet", {}, text),
        again && h("div.actions", {}, h("button.primary", { type: "button", onclick: again }, t("tryAgain"))),
      );
    },
  };
}

export function badge(name: Icon, tone: "accent" | "warn" | "danger" | "good"): HTMLElement {
  return h(`div.badge.${tone}`, {}, icon(name));
}

/** Of the file that this page is in. */
function fileName(): string {
  const name = location.pathname.slice(location.pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name) || "index.html";
  } catch {
    return name;
  }
}
