/** Making elements. Only through the DOM's own methods: no text is ever parsed as HTML here. */

type Child = Node | string | null | undefined | false;

interface Attributes {
  [name: string]: string | number | boolean | ((event: Event) => void) | null | undefined;
}

/** `h("button.primary", { onclick: f, type: "button" }, "Save")`: a name with classes, attributes, children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  what: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = what.split(".") as [K, ...string[]];
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  file: "M6.5 3.500h7.500l4.500 4.500v10.500a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2V5.500a2 2 0 0 1 2-2zM13.500 3.500V8.500h5",
  text: "M6.5 3.500h7.500l4.500 4.500v10.500a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2V5.500a2 2 0 0 1 2-2zM13.500 3.500V8.500h5M8 12h7M8 15h7M8 18h4",
  archive:
    "M6.500 3.500h7.500l4.500 4.500v10.500a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2V5.500a2 2 0 0 1 2-2zM13.500 3.500V8.500h5M9.500 6v.1M9.500 9v.1M9.500 12v.1M8.200 15v2.500h2.600V15z",
  image:
    "M5.700 5h12.600a2.200 2.200 0 0 1 2.200 2.200v9.600a2.200 2.200 0 0 1-2.200 2.200H5.700a2.200 2.200 0 0 1-2.200-2.200V7.200A2.200 2.200 0 0 1 5.700 5zM4 17l5-4.500 3.500 3 3-2.500 5 4M8.500 8.200a1.500 1.500 0 1 0 .01 0z",
  video:
    "M5.700 5h12.600a2.200 2.200 0 0 1 2.200 2.200v9.600a2.200 2.200 0 0 1-2.200 2.200H5.700a2.200 2.200 0 0 1-2.200-2.200V7.200A2.200 2.200 0 0 1 5.700 5zM10 9v6l5-3z",
  audio: "M9 17.500V6l10-1.500v11M6.700 15.200a2.300 2.300 0 1 0 .01 0zM16.700 13.200a2.300 2.300 0 1 0 .01 0z",
  folder:
    "M3.500 7.500a2 2 0 0 1 2-2h3.300c.6 0 1.100.2 1.500.7L11.600 7.500h6.900a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z",
  link: "M10 13.500a4 4 0 0 0 6 .4l2.500-2.500a4 4 0 0 0-5.700-5.700L11.500 7M14 10.500a4 4 0 0 0-6-.4l-2.500 2.500a4 4 0 0 0 5.700 5.700l1.300-1.300",
  download: "M12 4.500v11M7.500 11 12 15.500l4.500-4.500M4.500 15.500v2.500a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2.500",
  check: "M5 12.500l4.500 4.500L19 7.500",
  warning: "M12 4.500 3.500 19.500h17zM12 10v4.500M12 17v.1",
  lock: "M7.500 10.500h9a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-2.500 2.500h-9A2.500 2.500 0 0 1 5 18v-5a2.500 2.500 0 0 1 2.500-2.500zM8 10.500V7.500a4 4 0 0 1 8 0v3M12 14.500v2",
  clock: "M12 3.500a8.500 8.500 0 1 0 .01 0zM12 7.500V12l3 2",
  broken: "M4 4l16 16M8.500 5.500h7a2 2 0 0 1 2 2V15M17.500 18.500h-11a2 2 0 0 1-2-2v-9",
  right: "M9.500 6.500 15 12l-5.500 5.500",
  left: "M14.500 6.500 9 12l5.500 5.500",
} as const;

export type Icon = keyof typeof ICONS;

/** Decoration: what it says stands beside it as text. */
export function icon(name: Icon, className = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${className}`);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
