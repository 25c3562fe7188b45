// The service worker: keeps the files of one build of the page, and answers with them when there is no network too.

declare const build: { readonly name: string; readonly files: readonly string[] };

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  readonly location: { readonly href: string };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Asked) => void): void;
}

const scope = globalThis as unknown as Scope;
const prefix = "rulewright-playground-";
const name = prefix + build.name;
const addresses = new Set(build.files.map((file) => new URL(file, scope.location.href).href));

scope.addEventListener("install", (event) =>
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => cache.addAll([...addresses].map((address) => new Request(address, { cache: "no-cache" }))))
      .then(() => scope.skipWaiting()),
  ),
);

scope.addEventListener("activate", (event) =>
  event.waitUntil(
    caches.keys().then((names) => {
      const old = names.filter((one) => one.startsWith(prefix) && one !== name);
      return Promise.all(old.map((one) => caches.delete(one)));
    }),
  ),
);

scope.addEventListener("fetch", (event) => {
  const address = event.request.url.replace(/[?#].*$/u, "");
  if (event.request.method !== "GET" || !addresses.has(address)) return;
  event.respondWith(caches.open(name).then(async (cache) => (await cache.match(address)) ?? fetch(event.request)));
});
