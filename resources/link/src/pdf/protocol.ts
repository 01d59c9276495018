/** What the page and the frame with the viewer say to each other. The frame is not trusted: it may say anything. */

import type { Bytes } from "../bytes.ts";

/** From the frame to its parent, once, when it listens. */
export const READY = "megadesk-pdf-ready";

/** Words for what the viewer shows, in the language of the page; `{}` are filled in. */
export interface Words {
  page: string;
  pages: string;
  smaller: string;
  larger: string;
  cut: string;
  unshown: string;
}

/** To the frame, with a port for what it answers. */
export interface Start {
  data: Bytes;
  language: string;
  name: string;
  words: Words;
}

/** From the frame by that port. */
export type Outcome = "shown" | "broken" | "password";
export const OUTCOMES: readonly unknown[] = ["shown", "broken", "password"] satisfies Outcome[];
