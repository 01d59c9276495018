/**
 * The service worker: hands what the page decrypts to the browser's own download, and to players that seek. It keeps
 * nothing, knows no keys, and asks the pages it serves who owns an address. Everything but `~/...` it leaves alone.
 *
 * Protocol: {megadesk: 1, id, range} with a port, to all pages of this scope. The owner answers on the port with
 * {status, headers}; for each "pull" it sends an array of byte arrays, and null at the end. {error} breaks the answer
 * off, so that the browser discards the download. "cancel" is sent when the browser wants no more.
 */

export {};

const worker = self as unknown as ServiceWorkerGlobalScope;

const PREFIX = new URL("./~/", worker.location.href).pathname;
const ANSWER_MS = 10_000;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => {
  // The page's sign of life: as long as it comes, browsers do not put this worker to sleep in the middle of a download.
  if (event.data === "hello") event.source?.postMessage("hello");
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== worker.location.origin || !url.pathname.startsWith(PREFIX)) return;
  const id = url.pathname.slice(PREFIX.length);
  event.respondWith(answer(id, event.request));
});

interface Head {
  status: number;
  headers: [string, string][];
}
type Message = Head | { chunks: Uint8Array<ArrayBuffer>[] | null } | { error: string };

async function answer(id: string, request: Request): Promise<Response> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const channels = pages.map((page) => {
    const channel = new MessageChannel();
    page.postMessage({ megadesk: 1, id, range: request.headers.get("Range") }, [channel.port2]);
    return channel.port1;
  });
  return new Promise((resolve) => {
    const none = setTimeout(() => resolve(new Response(null, { status: 404 })), ANSWER_MS);
    for (const port of channels) {
      port.onmessage = ({ data }: MessageEvent<Message>) => {
        if (!("status" in data)) return;
        clearTimeout(none);
        resolve(new Response(body(port), { status: data.status, headers: data.headers }));
      };
    }
  });
}

const rubbish: number[][] = [];

/**
 * What the browser has sent off is collected when the worker's own heap fills, which it would hardly ever do: gigabytes
 * would pile up behind a few small objects. So every eight megabytes leave one megabyte of numbers.
 */
function makeRubbish(): void {
  rubbish.length = 0;
  for (let i = 0; i < 32; i++) rubbish.push(new Array<number>(8192).fill(0));
}

function body(port: MessagePort): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        return new Promise<void>((resolve) => {
          port.onmessage = ({ data }: MessageEvent<Message>) => {
            if ("error" in data) controller.error(new Error("the page broke off"));
            else if ("chunks" in data && data.chunks) for (const chunk of data.chunks) controller.enqueue(chunk);
            else controller.close();
            makeRubbish();
            resolve();
          };
          port.postMessage("pull");
        });
      },
      cancel() {
        port.postMessage("cancel");
      },
    },
    { highWaterMark: 0 },
  );
}
