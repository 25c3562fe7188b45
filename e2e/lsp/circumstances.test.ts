// Bad circumstances: everything is answered in bounded time, and thousands of edits end where a fresh start begins.
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { random } from "../../fuzz/random.ts";
import type { LspClient, Position } from "./client.ts";
import { connect, workspace } from "./desk.ts";

async function launched(...places: readonly string[]): Promise<LspClient> {
  const client = connect();
  await client.initialize(places);
  return client;
}

const messages = async (client: LspClient, uri: string): Promise<readonly string[]> =>
  (await client.diagnostics(uri)).map(({ message }) => /^[^:\n]*(?=:)/u.exec(message)?.[0] ?? message);

test("a file of more than 5 MB is said to be large, and others are answered meanwhile", async () => {
  const rule = (at: number): string => `rule_${at} if {\n\tinput.a == ${at}\n\tinput.b != "x${at}"\n}\n\n`;
  const large = `package large\n\n${Array.from({ length: 100_000 }, (_, at) => rule(at)).join("")}`;
  expect(large.length).toBeGreaterThan(5_000_000);
  const { uri } = workspace({ "large.rego": large, "small.rego": "package small\n\nx := y\n" });
  const client = await launched(uri);
  client.open(`${uri}/large.rego`, large);
  client.open(`${uri}/small.rego`, "package small\n\nx := y\n");
  expect(await messages(client, `${uri}/small.rego`)).toEqual(["var y is unsafe"]);
  expect((await messages(client, `${uri}/large.rego`))[0]).toMatch(/^6 MB/u);
  const started = performance.now();
  await client.request("textDocument/documentSymbol", { textDocument: { uri: `${uri}/small.rego` } });
  expect(performance.now() - started).toBeLessThan(5_000);
}, 60_000);

test("a HOCON sample of 5 MB holds nobody up, has an outline of its own, and is said to be large where it is the input", async () => {
  const policy = "package p\n\nallow if input.service1.port == 1\n";
  const large = Array.from(
    { length: 60_000 },
    (_, at) => `service${at} { name = "svc-${at}", port = ${at}, ref = \${base.name} }\n`,
  );
  const sample = `${large.join("")}base.name = x\nbad = \n`;
  const { uri } = workspace({ "p.rego": policy, "inputs/one.conf": sample });
  const client = await launched(uri);
  client.open(`${uri}/p.rego`, policy);
  const live = client.next(({ method }) => method === "rw/live");
  client.open(`${uri}/inputs/one.conf`, sample, "hocon");
  const position = { line: 2, character: 1 };
  for (let round = 0; round < 40; round++) {
    const started = performance.now();
    await client.request("textDocument/hover", { textDocument: { uri: `${uri}/p.rego` }, position });
    expect(performance.now() - started).toBeLessThan(1_000);
    await new Promise((ok) => setTimeout(ok, 50));
  }
  expect(JSON.stringify((await live).params)).toMatch(/one\.conf has 4\.\d MB/u);
  const symbols = await client.request<readonly object[]>("textDocument/documentSymbol", {
    textDocument: { uri: `${uri}/inputs/one.conf` },
  });
  expect(symbols.length).toBeGreaterThan(60_000);
}, 120_000);

test("the root of the disk as workspace holds up nothing", async () => {
  const { uri } = workspace({ "a.rego": "package a\n\nx := y\n" });
  const client = await launched("file:///");
  client.open(`${uri}/a.rego`, "package a\n\nx := y\n");
  expect(await messages(client, `${uri}/a.rego`)).toEqual(["var y is unsafe"]);
}, 60_000);

test("pipes, devices and binary files called like policies are not waited for", async () => {
  const { path, uri } = workspace({ "a.rego": "package a\n\nx := y\n", "nul.rego": Buffer.alloc(3_000_000) });
  spawnSync("mkfifo", [join(path, "pipe")]);
  symlinkSync(join(path, "pipe"), join(path, "pipe.rego"));
  symlinkSync("/dev/zero", join(path, "zero.rego"));
  const client = await launched(uri);
  expect(await messages(client, `${uri}/a.rego`)).toEqual(["var y is unsafe"]);
  expect(await messages(client, `${uri}/nul.rego`)).not.toEqual([]);
}, 60_000);

test("two workspaces with the same package do not see each other", async () => {
  const one = workspace({ "a.rego": "package a\n\ndefault p := 1\n" });
  const two = workspace({ "a.rego": "package a\n\ndefault p := 2\n\nq := p + r\n" });
  const client = await launched(one.uri, two.uri);
  expect(await messages(client, `${one.uri}/a.rego`)).toEqual([]);
  expect(await messages(client, `${two.uri}/a.rego`)).toEqual(["var r is unsafe"]);
});

test("folders that contradict each other are told in one message", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [
      `rules/r${at}/p.rego`,
      `package play\n\nimport data.lib\n\ndefault name := "${at}"\n\nx := lib.f(${at})\n`,
    ]),
  );
  const { uri } = workspace({ ...files, "lib/l.rego": "package lib\n\nf(n) := n + 1\n" });
  const client = await launched(uri);
  client.open(`${uri}/rules/r3/p.rego`, `${files["rules/r3/p.rego"]}\ny := lib.g(1)\n`);
  await client.next(({ method }) => method === "window/showMessage");
  expect(await messages(client, `${uri}/rules/r3/p.rego`)).toEqual(["undefined function data.lib.g"]);
  expect(await messages(client, `${uri}/rules/r4/p.rego`)).toEqual([]);
  const said = client.messages.filter(({ method }) => method === "window/showMessage");
  expect(said).toHaveLength(1);
  expect(JSON.stringify(said[0]?.params)).toMatch(/12 folders define the same rules in different ways/u);
});

test("5,000 random edits end with the findings of a fresh start", async () => {
  const pieces = [
    "\n",
    " ",
    "x",
    "y := 1\n",
    "}",
    "{",
    "input.a",
    "lib.f(1)",
    "lib.f(1, 2)",
    "default p := 0\n",
    "p if ",
    "\nq := p\n",
    "package e\n",
    '"',
    "# note\n",
    "every",
    "🙂",
  ];
  const start =
    "package main\n\nimport data.lib\n\np if lib.f(input.a) == 1\n\nq contains x if some x in input.xs\n\nr := count(q) + lib.n\n";
  const files = {
    "main.rego": start,
    "lib.rego": "package lib\n\nf(x) := x + 1\n\nn := 2\n",
    "user.rego": "package user\n\nimport data.main\n\ns if main.r > 1\n\nt := main.p\n\nu := upper(main.r)\n",
  };
  const { uri } = workspace(files);
  const client = await launched(uri);
  client.open(`${uri}/main.rego`, start);
  const { below, pick } = random(42);
  let text = start;
  const positionOf = (offset: number): Position => {
    const before = text.slice(0, offset);
    return { line: before.split("\n").length - 1, character: offset - before.lastIndexOf("\n") - 1 };
  };
  for (let version = 2; version <= 5_001; version++) {
    // Now and then the text begins again, so that not all of it is noise.
    const whole = below(60) === 0;
    const from = below(text.length + 1);
    const to = Math.min(text.length, from + (below(3) === 0 ? below(6) : 0));
    const inserted = whole ? start : pick(pieces);
    const change = whole ? { text: inserted } : { range: { start: positionOf(from), end: positionOf(to) }, text: inserted };
    client.notify("textDocument/didChange", { textDocument: { uri: `${uri}/main.rego`, version }, contentChanges: [change] });
    text = whole ? start : text.slice(0, from) + inserted + text.slice(to);
    // A pull waits for what was sent: the server really looks at many states on the way.
    if (version % 25 === 0) await client.diagnostics(`${uri}/user.rego`);
  }
  const fresh = await launched(uri);
  fresh.open(`${uri}/main.rego`, text);
  for (const name of Object.keys(files)) {
    const seen = await client.diagnostics(`${uri}/${name}`);
    expect(seen, name).toEqual(await fresh.diagnostics(`${uri}/${name}`));
  }
}, 400_000);
