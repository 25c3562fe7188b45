// A project of many policies: what a document leads to comes first, the rest follows, and no answer is wrong meanwhile.
import { expect, test } from "vitest";
import type * as messages from "#protocol/messages.ts";
import { memoryHost } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import { Workspace } from "#workspace/workspace.ts";
import { random } from "../../fuzz/random.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";
import { Gathering } from "./gathering.ts";
import { inTurns, Pace, turn } from "./turns.ts";

const rules = Array.from({ length: 20 }, (_, at) => `rule_${at} if input.value > ${at}`).join("\n\n");

/** 120 packages, each of which calls a function of the one before; the last file has a fault of its own. */
const files = Object.fromEntries(
  Array.from({ length: 120 }, (_, at) => {
    const before = at % 10 === 0 ? "" : `use := data.p${at - 1}.helper(1)\n\n`;
    const fault = at === 119 ? "wrong := helper(1, 2)\n" : "";
    return [`p${at}.rego`, `package p${at}\n\nhelper(x) := x\n\n${before}${rules}\n${fault}`];
  }),
);
const open = `${files["p5.rego"]}\nfaulty := data.p4.helper(1, 2)\n`;
const published = (notifications: ReadonlyMap<string, unknown[]>, path: string) =>
  ((notifications.get("textDocument/publishDiagnostics") ?? []) as { uri: string; diagnostics: { message: string }[] }[]).filter(
    (one) => one.uri === uri(path),
  );
const at = (text: string, word: string) => {
  const offset = text.indexOf(word);
  return { line: text.slice(0, offset).split("\n").length - 1, character: offset - text.lastIndexOf("\n", offset) };
};

test("the findings of the open policy come first, once and as they stay; those of others follow", async () => {
  const client = await connect(files);
  client.open("p5.rego", open);
  await client.diagnostics("p5.rego");
  const all = client.notifications.get("textDocument/publishDiagnostics") as { uri: string }[];
  expect(all.map((one) => one.uri)).toEqual([uri("p5.rego"), uri("p119.rego")]);
  expect(published(client.notifications, "p5.rego")[0]?.diagnostics).toMatchObject([{ code: "rego_type_error" }]);
});

test("a policy decides as soon as what it leads to was read; faults elsewhere are told once they are known, and change nothing of it", async () => {
  const inputs = { "inputs/ann.conf": "value = 7\n" };
  const client = await connect({ ...files, ...inputs }, { evaluator });
  client.open("p5.rego", files["p5.rego"]!);
  const lives = () => (client.notifications.get("rw/live") ?? []) as messages.LiveParams[];
  await client.diagnostics("p5.rego");
  const [first] = lives();
  const [fault] = published(client.notifications, "p119.rego");
  expect(client.received.indexOf(first)).toBeLessThan(client.received.indexOf(fault));
  const told = ({ rules }: messages.LiveParams) => rules.filter(({ text }) => text === "true").map(({ name }) => name);
  expect(told(first!)).toEqual(["rule_0", "rule_1", "rule_2", "rule_3", "rule_4", "rule_5", "rule_6"]);
  const last = lives().at(-1)!;
  expect([last.stale, last.problem]).toEqual([false, undefined]);
  expect(told(last)).toEqual(told(first!));
});

test("requests before all was read: what is near is answered, what concerns all policies waits for them", async () => {
  const client = await connect(files);
  client.open("p5.rego", open);
  const spot = { textDocument: { uri: uri("p5.rego") }, position: at(open, "p4.helper(1)") };
  spot.position.character += 4;
  const [references, definition, hover, symbols] = await Promise.all([
    client.request<{ uri: string }[]>("textDocument/references", { ...spot, context: { includeDeclaration: true } }),
    client.request<{ uri: string }[]>("textDocument/definition", spot),
    client.request<object>("textDocument/hover", spot),
    client.request<{ name: string }[]>("workspace/symbol", { query: "wrong" }),
  ]);
  expect(definition.map((one) => one.uri)).toEqual([uri("p4.rego")]);
  expect(new Set(references.map((one) => one.uri))).toEqual(new Set([uri("p4.rego"), uri("p5.rego")]));
  expect(symbols).toMatchObject([{ name: "wrong" }]);
  await client.diagnostics("p5.rego");
  expect(await client.request("textDocument/hover", spot)).toEqual(hover);
});

test("a name that all packages may add to waits for all of them", async () => {
  const below = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll(/\bp(\d+)/gu, "ws.p$1")]));
  const client = await connect(below);
  const text = below["p5.rego"] ?? "";
  client.open("p5.rego", text);
  const spot = { textDocument: { uri: uri("p5.rego") }, position: at(text, "ws.p4.helper") };
  const [definition, hover] = await Promise.all([
    client.request<unknown[]>("textDocument/definition", spot),
    client.request<object>("textDocument/hover", spot),
  ]);
  await client.diagnostics("p5.rego");
  expect(definition).toEqual(await client.request("textDocument/definition", spot));
  expect(definition).toHaveLength(120);
  expect(hover).toEqual(await client.request("textDocument/hover", spot));
});

test("a key while the rest is read: its findings come with its version, and all that is published at last is true of the last text", async () => {
  const client = await connect(files);
  client.open("p5.rego", open);
  await client.request("textDocument/hover", { textDocument: { uri: uri("p5.rego") }, position: { line: 2, character: 1 } });
  const end = { line: open.split("\n").length - 1, character: 0 };
  client.change("p5.rego", 2, [{ range: { start: end, end }, text: "more := data.p3.nothing(1)\n" }]);
  client.change("p5.rego", 3, [{ range: { start: end, end }, text: "x := lower(1)\n" }]);
  const found = await client.diagnostics("p5.rego");
  expect(found.map(({ message }) => message)).toEqual([
    "function data.p4.helper has arity 1, got 2 arguments",
    "undefined function data.p3.nothing",
  ]);
  const pulled = await client.request<{ items: unknown[] }>("textDocument/diagnostic", { textDocument: { uri: uri("p5.rego") } });
  expect(pulled.items).toEqual(found);
  client.change("p5.rego", 4, [{ text: files["p5.rego"] ?? "" }]);
  expect(await client.diagnostics("p5.rego")).toEqual([]);
  expect(published(client.notifications, "p119.rego").at(-1)?.diagnostics).toHaveLength(1);
});

test("policies are read and checked in short turns, and what was begun for an older text is not lost", async () => {
  const workspace = new Workspace(
    memoryHost(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/p/${name}`, text]))),
  );
  await workspace.setFolders(["/p"]);
  let clock = 0;
  let turns = 0;
  const ports = {
    // Each step takes a millisecond.
    now: () => clock++,
    later: (_: number, job: () => void) => {
      turns++;
      // A key in the middle of the first portion's check.
      if (turns === 100) workspace.setBuffer("/p/p5.rego", open, 2);
      setImmediate(job);
      return () => undefined;
    },
  };
  const unread: number[] = [];
  const gathered = new Gathering(new Pace(ports), workspace).whole("/p");
  const watching = setInterval(() => unread.push(workspace.project("/p").unread.length));
  const project = await gathered;
  clearInterval(watching);
  expect(project.files.get("/p/p5.rego")?.text).toBe(open);
  expect(project.checked.diagnostics.map(({ message }) => message)).toHaveLength(2);
  // A policy is read, and its stages and types are done, in steps of their own.
  expect(turns * turn).toBeGreaterThan(Object.keys(files).length * 4);
  expect(unread.filter((left, i) => i > 0 && left > unread[i - 1]! + 1)).toEqual([]);
});

test("a key does not wait for the check of others that was begun", async () => {
  const texts = Object.entries(files).map(([name, text]) => [`/p/${name}`, text] as const);
  const workspace = new Workspace(memoryHost(Object.fromEntries(texts)));
  await workspace.setFolders(["/p"]);
  let clock = 0;
  let turns = 0;
  const pace = new Pace({
    now: () => clock++,
    later: (_, job) => {
      turns++;
      setImmediate(job);
      return () => undefined;
    },
  });
  const gathering = new Gathering(pace, workspace);
  const check = async (): Promise<number> => {
    const before = turns;
    const project = await gathering.around("/p/p5.rego");
    const done = await inTurns(pace, project.checkedSteps(), turn);
    expect(done?.result.diagnostics.map(({ file }) => file)).toEqual(
      project.files.get("/p/p5.rego")?.version === 2 ? ["/p/p5.rego"] : [],
    );
    return turns - before;
  };
  const first = await check();
  const whole = gathering.whole("/p");
  const unread = () => workspace.project("/p").unread.length;
  const before = unread();
  while (unread() === before) await new Promise((ok) => setImmediate(ok));
  workspace.setBuffer("/p/p5.rego", open, 2);
  expect(await check()).toBeLessThan(first);
  expect(workspace.project("/p").isGathered).toBe(false);
  expect((await whole).checked.diagnostics).toHaveLength(2);
});

test("policies that were asked about lately stay checked together, whichever is asked about next", async () => {
  const texts = Object.entries(files).map(([name, text]) => [`/p/${name}`, text] as const);
  const workspace = new Workspace(memoryHost(Object.fromEntries(texts)));
  await workspace.setFolders(["/p"]);
  const later = (_: number, job: () => void) => {
    setImmediate(job);
    return () => undefined;
  };
  const gathering = new Gathering(new Pace({ now: () => 0, later }), workspace);
  const first = await gathering.around("/p/p2.rego");
  const both = await gathering.around("/p/p12.rego");
  expect(await gathering.around("/p/p2.rego")).toBe(both);
  const names = (project: Project) => project.policies.map(({ path }) => path.slice("/p/".length)).join(" ");
  expect(names(first)).toBe("p0.rego p1.rego p2.rego");
  expect(names(both)).toBe("p0.rego p1.rego p10.rego p11.rego p12.rego p2.rego");
  expect(both.compilation.failure).toBeUndefined();
});

test("keys in several documents while the rest is read end with the findings of a fresh start", async () => {
  const { below, pick } = random(11);
  for (let round = 0; round < 4; round++) {
    const client = await connect(files);
    const texts = new Map([2, 5, 6, 12].map((n) => [`p${n}.rego`, files[`p${n}.rego`]!]));
    for (const [name, text] of texts) client.open(name, text);
    const added = [
      "x := data.p3.helper(1, 2)\n",
      "y := lower(1)\n",
      "helper(a, b) := a\n",
      "z := data.p6.nothing(1)\n",
      "broken := [\n",
      "",
    ];
    for (let version = 2; version < 16; version++) {
      const name = pick([...texts.keys()]);
      const text = `${files[name]!}\n${pick(added)}`;
      texts.set(name, text);
      client.change(name, version, [{ text }]);
      if (below(3) === 0) await new Promise((ok) => setTimeout(ok, below(20)));
      const spot = { textDocument: { uri: uri(name) }, position: { line: 2, character: 1 } };
      if (below(4) === 0) void client.request("textDocument/hover", spot);
    }
    const fresh = await connect({ ...files, ...Object.fromEntries(texts) });
    for (const [name, text] of texts) fresh.open(name, text);
    for (const name of texts.keys())
      expect(await client.diagnostics(name), `${round} ${name}`).toEqual(await fresh.diagnostics(name));
  }
}, 60_000);

test("of many who waited for all policies, each goes on in a turn of its own", async () => {
  const workspace = new Workspace(
    memoryHost(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/p/${name}`, text]))),
  );
  await workspace.setFolders(["/p"]);
  const log: string[] = [];
  const later = (_: number, job: () => void) => {
    setImmediate(() => {
      log.push("-");
      job();
    });
    return () => undefined;
  };
  const gathering = new Gathering(new Pace({ now: () => performance.now(), later }), workspace);
  const waiting = ["a", "b", "c"].map(async (name) => {
    await gathering.whole("/p");
    log.push(name);
  });
  await Promise.all(waiting);
  expect(log.join("")).toMatch(/-a-+b-+c$/u);
});
