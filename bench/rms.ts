// RMS: from a change to the decision of a real OPA, polls beside a bare server, builds of 100,000 users, their syncs, the rms.* library.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import { type DomainFacts, rmsDocument } from "#bundles/rms-data.ts";
import { startSidecar } from "../e2e/sidecar/opa-process.ts";
import { adminToken, type RmsProcess, startRms } from "../e2e/sidecar/rms-process.ts";
import { openRms } from "../rms/server/open.ts";
import { consoleRows } from "./console.ts";
import { compileFiles } from "./editing.ts";
import { alternate, median, p95 } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { printRow } from "./report.ts";
import { sourceRows } from "./source-sync.ts";

const domain = "/api/v1/domains/shop";
const policy = `${domain}/policies/main`;
const bundle = "/opa/v1/bundles/shop/main/dev";
const authorization = `Bearer ${adminToken}`;

export async function rmsRows(folder: string, peers: Peers, short: boolean): Promise<void> {
  const rms = await startRms();
  try {
    await rms.call("POST", "/api/v1/domains", { id: "shop" });
    await rms.call("POST", `${domain}/policies`, { id: "main", entrypoints: ["shop/allow"] });
    await publish(rms, "1.0.0");
    if (peers.opa !== undefined) await changes(rms, short ? 10 : 40);
    await fanOut(rms, short ? 5 : 15);
    await polls(rms, short ? 9 : 15);
    await publishes(rms, short ? 5 : 20);
    await batch(rms, short ? 10_000 : 100_000);
    await manyUsers(rms, short ? 10_000 : 100_000);
    await consoleRows(rms, "shop", short ? 10_000 : 100_000);
  } finally {
    await rms.stop();
  }
  await sourceRows(short ? 10_000 : 100_000);
  await manyVersions(short ? 1000 : 10_000);
  await library(folder, peers, short);
}

const text = (version: string): string => `package shop\n\ndefault allow := false\n\nversion := "${version}"\n`;

async function publish(rms: RmsProcess, version: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const body = { version, files: { "shop.rego": text(version), ...more }, message: "" };
  const answer = await rms.call("POST", `${policy}/versions`, body);
  if (answer.status !== 201) throw new Error(`publish ${version}: ${JSON.stringify(answer.body)}`);
  const moved = await rms.call("PUT", `${policy}/channels/dev`, { version });
  if (moved.status >= 300) throw new Error(`move to ${version}: ${JSON.stringify(moved.body)}`);
}

/** From the call to the answer of a real OPA that shows its effect. */
async function changes(rms: RmsProcess, rounds: number): Promise<void> {
  const sidecar = await startSidecar(rms, "shop", "main", "dev");
  const whole: number[] = [];
  const moves: number[] = [];
  const shows = async (version: string): Promise<void> => {
    while ((await sidecar.decide("shop/version", {})) !== version) await new Promise((wait) => setTimeout(wait, 1));
  };
  for (let round = 1; round <= rounds; round++) {
    const version = `2.${round}.0`;
    let started = performance.now();
    await publish(rms, version);
    await shows(version);
    whole.push(performance.now() - started);
    started = performance.now();
    await rms.call("PUT", `${policy}/channels/dev`, { version: "1.0.0" });
    await shows("1.0.0");
    moves.push(performance.now() - started);
  }
  await sidecar.stop();
  printRow({ operation: "RMS move of a channel to decision in OPA, p95", ours: p95(moves), limit: 300 });
  printRow({ operation: "RMS publish and move to decision in OPA, p95", ours: p95(whole) });
}

/** 200 long polls that wait for one change. */
async function fanOut(rms: RmsProcess, rounds: number): Promise<void> {
  const times: number[] = [];
  await publish(rms, "1.0.1");
  await rms.call("PUT", `${policy}/channels/dev`, { version: "1.0.0" });
  for (let round = 0; round < rounds; round++) {
    const tag = (await fetch(rms.url + bundle, { headers: { authorization } })).headers.get("etag") ?? "";
    const headers = { authorization, prefer: "modes=snapshot;wait=30", "if-none-match": tag };
    const waiting = Array.from({ length: 200 }, async () => {
      const answer = await fetch(rms.url + bundle, { headers });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`a poll was answered with ${answer.status}`);
      return performance.now();
    });
    await new Promise((wait) => setTimeout(wait, 500));
    await rms.call("PUT", `${policy}/channels/dev`, { version: round % 2 === 0 ? "1.0.1" : "1.0.0" });
    const moved = performance.now();
    times.push(...(await Promise.all(waiting)).map((at) => Math.max(0, at - moved)));
  }
  printRow({ operation: "RMS move acknowledged to 200 long polls answered, p95", ours: p95(times), limit: 100 });
}

/** The rate of polls without a change, beside a Node server that knows nothing but 304. */
async function polls(rms: RmsProcess, rounds: number): Promise<void> {
  const bare = spawn(
    process.execPath,
    [
      "-e",
      "require('node:http').createServer((q, s) => { s.writeHead(304, { ETag: '\"x\"' }); s.end(); }).listen(0, '127.0.0.1', function () { console.log(this.address().port); })",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const port = await firstLine(bare);
  const tag = (await fetch(rms.url + bundle, { headers: { authorization } })).headers.get("etag") ?? "";
  const head = `GET ${bundle} HTTP/1.1\r\nHost: rms\r\nAuthorization: ${authorization}\r\nIf-None-Match: ${tag}\r\nUser-Agent: Open-Policy-Agent/1.22.2\r\nPrefer: modes=snapshot,delta\r\nAccept-Encoding: gzip\r\n\r\n`;
  const each = 5000;
  const sides = [new URL(rms.url).port, port].map((to) => () => manyPolls(Number(to), head, each));
  // Both are compiled by what they answer first.
  await alternate(sides, 4);
  const [ours, theirs] = (await alternate(sides, rounds)).map((ms) => ms / each);
  bare.kill();
  printRow({
    operation: "RMS poll answered 304, 64 connections",
    ours: ours!,
    reference: { name: "bare Node server", value: theirs! },
    goal: 1.67,
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())));
}

/** One poll after the other on each of 64 connections. */
function manyPolls(port: number, head: string, total: number): Promise<void> {
  let left = total;
  let open = 64;
  return new Promise((done, fail) => {
    for (let n = 0; n < 64; n++) {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      const next = (): void => {
        if (left-- > 0) socket.write(head);
        else {
          socket.destroy();
          if (--open === 0) done();
        }
      };
      socket.once("connect", next);
      socket.on("error", fail);
      socket.on("data", (chunk) => {
        const answer = chunk.toString("latin1");
        if (!answer.startsWith("HTTP/1.1 304")) fail(new Error(answer));
        else if (answer.endsWith("\r\n\r\n")) next();
      });
    }
  });
}

/** A version of 200 files, and what others wait for meanwhile. */
async function publishes(rms: RmsProcess, rounds: number): Promise<void> {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, file) => [
      `rules/f${file}.rego`,
      `package shop.f${file}\n\n${Array.from({ length: 10 }, (_, rule) => `r${rule} if {\n\tinput.a == ${rule}\n\tinput.b in {"x", "y${file}"}\n}\n`).join("\n")}`,
    ]),
  );
  const times: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let busy = true;
    const asking = (async () => {
      while (busy) {
        const started = performance.now();
        await rms.call("GET", domain);
        others.push(performance.now() - started);
        await new Promise((wait) => setTimeout(wait, 5));
      }
    })();
    const started = performance.now();
    await publish(rms, `4.${round}.0`, files);
    times.push(performance.now() - started);
    busy = false;
    await asking;
  }
  printRow({ operation: "RMS publish of 200 files and move, p95", ours: p95(times), limit: 500 });
  printRow({ operation: "RMS other requests during a big publish, p95", ours: p95(others), limit: 50 });
}

/** Many members at once, replaced and removed again; meanwhile others read and write, 20 requests a second, whatever they wait. */
async function batch(rms: RmsProcess, members: number): Promise<void> {
  const crowd = "/api/v1/domains/crowd/roles/all";
  await rms.call("POST", "/api/v1/domains", { id: "crowd" });
  await rms.call("PUT", crowd, { responsibilities: [] });
  await rms.call("PUT", `${domain}/roles/beside`, { responsibilities: [] });
  const lines = (more: object): string =>
    Array.from({ length: members }, (_, n) =>
      JSON.stringify({ subject: `user-${(n * 7919) % members}@example.com`, ...more }),
    ).join("\n");
  const times: number[] = [];
  const others: number[] = [];
  for (const body of [lines({}), lines({ validUntil: "2035-01-01T00:00:00Z" }), lines({ op: "delete" })]) {
    const asked: Promise<void>[] = [];
    const ask = async (method: string, path: string, given?: object): Promise<void> => {
      const started = performance.now();
      await rms.call(method, path, given);
      others.push(performance.now() - started);
    };
    const askBoth = (): void => {
      asked.push(ask("GET", domain), ask("PUT", `${domain}/roles/beside/members/${asked.length}`, {}));
    };
    askBoth();
    const asking = setInterval(askBoth, 100);
    const started = performance.now();
    const headers = { authorization, "content-type": "application/x-ndjson" };
    const answer = await fetch(`${rms.url}${crowd}/members:batch?reason=bench`, { method: "POST", headers, body });
    if (answer.status !== 200) throw new Error(await answer.text());
    times.push(performance.now() - started);
    clearInterval(asking);
    await Promise.all(asked);
  }
  await rms.call("DELETE", `${domain}/roles/beside?reason=bench`);
  printRow({ operation: `RMS batch of ${members / 1000}k members`, ours: median(times) });
  printRow({ operation: "RMS other requests during such a batch, p95", ours: p95(others), limit: 300 });
}

const roleCount = 2000;

/** Members in batches, then the first poll that must build with all of them. */
async function manyUsers(rms: RmsProcess, users: number): Promise<void> {
  for (let role = 0; role < roleCount; role++) {
    const responsibilities = [3, 4, 5].map((n) => ({ action: `act${n}`, resource: `area/${(role * n) % 500}/*` }));
    await rms.call("PUT", `${domain}/roles/role-${role}`, { responsibilities });
  }
  for (let role = 0; role < roleCount; role++) {
    const lines: string[] = [];
    for (let user = role % 667; user < users; user += 667) lines.push(JSON.stringify({ subject: `user-${user}@example.com` }));
    if (lines.length === 0) continue;
    const answer = await fetch(`${rms.url}${domain}/roles/role-${role}/members:batch`, {
      method: "POST",
      headers: { authorization, "content-type": "application/x-ndjson" },
      body: lines.join("\n"),
    });
    if (answer.status >= 300) throw new Error(await answer.text());
    await answer.arrayBuffer();
  }
  const times: number[] = [];
  let size = 0;
  for (let round = 0; round < 3; round++) {
    await rms.call("PUT", `${domain}/roles/role-0/members/late-${round}`, {});
    const started = performance.now();
    const answer = await fetch(rms.url + bundle, { headers: { authorization } });
    size = (await answer.arrayBuffer()).byteLength;
    times.push(performance.now() - started);
  }
  printRow({ operation: `RMS member to bundle, ${users / 1000}k users, ${roleCount} roles`, ours: median(times), limit: 3000 });
  printRow({ operation: `RMS bundle of ${users / 1000}k users`, ours: size, unit: "bytes" });
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${rms.child.pid}/status`, "utf8"))?.[1];
  printRow({ operation: `RMS memory with ${users / 1000}k users`, ours: Number(resident) * 1024, unit: "bytes" });
}

/** Start of the program on a store with many versions. */
async function manyVersions(versions: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rms-bench-"));
  const rms = await openRms(join(folder, "data"), { now: () => new Date(), log: () => {} });
  const blob = rms.blobs.put(new TextEncoder().encode(text("1.0.0")));
  await rms.store.transaction(async (tx) => {
    await tx.domains.create({
      id: "shop",
      title: "",
      package: "shop",
      owners: [],
      maxAge: 900,
      builtins: [],
      includeMembers: false,
      at: 0,
    });
    await tx.policies.create({ domain: "shop", id: "main", entrypoints: [], gates: {} }, 0);
    for (let n = 0; n < versions; n++)
      await tx.versions.insert(
        {
          domain: "shop",
          policy: "main",
          version: `1.${n}.0`,
          digest: "0",
          state: "published",
          author: "",
          message: "",
          gates: [],
          library: "",
          at: 0,
        },
        [{ path: "shop.rego", blob }],
      );
  });
  await rms.close();
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const started = performance.now();
    const server = await startRms(folder);
    times.push(performance.now() - started);
    server.child.kill("SIGKILL");
    await new Promise((ended) => server.child.once("close", ended));
  }
  spawnSync("rm", ["-rf", folder]);
  printRow({ operation: `RMS start with ${versions} versions`, ours: median(times), limit: 2000 });
}

/** One decision of the rms.* library over the data of 100,000 users. */
async function library(folder: string, peers: Peers, short: boolean): Promise<void> {
  const users = short ? 10_000 : 100_000;
  const facts: DomainFacts = {
    domain: "shop",
    suspended: [],
    roles: Array.from({ length: roleCount }, (_, role) => ({
      id: `role-${role}`,
      includes: [],
      responsibilities: [3, 4, 5].map((n) => ({ action: `act${n}`, resource: `area/${(role * n) % 500}/*` })),
      members: Array.from({ length: Math.ceil((users - (role % 667)) / 667) }, (_, n) => ({
        subject: `user-${(role % 667) + n * 667}@example.com`,
      })),
    })),
  };
  const now = 1_800_000_000;
  const document = rmsDocument(facts, { asOf: now - 10, freshUntil: now + 900, snapshot: 1 });
  const data = canonicalJson(new Map([["rms", document]]));
  const question = join(folder, "library.rego");
  const rbac = readFileSync("rms/policies/rms/rbac.rego", "utf8");
  writeFileSync(
    question,
    `package question\n\nallow := data.rms.rbac.user_has_responsibility(input.user, input.action, input.resource)\n`,
  );
  const libraryFile = join(folder, "rbac.rego");
  writeFileSync(libraryFile, rbac);
  const module = compileFiles([question, libraryFile], ["question/allow"], "portable");
  const wasm = peers.wasm([question, libraryFile], ["question/allow"]);
  const clock = { "time.now_ns": () => now * 1e9 };
  const sides = await Promise.all(
    [module.bytes, ...(wasm === undefined ? [] : [wasm])].map(async (bytes) => {
      const policy = await loadPolicy(bytes.slice().buffer, undefined, clock);
      policy.setData(new TextEncoder().encode(data).buffer);
      return policy;
    }),
  );
  const inputs = Array.from({ length: 200 }, (_, n) => {
    const user = (n * 7919) % users;
    const input = { user: `user-${user}@example.com`, action: "act3", resource: `area/${((user % 667) * 3) % 500}/x` };
    return new TextEncoder().encode(canonicalJson(toJson(input))).buffer;
  });
  for (const input of inputs) {
    const answers = sides.map((policy) => policy.evaluate(input, "question/allow"));
    if (answers.some((answer) => !isDeepStrictEqual(answer, [{ result: true }])))
      throw new Error(`the library decides ${JSON.stringify(answers)}`);
  }
  const decideAll = sides.map((policy) => () => {
    for (const input of inputs) policy.evaluate(input, "question/allow");
  });
  // Both engines compile what runs often: a sidecar is warm after its first seconds.
  await alternate(decideAll, 20);
  const [ours, theirs] = (await alternate(decideAll, short ? 15 : 45)).map((ms) => ms / inputs.length);
  printRow({
    operation: `rms.rbac decision, warm, ${users / 1000}k users`,
    ours: ours!,
    ...(theirs === undefined ? {} : { reference: { name: "OPA Wasm", value: theirs } }),
    goal: 0.4,
  });
}
