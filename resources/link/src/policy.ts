/**
 * What this page may load and reach. The page's own Content-Security-Policy (build.mjs) allows requests to any host, as a
 * page opened from a file may have to ask a server or bucket for the packs; as soon as it is known where that is, and
 * before anything is fetched from there, it is narrowed to it. Policies only ever add up.
 */

let made: { createScriptURL(url: string): unknown } | null = null;
const allowed = new Set<string>();

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Addresses of scripts: this page's service worker, and workers made of this very script. Nothing else passes. */
export function scriptUrl(url: string): string {
  const factory = (globalThis as unknown as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!factory) return url;
  made ??= factory.createPolicy("megadesk", {
    createScriptURL(wanted) {
      if (!allowed.has(wanted)) throw new TypeError("not a script of this page");
      return wanted;
    },
  });
  allowed.add(url);
  try {
    return made.createScriptURL(url) as string;
  } finally {
    allowed.delete(url);
  }
}

/** From now on requests go to these origins only. */
export function narrowConnections(origins: Iterable<string>): void {
  const sources = [...new Set(origins)].filter((each) => each !== "null"); // file: has no origin to name
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = `connect-src ${sources.length ? sources.join(" ") : "'none'"}`;
  document.head.append(meta);
}
