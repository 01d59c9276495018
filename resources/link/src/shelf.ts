/**
 * Room on the browser's own disk for downloads that are too large for its memory, where it offers neither a picker nor a
 * service worker: plain http from another machine, and some browsers with files. A database, since that is all there is in
 * such a page. What lies there is as readable as the download itself, and goes when that is done, given up, or the page left;
 * of a page that crashed, when the next one of its host begins.
 */

import { randomHex } from "./bytes.ts";
import { LinkError } from "./errors.ts";

const PREFIX = "megadesk-";
const STORE = "parts";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no reason given"));
  });
}

export class Shelf {
  private count = 0;
  private readonly leave = (): void => this.clear();

  private constructor(
    private readonly name: string,
    private readonly database: IDBDatabase,
  ) {
    addEventListener("pagehide", this.leave);
  }

  /** Throws "too-large" where the browser keeps nothing for this page. */
  static async open(): Promise<Shelf> {
    try {
      const name = `${PREFIX}${Date.now()}-${randomHex(8)}`;
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      return new Shelf(name, await done(request));
    } catch (error) {
      throw new LinkError("too-large", `no room on the disk: ${error instanceof Error ? error.name : ""}`);
    }
  }

  /** The same bytes, no longer in memory. Throws "write" where the disk or the browser's share of it is full. */
  async put(part: Blob): Promise<Blob> {
    const key = this.count++;
    try {
      const writing = this.database.transaction(STORE, "readwrite");
      writing.objectStore(STORE).put(part, key);
      await new Promise<void>((resolve, reject) => {
        writing.oncomplete = () => resolve();
        writing.onabort = () => reject(writing.error ?? new Error("no reason given"));
      });
      const kept: unknown = await done(this.database.transaction(STORE).objectStore(STORE).get(key));
      if (kept instanceof Blob && kept.size === part.size) return kept;
    } catch (error) {
      throw new LinkError("write", `a part was not kept: ${error instanceof Error ? error.name : ""}`);
    }
    throw new LinkError("write", "a part was not kept");
  }

  /** Not before the browser has saved what was made of the parts, except where it can go on reading them. */
  clear(): void {
    removeEventListener("pagehide", this.leave);
    this.database.close();
    indexedDB.deleteDatabase(this.name);
  }
}

/**
 * Removes what pages of this host left that did not come to their end. A page that is still at work has its database open:
 * that one goes when it is closed.
 */
export async function clearForgotten(): Promise<void> {
  try {
    for (const { name } of (await indexedDB.databases?.()) ?? []) {
      if (name?.startsWith(PREFIX)) indexedDB.deleteDatabase(name);
    }
  } catch {
    // a browser that keeps nothing for this page
  }
}
