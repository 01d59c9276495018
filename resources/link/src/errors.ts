/** Everything that can go wrong with a link, as kinds that have words in both languages. */

export type Kind =
  | "incomplete" // the address has no key, or a cut one
  | "unknown" // the server knows no such link
  | "revoked"
  | "expired"
  | "used-up"
  | "gone" // refused while it was open
  | "damaged" // something does not hold: altered, cut, mixed up
  | "password" // the wrong one
  | "network" // nothing answers
  | "server" // answers, but not usefully
  | "unsupported" // this browser cannot
  | "newer" // made by a later MegaDesk
  | "too-large" // for a browser that must keep all of it in memory
  | "file" // that the person chose: moved, or changed since
  | "write" // the disk or the browser refused to take the bytes
  | "cancelled";

export class LinkError extends Error {
  constructor(
    readonly kind: Kind,
    /** For the console and tests; never shown, and never with anything secret in it. */
    detail = "",
  ) {
    super(detail ? `${kind}: ${detail}` : kind);
    this.name = "LinkError";
  }
}

/** Any error as a LinkError; what is not one becomes `otherwise`. */
export function asLinkError(error: unknown, otherwise: Kind): LinkError {
  if (error instanceof LinkError) return error;
  if (error instanceof DOMException && error.name === "AbortError") return new LinkError("cancelled");
  return new LinkError(otherwise, error instanceof Error ? error.message : String(error));
}
