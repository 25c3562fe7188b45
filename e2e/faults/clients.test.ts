// Clients that are slow, broken or many, and a stop while they wait: the others are served all the same.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTar } from "#bundles/tar.ts";
import { eventually } from "../programs/run.ts";
import { adminToken, type RmsProcess, startRms } from "../sidecar/rms-process.ts";
import { type Bare, bare, statusOf } from "./socket.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const bundle = "/opa/v1/bundles/shop/main/dev";
const authorization = `Bearer ${adminToken}`;
let rms: RmsProcess;

beforeAll(async () => {
  rms = await startRms();
  // More than the kernel takes off the server's hands.
  await fill(rms, 9_000_000);
});

afterAll(async () => {
  await rms?.stop();
});

/** A bundle of so many bytes: random text does not pack. */
async function fill(server: RmsProcess, size: number): Promise<void> {
  await server.call("POST", "/api/v1/domains", { id: "shop" });
  await server.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
  await publish(server, "1.0.0", size);
}

async function publish(server: RmsProcess, version: string, size = 5_000_000): Promise<void> {
  const noise = randomBytes(size).toString("base64");
  const files = {
    "shop.rego": `package shop\n\ndefault allow := false\n\nversion := "${version}"\n`,
    "data.json": JSON.stringify({ shop: { noise } }),
  };
  const named = Object.entries(files).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
  const sent = await fetch(`${server.url}${policy}/versions?version=${version}`, {
    method: "POST",
    headers: { authorization, "content-type": "application/gzip" },
    body: gzipSync(writeTar(named)),
  });
  expect(sent.status, await sent.text()).toBe(201);
  expect((await server.call("PUT", `${policy}/channels/dev`, { version })).status).toBeLessThan(300);
}

/** Some ordinary requests are answered soon. The first may come while everybody connects; none waits for clients whose time runs out after 15 s. */
async function othersAreServed(): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 20; n++) {
    const started = performance.now();
    expect((await rms.call("GET", domain)).status).toBe(200);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  expect(times[10]).toBeLessThan(1000);
  expect(times.at(-1)).toBeLessThan(10_000);
}

const tagOf = async (): Promise<string> =>
  (await fetch(rms.url + bundle, { method: "HEAD", headers: { authorization } })).headers.get("etag") ?? "";

/** Megabytes that the server's process holds. */
function residentMegabytes({ child }: RmsProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

test("headers and bodies that drip in, and bundles that nobody reads, cost little and are given up", async () => {
  const before = residentMegabytes(rms);
  const head = `GET ${bundle} HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\n`;
  const dripping = Array.from({ length: 100 }, () => bare(rms.url, "GET /healthz HTTP/1.1\r\nHost: rms\r\n"));
  const bodies = Array.from({ length: 100 }, () =>
    bare(
      rms.url,
      `POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    ),
  );
  const readers = Array.from({ length: 100 }, () => {
    const one = bare(rms.url, `${head}\r\n`);
    one.socket.pause();
    return one;
  });
  const drip = setInterval(() => {
    for (const { socket } of dripping) if (!socket.destroyed) socket.write("X");
    for (const { socket } of bodies) if (!socket.destroyed) socket.write(" ");
  }, 500);
  await sleep(1000);
  await othersAreServed();
  // One copy of the bundle for all readers, beside what the kernel holds.
  expect(residentMegabytes(rms) - before).toBeLessThan(150);
  const ends = async (clients: readonly Bare[]): Promise<number> =>
    Math.max(...(await Promise.all(clients.map(({ closed }) => closed))));
  expect(await ends(dripping)).toBeLessThan(30_000);
  expect(await ends(bodies)).toBeLessThan(60_000);
  clearInterval(drip);
  for (const { text } of bodies) expect([0, 408]).toContain(statusOf(text()));
  for (const { socket } of readers) socket.resume();
  // They were cut off in the middle, not served late. A kernel with much memory may take a whole bundle for some of them.
  const isServed = ({ text }: Bare): boolean => text().length > 9_000_000;
  await Promise.all(readers.map((one) => Promise.race([one.closed, eventually(async () => isServed(one) || undefined)])));
  expect(readers.filter(isServed).length).toBeLessThan(50);
  for (const { socket } of readers) socket.destroy();
  await othersAreServed();
});

const malformed: Readonly<Record<string, string>> = {
  "no HTTP at all": "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
  "a line without a version": "GET /\r\n\r\n",
  "an unknown method": "BREW /pot HTTP/1.1\r\nHost: rms\r\n\r\n",
  "another protocol version": "GET / HTTP/3.7\r\nHost: rms\r\n\r\n",
  "no host": "GET /healthz HTTP/1.1\r\n\r\n",
  "two lengths": "POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
  "a length and chunks":
    "POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
  "a negative length": "POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nContent-Length: -1\r\n\r\n",
  "a chunk of no size": "POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
  "a header without a name": "GET /healthz HTTP/1.1\r\nHost: rms\r\n: x\r\n\r\n",
  "a header with a line break": "GET /healthz HTTP/1.1\r\nHost: rms\r\nX: a\n b\r\n\r\n",
  "a zero byte in the path": "GET /health\u0000z HTTP/1.1\r\nHost: rms\r\n\r\n",
  "a bad escape in the path": `GET /api/v1/domains/%zz HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
  "half a character in the path": `GET /api/v1/domains/%e2%82 HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
  "an address as target": "GET http://169.254.169.254/ HTTP/1.1\r\nHost: rms\r\nConnection: close\r\n\r\n",
  "two slashes": "GET //evil/healthz HTTP/1.1\r\nHost: rms\r\nConnection: close\r\n\r\n",
  "a tunnel": "CONNECT rms:80 HTTP/1.1\r\nHost: rms\r\n\r\n",
  "headers of 20 KB": `GET /healthz HTTP/1.1\r\nHost: rms\r\nX: ${"a".repeat(20_000)}\r\n\r\n`,
  "an unknown expectation":
    "POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nExpect: tea\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
  "a length beyond the limit": `POST /opa/v1/status HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\nContent-Length: 99999999999\r\n\r\n{}`,
};

test.each(Object.entries(malformed))("malformed: %s", async (_, bytes) => {
  const one = bare(rms.url, Buffer.from(bytes, "latin1"));
  expect(await Promise.race([one.closed, sleep(12_000, Number.POSITIVE_INFINITY)])).toBeLessThan(12_000);
  const status = statusOf(one.text());
  expect(status === 0 || (status >= 400 && status < 500), one.text()).toBe(true);
  expect((await fetch(`${rms.url}/healthz`)).status).toBe(200);
});

test("a thousand requests in one connection are answered in order", async () => {
  const requests = Array.from({ length: 1000 }, (_, n) => `GET /nowhere/${n} HTTP/1.1\r\nHost: rms\r\n\r\n`).join("");
  const one = bare(rms.url, `${requests}GET /healthz HTTP/1.1\r\nHost: rms\r\nConnection: close\r\n\r\n`);
  await one.closed;
  const statuses = [...one.text().matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
  expect(statuses).toEqual([...Array.from({ length: 1000 }, () => "404"), "200"]);
});

test("clients that go away during long polls leave nothing behind", async () => {
  const tag = await tagOf();
  const gone = Array.from({ length: 300 }, () => {
    const leaving = new AbortController();
    const headers = { authorization, prefer: "modes=snapshot;wait=50", "if-none-match": tag };
    const poll = fetch(rms.url + bundle, { headers, signal: leaving.signal }).catch(() => undefined);
    return { poll, leaving };
  });
  await polling(rms, 300);
  for (const { leaving } of gone) leaving.abort();
  await Promise.all(gone.map(({ poll }) => poll));
  await polling(rms, 0);
});

/** Waits until so many long polls are open. */
function polling({ url }: RmsProcess, count: number): Promise<boolean> {
  return eventually(async () => {
    const text = await (await fetch(`${url}/metrics`, { headers: { authorization } })).text();
    const open = Number(/^rms_polls_open (\d+)/m.exec(text)?.[1] ?? Number.NaN);
    if (open !== count) throw new Error(`${open} long polls are open`);
    return true;
  });
}

test("two hundred long polls follow every publish without an error", async () => {
  await small("1.1.0");
  const end = performance.now() + 6000;
  const last = "3.9.9";
  const seen = await Promise.all([
    ...Array.from({ length: 200 }, async () => {
      const revisions = new Set<string>();
      for (let tag = ""; performance.now() < end + 60_000; ) {
        const headers = { authorization, prefer: "modes=snapshot;wait=20", ...(tag === "" ? {} : { "if-none-match": tag }) };
        const answer = await fetch(rms.url + bundle, { headers });
        expect([200, 304]).toContain(answer.status);
        await answer.arrayBuffer();
        tag = answer.headers.get("etag") ?? "";
        const revision = answer.headers.get("x-rms-revision") ?? "";
        revisions.add(revision);
        if (revision.startsWith(`shop/main@${last}`)) return revisions.size;
      }
      return 0;
    }),
    (async () => {
      for (let n = 0; performance.now() < end; n++) {
        await small(`2.${n}.0`);
        await sleep(200);
      }
      await small(last);
      return 2;
    })(),
  ]);
  expect(Math.min(...seen)).toBeGreaterThan(1);
});

async function small(version: string): Promise<void> {
  const files = { "shop.rego": `package shop\n\ndefault allow := false\n\nversion := "${version}"\n` };
  expect((await rms.call("POST", `${policy}/versions`, { version, files, message: "" })).status).toBe(201);
  expect((await rms.call("PUT", `${policy}/channels/dev`, { version })).status).toBe(200);
}

test("a stop ends long polls with a 304, lets a publish and a download end, and takes no more", async () => {
  const server = await startRms();
  await fill(server, 5_000_000);
  const head = await fetch(server.url + bundle, { headers: { authorization } });
  const whole = (await head.arrayBuffer()).byteLength;
  const tag = head.headers.get("etag") ?? "";
  const polls = Array.from({ length: 100 }, () =>
    fetch(server.url + bundle, { headers: { authorization, prefer: "modes=snapshot;wait=50", "if-none-match": tag } }),
  );
  const download = bare(server.url, `GET ${bundle} HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\n\r\n`);
  download.socket.pause();
  const endless = "package shop\n\ntest_long if count(numbers.range(1, 2000000)) > 0\n";
  const files = { "shop.rego": "package shop\n\ndefault allow := false\n", "shop_test.rego": endless };
  const publishing = server.call("POST", `${policy}/versions`, { version: "9.0.0", files, message: "" });
  await polling(server, 100);
  const exit = new Promise<number | null>((resolve) => server.child.once("exit", resolve));
  const stopped = performance.now();
  server.child.kill("SIGTERM");
  for (const poll of polls) expect((await poll).status).toBe(304);
  // Left alone, they would have waited for most of a minute.
  expect(performance.now() - stopped).toBeLessThan(8000);
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  download.socket.resume();
  await download.closed;
  expect(download.text().length).toBeGreaterThan(whole);
  expect((await publishing).status).toBe(201);
  expect(await exit).toBe(0);
  expect(performance.now() - stopped).toBeLessThan(30_000);
  await server.stop();
});
