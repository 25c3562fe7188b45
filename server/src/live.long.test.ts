// Live evaluation over the wire with the real engine in this process: decisions while typing, expectations, tests, queries, acceptance.
import { expect, test } from "vitest";
import type * as messages from "#protocol/messages.ts";
import { connect, type TestClient, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";
import type { Evaluator } from "./evaluator.ts";

const policy = 'package p\n\ndefault allow := false\n\nallow if input.user == "ann"\n\nnames contains input.user\n\nf(x) := x\n';
const files = {
  "p.rego": policy,
  "p_test.rego":
    'package p_test\n\nimport data.p\n\ntest_ann if p.allow with input as {"user": "ann"}\n\ntest_wrong if p.allow with input as {}\n\ntodo_test_later if false\n',
  "inputs/ann.conf": 'include "base.conf"\nuser = ${name}\n',
  "inputs/base.conf": "name = ann\n",
  "inputs/ann.expected.json": '{"decisions": {"data.p.allow": {"value": true}}}',
};

async function start(): Promise<TestClient> {
  const client = await connect(files, { evaluator });
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  return client;
}

async function lastLive(client: TestClient): Promise<messages.LiveParams> {
  await client.diagnostics("p.rego");
  return client.notifications.get("rw/live")!.at(-1) as messages.LiveParams;
}

const draw = (live: messages.LiveParams) =>
  `${live.sample}${live.stale ? " stale" : ""}: ${live.rules.map((rule) => `${rule.name} ${rule.text}${rule.expected?.matches === false ? " WRONG" : ""}`).join(", ")}`;

test("decisions of every rule for the resolved sample, without functions", async () => {
  expect(draw(await lastLive(await start()))).toBe('ann.conf: allow true, names ["ann"]');
});

test("behind a set or an object that a rule gathers stands how many members the input gave", async () => {
  const rules = [
    "all contains x if some x in [1, 2, 3]",
    "one contains 1",
    'by[x] := y if some x, y in {"a": 1, "b": 2}',
    "list := [1, 2, 3]",
    "many contains x if some x in numbers.range(1, 100)",
  ];
  const client = await connect(files, { evaluator });
  client.open("p.rego", `package p\n\n${rules.join("\n\n")}\n`);
  const { rules: shown } = await lastLive(client);
  expect(shown.map(({ name, text }) => `${name} ${text.replace(/ 6.*…/u, "…")}`)).toEqual([
    "all [1, 2, 3] ×3",
    "one [1]",
    'by {"a": 1, "b": 2} ×2',
    "list [1, 2, 3]",
    "many [1, 2, 3, 4, 5,… ×100",
  ]);
});

test("an edit asks again the rules that it can have changed, and what varies by itself", async () => {
  const asked: string[][] = [];
  const listening: Evaluator = {
    ...evaluator,
    run: (job) => {
      asked.push(job.questions.map(({ entrypoint }) => entrypoint));
      return evaluator.run(job);
    },
  };
  const client = await connect({ "p.rego": "" }, { evaluator: listening });
  const rules = ["a := b", "b := 1", "c := 2", "e := input.x / 0", "n := time.now_ns()"];
  client.open("p.rego", `package p\n\n${rules.join("\n\n")}\n`);
  await lastLive(client);
  const start = { line: 2, character: 0 };
  const edits: readonly (readonly [number, string])[] = [
    [0, "# above\n\n"],
    [0, "z := 3\n\n"],
  ];
  let version = 1;
  for (const [, text] of edits) {
    client.change("p.rego", ++version, [{ range: { start, end: start }, text }]);
    await lastLive(client);
  }
  const value = { line: 8, character: 5 };
  client.change("p.rego", ++version, [{ range: { start: value, end: { ...value, character: 6 } }, text: "7" }]);
  expect((await lastLive(client)).rules.map(({ name, text }) => `${name} ${text}`).slice(0, 4)).toEqual([
    "z 3",
    "a 7",
    "b 7",
    "c 2",
  ]);
  expect(asked).toEqual([["p/a", "p/b", "p/c", "p/e", "p/n"], ["p/n"], ["p/z", "p/n"], ["p/a", "p/b", "p/n"]]);
});

test("an edit changes the decision, which is compared with the expected one, in the policy and as a problem of the sample", async () => {
  const client = await start();
  client.change("p.rego", 2, [{ range: { start: { line: 4, character: 24 }, end: { line: 4, character: 27 } }, text: "bob" }]);
  expect(draw(await lastLive(client))).toBe('ann.conf: allow false WRONG, names ["ann"]');
  expect((await client.diagnostics("inputs/ann.conf")).map((found) => found.message)).toEqual([
    "data.p.allow expected true, got false",
  ]);
});

test("without live decisions nothing is said of expected ones", async () => {
  const client = await start();
  client.change("p.rego", 2, [{ range: { start: { line: 4, character: 24 }, end: { line: 4, character: 27 } }, text: "bob" }]);
  expect(await client.diagnostics("inputs/ann.conf")).toHaveLength(1);
  client.notify("workspace/didChangeConfiguration", { settings: { rw: { live: { mode: "off" } } } });
  expect(await client.diagnostics("inputs/ann.conf")).toEqual([]);
});

test("while the text is broken the last decisions stay, marked as stale", async () => {
  const client = await start();
  client.change("p.rego", 2, [{ range: { start: { line: 4, character: 27 }, end: { line: 4, character: 28 } }, text: "" }]);
  expect(draw(await lastLive(client))).toBe('ann.conf stale: allow true, names ["ann"]');
});

test("an error in a policy that nothing here leads to changes no decision; one that something leads to does", async () => {
  const client = await start();
  client.open("other.rego", "package other\n\nx if nope(1)\n");
  client.change("p.rego", 2, [{ range: { start: { line: 4, character: 24 }, end: { line: 4, character: 27 } }, text: "eve" }]);
  const isOwn = (live: unknown): boolean => (live as messages.LiveParams).uri === uri("p.rego");
  await client.diagnostics("p.rego");
  const own = client.notifications.get("rw/live")!.filter(isOwn).at(-1) as messages.LiveParams;
  expect(draw(own)).toMatch(/^ann\.conf: allow false/u);
  client.change("p.rego", 3, [
    { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: "y := data.other.x\n\n" },
  ]);
  await client.diagnostics("p.rego");
  const last = client.notifications.get("rw/live")!.filter(isOwn).at(-1) as messages.LiveParams;
  expect(draw(last)).toMatch(/^ann\.conf stale: allow false/u);
});

test("another input, typed by hand or none", async () => {
  const client = await start();
  await client.request("rw/selectSample", { uri: uri("p.rego"), inline: '{"user": "eve"}' });
  expect(draw(await lastLive(client))).toBe('inline JSON: allow false, names ["eve"]');
  await client.request("rw/selectSample", { uri: uri("p.rego"), sample: null });
  expect(draw(await lastLive(client))).toBe("undefined: allow false, names []");
});

test("tests and expected decisions are found and run, skipped ones told apart", async () => {
  const client = await start();
  const { tests } = await client.request<messages.TestsResult>("rw/tests", {});
  expect(tests.map((group) => `${group.label}: ${group.children.map((child) => child.label).join(", ")}`)).toEqual([
    "p_test: test_ann, test_wrong, todo_test_later",
    "inputs/ann.conf: data.p.allow",
  ]);
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  expect(outcomes.map((outcome) => `${outcome.id.replace(/.*[#]/u, "")} ${outcome.outcome}`).sort()).toEqual([
    "data.p.allow passed",
    "p_test:test_ann passed",
    "p_test:test_wrong failed",
    "p_test:todo_test_later skipped",
  ]);
  const wrong = outcomes.find(({ outcome }) => outcome === "failed")!;
  expect(wrong.range).toMatchObject({ start: { line: 6, character: 14 } });
  expect(wrong.message).toMatch(/does not hold\n\n\s*p\.allow with input as \{\}/u);
});

test("a case of a test that is not true is told, also where others are", async () => {
  const files = {
    "a_test.rego":
      'package a_test\n\ntest_sum[name] if {\n\tsome name, [x, want] in {"one": [1, 2], "two": [2, 2], "three": [3, 2]}\n\tx == want\n}\n\ntest_none[n] if {\n\tsome n in [1, 2]\n\tn > 2\n}\n\ntest_all[n] if some n in [1, 2]\n',
  };
  const client = await connect(files, { evaluator });
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  expect(
    outcomes.map(({ id, outcome, message }) => `${id.replace(/.*:/u, "")} ${outcome} ${message?.split("\n")[0] ?? ""}`),
  ).toEqual(["test_sum failed failed for one, three", "test_none failed failed for 1, 2", "test_all passed "]);
});

test("cases count for the test whose they are, and none is a case that failed", async () => {
  const files = {
    "a_test.rego":
      "package a_test\n\ntest_one[n] if some n in [1, 2]\n\ntest_uses if test_one[1]\n\ntest_empty[n] if {\n\tsome n in []\n\tn > 2\n}\n",
  };
  const client = await connect(files, { evaluator });
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  expect(outcomes.map(({ id, outcome }) => `${id.replace(/.*:/u, "")} ${outcome}`)).toEqual([
    "test_one passed",
    "test_uses passed",
    "test_empty passed",
  ]);
});

test("a failed test tells the expression that failed and the values it saw", async () => {
  const files = {
    "a.rego": 'package a\n\nlimit(role) := 100 if role == "clerk"\n',
    "a_test.rego":
      'package a_test\n\nimport data.a\n\ntest_limit if {\n\tsome role in ["clerk"]\n\tn := a.limit(role)\n\tn == 50\n}\n',
  };
  const client = await connect(files, { evaluator });
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  const [{ message, range, uri: at }] = outcomes as [messages.TestOutcome];
  expect(`${at?.replace(/.*\//u, "")}:${range!.start.line + 1}\n${message}`).toBe(
    [
      "a_test.rego:8",
      "the test is undefined: an expression of its body does not hold",
      "",
      "  \tn == 50",
      "  \t|",
      "  \t100",
    ].join("\n"),
  );
});

test.each([
  ["of tests with one name", { "b_test.rego": "package a_test\n\ntest_x if 1 == 1\n" }, "a_test:test_x#01"],
  ["beside policies with errors", { "other.rego": "package other\n\np if nothing > 1\n" }, "a_test:test_x"],
])("the expression that failed is told %s", async (_, others, id) => {
  const failing = "package a_test\n\nimport data.a\n\ntest_x if {\n\tn := a.limit\n\tn == 50\n}\n";
  const client = await connect({ "a.rego": "package a\n\nlimit := 100\n", ...others, "c_test.rego": failing }, { evaluator });
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  const wrong = outcomes.find((outcome) => outcome.id.endsWith(`#${id}`));
  expect(wrong).toMatchObject({ outcome: "failed", range: { start: { line: 6 } } });
  expect(wrong?.message?.split("\n").slice(2)).toEqual(["  \tn == 50", "  \t|", "  \t100"]);
});

const twoPackages = {
  "a.rego": "package a\n\nlimit := 100\n",
  "a_test.rego": "package a_test\n\nimport data.a\n\ntest_limit if a.limit == 100\n",
  "b.rego": "package b\n\nlimit := 100\n",
  "b_test.rego": "package b_test\n\nimport data.b\n\ntest_limit if b.limit == 100\n",
  "inputs/one.json": "{}",
  "inputs/one.expected.json": '{"decisions": {"data.a.limit": {"value": 100}, "data.b.limit": {"value": 10}}}',
};

test("tests that lead to no error run; of the others the error is told, where it stands", async () => {
  const client = await connect({ ...twoPackages, "b.rego": 'package b\n\nlimit := "\n' }, { evaluator });
  const { outcomes, coverage } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [], coverage: true });
  const told = outcomes.map(({ id, outcome, message = "", uri: at = "", range }) => {
    const place = outcome === "errored" ? ` ${at.replace(/.*\//u, "")}:${range!.start.line + 1}` : "";
    return `${id.replace(/.*#/u, "")} ${outcome}${place} ${message}`;
  });
  const problem = "the policies have errors: b.rego:3: non-terminated string: the quote opened here is not closed on this line";
  expect(told).toEqual([
    "a_test:test_limit passed ",
    `b_test:test_limit errored b.rego:3 ${problem}`,
    "data.a.limit passed ",
    `data.b.limit errored b.rego:3 ${problem}`,
  ]);
  expect(coverage?.map(({ uri: at }) => at.replace(/.*\//u, ""))).toEqual(["a.rego"]);
});

test("while a policy has an error, what leads to it stays as it was, and the others are run", async () => {
  const client = await connect(twoPackages, { evaluator });
  client.open("b.rego", twoPackages["b.rego"]);
  client.open("a.rego", twoPackages["a.rego"]);
  const wrong = async (): Promise<readonly string[]> =>
    (await client.diagnostics("inputs/one.expected.json")).map(({ message }) => String(message).split("\n")[0]!);
  const state = (): string => {
    const { tests, passed, total } = client.notifications.get("rw/status")!.at(-1) as messages.StatusParams;
    return `${tests.state} ${passed} of ${total}`;
  };
  const ofB = "data.b.limit expected 10, got 100";
  expect([await wrong(), state()]).toEqual([[ofB], "ok 2 of 2"]);
  client.change("b.rego", 2, [{ text: "package b\n\nlimit := x\n" }]);
  expect([await wrong(), state()]).toEqual([[ofB], "stale 2 of 2"]);
  client.change("a.rego", 2, [{ text: "package a\n\nlimit := 7\n" }]);
  expect([await wrong(), state()]).toEqual([["data.a.limit expected 100, got 7", ofB], "errors 1 of 2"]);
});

test("tests that are cancelled while it is looked for what failed are answered at once", async () => {
  let stopped = 0;
  const endless: Evaluator = {
    ...evaluator,
    run: (job) => {
      if (job.lookedAt === undefined) return evaluator.run(job);
      setImmediate(() => client.cancelLast());
      const { promise, reject } = Promise.withResolvers<never>();
      const stop = (): void => {
        stopped++;
        reject(new Error("stopped"));
      };
      return { answer: promise, stop };
    },
  };
  const client = await connect({ "a_test.rego": "package a_test\n\ntest_x if 1 == 2\n" }, { evaluator: endless });
  await expect(client.request("rw/runTests", { ids: [] })).rejects.toThrow("cancelled");
  expect(stopped).toBe(1);
});

test("queries: a rule at a place, an expression, solutions, and the same for a terminal", async () => {
  const client = await start();
  const ask = (params: object) => client.request<messages.EvaluateResult>("rw/evaluate", { uri: uri("p.rego"), ...params });
  const at = { start: { line: 4, character: 2 }, end: { line: 4, character: 2 } };
  expect(await ask({ range: at })).toMatchObject({ query: "data.p.allow", value: "true", inputUsed: "ann.conf" });
  expect(await ask({ query: 'upper(input.user) == "ANN"' })).toMatchObject({ value: "true" });
  expect(JSON.parse((await ask({ query: "some n in [1, 2]" })).value!)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await ask({ query: "input.nothing" })).toMatchObject({ undefined: true });
  expect((await ask({ query: "nope(1)" })).error).toContain("undefined function nope");
  expect((await ask({ range: at })).commandLine).toBe("rw eval --data /p --input /p/inputs/ann.conf data.p.allow");
});

test("a decision is made the expected one, and a HOCON sample is shown resolved", async () => {
  const client = await start();
  const accepted = await client.request<messages.AcceptDecisionResult>("rw/acceptDecision", {
    uri: uri("p.rego"),
    path: "data.p.names",
  });
  expect(JSON.parse(accepted.after!).decisions).toEqual({ "data.p.allow": { value: true }, "data.p.names": { value: ["ann"] } });
  const resolved = await client.request<messages.ResolveResult>("rw/resolve", { uri: uri("inputs/ann.conf") });
  expect(JSON.parse(resolved.json!)).toEqual({ name: "ann", user: "ann" });
});

test("asked from a sample or from its expected decisions, the decision is that of this sample", async () => {
  const others = { "inputs/bob.json": '{"user": "bob"}', "inputs/bob.expected.json": "{}" };
  const client = await connect({ ...files, ...others }, { evaluator });
  const accept = async (path: string) => {
    const { uri: written, after = "" } = await client.request<messages.AcceptDecisionResult>("rw/acceptDecision", {
      uri: uri(path),
    });
    return [written, JSON.parse(after).decisions["data.p.allow"]];
  };
  const ofBob = [uri("inputs/bob.expected.json"), { value: false }];
  expect(await accept("inputs/bob.json")).toEqual(ofBob);
  await client.request("rw/selectSample", { uri: uri("p.rego"), sample: uri("inputs/ann.conf") });
  expect(await accept("inputs/bob.expected.json")).toEqual(ofBob);
  expect(await accept("p.rego")).toEqual([uri("inputs/ann.expected.json"), { value: true }]);
});

test("the command of other editors' lenses answers too", async () => {
  const client = await start();
  const [lens] = await client.request<{ command: { command: string; arguments: unknown[] } }[]>("textDocument/codeLens", {
    textDocument: { uri: uri("p.rego") },
  });
  expect(lens?.command.command).toBe("regal.eval");
  const result = await client.request("workspace/executeCommand", lens!.command);
  expect(result).toMatchObject({ value: { allow: true, names: ["ann"] }, isUndefined: false });
});

test("the status tells the layers apart", async () => {
  const client = await start();
  await client.diagnostics("p.rego");
  const status = client.notifications.get("rw/status")!.at(-1) as messages.StatusParams;
  expect([
    status.syntax.state,
    status.compile.state,
    status.decisions.state,
    status.tests.state,
    status.passed,
    status.total,
  ]).toEqual(["ok", "ok", "ok", "errors", 1, 2]);
});

test("without live decisions nothing says that the tests of an edited text pass", async () => {
  const client = await start();
  await client.diagnostics("p.rego");
  const states = async (settings: object) => {
    client.notify("workspace/didChangeConfiguration", { settings });
    await client.diagnostics("p.rego");
    const { busy, decisions, tests } = client.notifications.get("rw/status")!.at(-1) as messages.StatusParams;
    const lenses = await client.request<{ command: { title: string } }[]>("textDocument/codeLens", {
      textDocument: { uri: uri("p.rego") },
    });
    const counts = lenses.map(({ command }) => command.title).filter((title) => title.includes("sample"));
    return [busy, decisions.state, tests.state, ...counts];
  };
  expect(await states({ rw: { live: { mode: "off" } } })).toEqual([false, "stale", "stale"]);
  expect(await states({ rw: { live: { mode: "inline" } } })).toEqual([false, "ok", "errors", "1 sample: 1 ✓"]);
});

test("a document of another folder, opened at once, does not keep the tests of a project from being run", async () => {
  const client = await connect(files, { evaluator });
  client.open("p.rego", policy);
  client.notify("textDocument/didOpen", {
    textDocument: { uri: "file:///elsewhere/settings.json", languageId: "json", version: 1, text: "[]" },
  });
  await expect
    .poll(() => {
      const all = (client.notifications.get("rw/status") ?? []) as messages.StatusParams[];
      const last = all.filter(({ root }) => root === "file:///p").at(-1);
      return `busy ${last?.busy}, ${last?.passed} of ${last?.total} tests pass`;
    })
    .toBe("busy false, 1 of 2 tests pass");
});

test("a pinned input is what its rule is asked with, also when another one is chosen", async () => {
  const client = await connect({ ...files, "inputs/bob.json": '{"user": "bob"}' }, { evaluator });
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  const pin = await client.request<messages.PinSampleResult>("rw/pinSample", {
    uri: uri("p.rego"),
    path: "data.p.allow",
    sample: uri("inputs/bob.json"),
  });
  expect(pin).toEqual({ rule: "data.p.allow", uri: uri("rw.conf"), after: "inputs.pins.p/allow = inputs/bob.json\n" });
  client.open("rw.conf", pin.after ?? "");
  await client.diagnostics("p.rego");
  const live = await lastLive(client);
  expect(draw(live)).toBe('ann.conf: allow false, names ["ann"]');
  expect(live.rules[0]?.pinned).toEqual({ name: "bob.json", uri: uri("inputs/bob.json") });
  const { pins } = await client.request<messages.SamplesResult>("rw/samples", { uri: uri("p.rego") });
  expect(pins).toEqual([{ rule: "data.p.allow", uri: uri("inputs/bob.json") }]);
  const asked = await client.request<messages.EvaluateResult>("rw/evaluate", { uri: uri("p.rego"), query: "data.p.allow" });
  expect([asked.value, asked.inputUsed]).toEqual(["false", "bob.json"]);
});

test("inputs are offered by the package's name first, then those used lately", async () => {
  const inputs = {
    "inputs/ann.json": '{"user": "ann"}',
    "inputs/bob.json": '{"user": "bob"}',
    "inputs/p.json": '{"user": "pat"}',
  };
  const client = await connect(inputs, { evaluator });
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  expect(draw(await lastLive(client))).toMatch(/^p\.json: /u);
  const offered = async (recent?: readonly string[]) => {
    const result = await client.request<messages.SamplesResult>("rw/samples", { uri: uri("p.rego"), recent });
    return result.samples.map(({ label }) => label).join(" ");
  };
  expect(await offered()).toBe("p.json ann.json bob.json");
  expect(await offered([uri("inputs/bob.json")])).toBe("p.json bob.json ann.json");
});

test("the hover of a rule says what it decided last, and for which input", async () => {
  const client = await start();
  const hover = async () => {
    const found = await client.request("textDocument/hover", {
      textDocument: { uri: uri("p.rego") },
      position: { line: 6, character: 2 },
    });
    return (found as { contents: { value: string } }).contents.value;
  };
  await lastLive(client);
  expect(await hover()).toContain('Last value for `ann.conf`:\n```json\n[\n  "ann"\n]\n```');
});

test("most policies of a folder in Rego v0: that is told once, with what to do", async () => {
  const client = await connect({ "a.rego": "package a\n\ndeny[x] { x := 1 }\n" }, { evaluator });
  client.open("a.rego", "package a\n\ndeny[x] { x := 1 }\n");
  await client.diagnostics("a.rego");
  client.change("a.rego", 2, [{ range: { start: { line: 2, character: 15 }, end: { line: 2, character: 16 } }, text: "2" }]);
  await client.diagnostics("a.rego");
  expect(client.notifications.get("window/showMessage")).toMatchObject([
    { message: expect.stringMatching(/^1 of 1 policies in \w+ are written in Rego v0, and read as v1\. .*rego-version = 0/u) },
  ]);
});

test("a sample that cannot be resolved says so itself, and its expected decisions add nothing; a wrong one is told below the comments", async () => {
  const client = await start();
  await lastLive(client);
  client.open("inputs/ann.conf", "# who\nuser = ${nobody}\n");
  await lastLive(client);
  expect((await client.diagnostics("inputs/ann.conf")).map((found) => found.code)).toEqual(["hocon_unresolved"]);
  client.open("inputs/ann.conf", "# who\nuser = bob\n");
  await lastLive(client);
  expect(await client.diagnostics("inputs/ann.conf")).toMatchObject([
    { code: "rw_decision", range: { start: { line: 1, character: 0 }, end: { line: 1, character: 10 } } },
  ]);
  const listed = [...(await client.diagnostics("inputs/ann.conf")), ...(await client.diagnostics("inputs/ann.expected.json"))];
  const status = client.notifications.get("rw/status")!.at(-1) as messages.StatusParams;
  expect(status.decisions.errors).toBe(listed.filter(({ code }) => code === "rw_decision").length);
});
