/**
 * What this page may load and reach. The page's own Content-Security-Policy (build.mjs) allows requests to any host, as a
 * page opened from a file may have to ask a server or bucket for the packs; as soon as it is known where that is, and
 * before anything is fetched from there, it is narrowed to it. Policies only ever add up.
 */

interface Rules<T> {
  createScriptURL(url: string): T;
  createHTML(text: string): T;
}

let made: Rules<unknown> | null = null;
const allowed = new Set<string>();

interface TrustedTypes {
  createPolicy(name: string, rules: Rules<string>): Rules<unknown>;
}

function passes(wanted: string): string {
  if (!allowed.has(wanted)) throw new TypeError("not of this page");
  return wanted;
}

/** `text` as a type that the browser takes, by the only policy there is, which passes nothing else. */
function trusted(kind: keyof Rules<string>, text: string): string {
  const factory = (globalThis as unknown as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!factory) return text;
  made ??= factory.createPolicy("megadesk", { createScriptURL: passes, createHTML: passes });
  allowed.add(text);
  try {
    return made[kind](text) as string;
  } finally {
    allowed.delete(text);
  }
}

/** Addresses of scripts: this page's service worker, and workers made of this very script. Nothing else passes. */
export function scriptUrl(url: string): string {
  return trusted("createScriptURL", url);
}

/**
 * Makes `frame` a document with nothing in it but a script, which must be named by its digest in `policy` and in this page's
 * own policy, which the frame inherits.
 */
export function scriptFrame(frame: HTMLIFrameElement, policy: string, script: string): void {
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`;
  frame.srcdoc = trusted("createHTML", `<!doctype html><head>${head}</head><body><script>${script}</script></body>`);
}

/** From now on requests go to these origins only. */
export function narrowConnections(origins: Iterable<string>): void {
  const sources = [...new Set(origins)].filter((each) => each !== "null"); // file: has no origin to name
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = `connect-src ${sources.length ? sources.join(" ") : "'none'"}`;
  document.head.append(meta);
}
