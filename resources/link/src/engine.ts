/** Opens slices: by WebCrypto, or where there is none by workers that run this page's own script with noble's AES. */

import { haveWebCrypto, plainCipher, webCipher } from "./aead.ts";
import type { Bytes } from "./bytes.ts";
import { LinkError } from "./errors.ts";
import { type Failure, FloeError, openSlice } from "./floe.ts";
import { type PasswordCost, passwordKey } from "./kdf.ts";
import { scriptUrl } from "./policy.ts";

export interface Engine {
  /** The verified plaintext of a whole slice, in pieces. `stored` must not be used afterwards. FloeError else. */
  openSlice(stored: Bytes, key: Bytes, aad: Bytes, plain: number): Promise<Bytes[]>;
  passwordKey(password: string, salt: Bytes, cost: PasswordCost): Promise<Bytes>;
}

type Task =
  | { task: "slice"; stored: Bytes; key: Bytes; aad: Bytes; plain: number }
  | { task: "password"; password: string; salt: Bytes; cost: PasswordCost };
type Request = Task & { number: number };
type Answer = { number: number; pieces?: Bytes[]; derived?: Bytes; failure?: Failure; error?: string };

/** This page's script, to be given to workers. Must be called while the script first runs. */
export function ownScript(): string {
  return document.currentScript?.textContent ?? "";
}

/** What a worker made of this script does. */
export function workerMain(): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<Request>) => void;
    postMessage(message: Answer, transfer: ArrayBuffer[]): void;
  };
  scope.onmessage = async ({ data }) => {
    try {
      if (data.task === "password") {
        const derived = await passwordKey(data.password, data.salt, data.cost);
        scope.postMessage({ number: data.number, derived }, []);
      } else {
        const pieces = await openSlice(plainCipher, data.key, data.aad, data.stored, data.plain);
        const buffers = pieces.map((piece) => piece.buffer);
        scope.postMessage({ number: data.number, pieces }, buffers);
      }
    } catch (error) {
      if (error instanceof FloeError) scope.postMessage({ number: data.number, failure: error.failure }, []);
      else scope.postMessage({ number: data.number, error: String(error) }, []);
    }
  };
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

class Pool {
  private readonly idle: Worker[] = [];
  private readonly queue: [Request, ArrayBuffer[], Waiting][] = [];
  private readonly busy = new Map<Worker, Waiting>();
  private number = 0;
  private room: number;

  constructor(
    private readonly url: string,
    size: number,
  ) {
    this.room = size;
  }

  run(task: Task, transfer: ArrayBuffer[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.queue.push([{ ...task, number: this.number++ }, transfer, { resolve, reject }]);
      this.next();
    });
  }

  private next(): void {
    if (!this.queue.length) return;
    const worker = this.idle.pop() ?? this.start();
    if (!worker) return;
    const [request, transfer, waiting] = this.queue.shift()!;
    this.busy.set(worker, waiting);
    worker.postMessage(request, transfer);
  }

  private start(): Worker | null {
    if (this.room === 0) return null;
    this.room--;
    const worker = new Worker(scriptUrl(this.url));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.busy.get(worker);
      this.busy.delete(worker);
      this.idle.push(worker);
      waiting?.resolve(data);
      this.next();
    };
    worker.onerror = () => {
      this.busy.get(worker)?.reject(new LinkError("unsupported", "a worker of this page does not run"));
      this.busy.delete(worker);
    };
    return worker;
  }
}

const POOL_LIMIT = 4;

export function makeEngine(script: string): Engine {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const pool = new Pool(url, Math.max(1, Math.min(POOL_LIMIT, navigator.hardwareConcurrency || 2)));
  return {
    openSlice(stored, key, aad, plain) {
      if (haveWebCrypto()) return openSlice(webCipher, key, aad, stored, plain);
      return pool.run({ task: "slice", stored, key, aad, plain }, [stored.buffer]).then((answer) => {
        if (answer.pieces) return answer.pieces;
        throw answer.failure ? new FloeError(answer.failure) : new LinkError("unsupported", answer.error);
      });
    },
    async passwordKey(password, salt, cost) {
      const { derived, error } = await pool.run({ task: "password", password, salt, cost }, []);
      if (derived) return derived;
      throw new LinkError("unsupported", error);
    },
  };
}
