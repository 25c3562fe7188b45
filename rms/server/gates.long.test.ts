// Hostile and broken versions: each is refused in bounded time, with file, row and reason.
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { checkVersion } from "./gate-run.ts";
import { gateSettings } from "./gate-settings.ts";
import { type GateInput, type GateLimits, type GateReport, Gates, gateLimits } from "./gates.ts";
import { library } from "./library.ts";
import { startWorker } from "./start-worker.ts";

type Files = Readonly<Record<string, string>>;

const limits: GateLimits = { total: 4000, test: 500, entrypoint: 300 };

const inputOf = (files: Files, gates: object, entrypoints: readonly string[], time: GateLimits): GateInput => ({
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
  library: library.files,
  package: "orders",
  entrypoints,
  settings: gateSettings(gates),
  limits: time,
  now: 1_700_000_000_000,
});

/** `gate file:row code: message` for each refusal; empty for a version that passes. */
const lines = ({ gates }: GateReport): readonly string[] =>
  gates.flatMap(({ gate, ok, diagnostics }) => {
    expect(ok).toBe(diagnostics.length === 0);
    return diagnostics.map(({ file, row, code, message }) => `${gate} ${file ?? ""}:${row ?? ""} ${code}: ${message}`);
  });

const gates = new Gates();
afterAll(() => gates.close());

/** What refuses a version of the domain `orders`. */
const refusals = (files: Files, gates: object = {}, entrypoints: readonly string[] = []): readonly string[] =>
  lines(checkVersion(inputOf(files, gates, entrypoints, limits), () => {}));

/** The same in the worker of a publish, which ends what does not end by itself. */
const refusalsInWorker = async (files: Files, time: GateLimits = limits): Promise<readonly string[]> =>
  lines(await gates.check("orders", inputOf(files, {}, [], time)));

const policy = (body: string): Files => ({ "main.rego": `package orders\n\n${body}\n` });

test("a worker that cannot begin says nothing about the version: 503, and the next one may", async () => {
  const starts = [
    () => new Worker("throw new Error('broken')", { eval: true }),
    () => startWorker("gate-worker", undefined, 512),
  ];
  const shaky = new Gates(() => (starts.length > 1 ? starts.shift()! : starts[0]!)());
  const input = inputOf(policy("allow := true"), {}, [], limits);
  await expect(shaky.check("orders", input)).rejects.toMatchObject({ status: 503, headers: { "Retry-After": "5" } });
  expect(lines(await shaky.check("orders", input))).toEqual([]);
  await shaky.close();
});

test("a version whose tests pass passes", () => {
  const files = {
    "main.rego": "package orders\n\ndefault allow := false\n\nallow if input.user == data.orders.boss\n",
    "main_test.rego":
      'package orders_test\n\nimport data.orders\n\ntest_boss if orders.allow with input.user as "ann"\n\ntest_other if not orders.allow\n',
    "data.json": '{"orders": {"boss": "ann"}}',
  };
  expect(refusals(files, {}, ["orders/allow"])).toEqual([]);
});

test.each([
  ["a call", 'allow if http.send({"method": "get", "url": "http://x"}).status_code == 200', "http.send"],
  ["a replacement", "allow if count([1]) == 1 with count as http.send", "http.send"],
  ["a replaced builtin", 'allow if true with http.send as {"a": 1}', "http.send"],
  ["a nested call", 'allow if [x | x := upper(opa.runtime().env["HOME"])] != []', "opa.runtime"],
  ["a head", "env := opa.runtime()", "opa.runtime"],
  ["an argument's default", 'f(x) := net.lookup_ip_addr(x)\n\nallow if f("a")', "net.lookup_ip_addr"],
  ["every", 'allow if every x in ["a"] { net.lookup_ip_addr(x) == set() }', "net.lookup_ip_addr"],
  ["an else", "allow if false\nelse := opa.runtime()", "opa.runtime"],
  ["a template", 'allow := $"{opa.runtime()}"', "opa.runtime"],
  ["a parser", 'allow if rego.parse_module("a", "package a")', "rego.parse_module"],
  ["a key", "allow contains opa.runtime()", "opa.runtime"],
  ["not", "allow if not opa.runtime()", "opa.runtime"],
])("a forbidden builtin in %s is refused", (_, body, builtin) => {
  const row = 3 + body.split("\n").findIndex((line) => line.includes(builtin));
  expect(refusals(policy(body))).toContainEqual(
    `compile main.rego:${row} rms_builtin: the builtin ${builtin} is not allowed in this domain`,
  );
});

test("a builtin that the policy's gates allow passes; names that only look like builtins do too", () => {
  const cidr = 'allow if net.cidr_contains("10.0.0.0/8", "10.1.2.3")';
  expect(refusals(policy(cidr))).toHaveLength(1);
  expect(refusals(policy(cidr), { builtins: ["net.cidr_contains"] })).toEqual([]);
  expect(refusals(policy(cidr), { builtins: ["net.*"] })).toEqual([]);
  expect(refusals(policy('allow if { net := input.net; net.cidr == "a" }\n\nhttp.send(x) := x'))).toEqual([]);
});

test.each([
  ["package", "package billing\n\nallow := true\n", "main.rego:1"],
  ["system package", "# log\npackage system.log\n\nmask contains 1\n", "main.rego:2"],
  ["library's package", "package rms.rbac\n\nfresh := true\n", "main.rego:1"],
])("a foreign %s is refused by name at its row", (_, text, place) => {
  const name = /^package (.*)$/m.exec(text)?.[1];
  expect(refusals({ "main.rego": text })[0]).toContain(`compile ${place} rms_root: the package ${name} must be orders`);
});

test("two tests of one name are two tests", () => {
  const files = { ...policy("allow := true"), "main_test.rego": "package orders\n\ntest_a if allow\n\ntest_a if not allow\n" };
  expect(refusals(files)).toEqual(["tests main_test.rego:5 rms_test_failed: the test data.orders.test_a#01 fails"]);
});

/** Ten billion comparisons that need no memory; four lines of a body. */
const loop = "\tall := numbers.range(1, 100000)\n\tsome a in all\n\tsome b in all\n\tb < 0\n";

test("an endless test is refused by name, and the next ones run", () => {
  const endless = `test_loop if {\n${loop}}\n\ntest_no if not allow\n`;
  expect(refusals({ ...policy("allow := true"), "a_test.rego": `package orders\n\n${endless}` })).toEqual([
    "tests a_test.rego:3 rms_limit: the test data.orders.test_loop took more than 0.5 seconds",
    "tests a_test.rego:10 rms_test_failed: the test data.orders.test_no fails",
  ]);
});

test.each([[["orders/allow"]], [[]]])("an endless rule is refused though no test asks for it: entrypoints %j", (entrypoints) => {
  const endless = `default allow := false\n\nallow if {\n${loop}}`;
  const refused = ["limits main.rego:3 rms_limit: the entrypoint orders/allow took more than 0.3 seconds"];
  expect(refusals(policy(endless), {}, entrypoints)).toEqual(refused);
});

test.each([
  ["a text", 'test_big if count(concat("", [s | some i in numbers.range(1, 20000); s := sprintf("%060000d", [i])])) > 0'],
  ["a list", "test_big if count(numbers.range(1, 1000000000)) > 0"],
  ["an answer", 'test_big := [x | some i in numbers.range(1, 10000000); x := sprintf("%0100d", [i])]'],
])("1 GB of %s is refused in bounded time with its test", async (_, body) => {
  const started = performance.now();
  const [refused, ...more] = await refusalsInWorker({ ...policy("allow := true"), "a_test.rego": `package orders\n\n${body}\n` });
  expect(more).toEqual([]);
  expect(refused).toMatch(/^(?:tests|limits) a_test\.rego:3 rms_limit: the test data\.orders\.test_big (?:took|needs|ends)/);
  // On a busy machine the worker may take long to start, which does not count.
  expect(performance.now() - started).toBeLessThan(limits.total + 30_000);
});

test("what does not end by itself is ended, and the place is named", async () => {
  const endless = `package orders\n\ntest_slow if {\n${loop}}\n`;
  const time = { ...limits, total: 2500, test: 60_000 };
  const [refused] = await refusalsInWorker({ ...policy("allow := true"), "a_test.rego": endless }, time);
  expect(refused).toMatch(/a_test\.rego:3 rms_limit: .+ was not done when the time for a publish, 2\.5 seconds, was over/);
});

test("a rule where the data has a document is refused, since no sidecar would take the bundle", () => {
  const files = { "main.rego": "package orders.eu\n\nallow := true\n" };
  const conflict = ["compile main.rego:3 rego_compile_error: conflicting rule for data path orders/eu/allow found"];
  const refused = (data: unknown) => refusals({ ...files, "data.json": JSON.stringify(data) }, {}, []);
  expect(refused({ orders: { eu: { allow: false } } })).toEqual(conflict);
  expect(refused({ orders: { eu: { limit: 5 }, allow: true } })).toEqual([]);
});

test("a policy may ask for coverage", () => {
  const files = {
    "main.rego": "package orders\n\nallow if input.a\n\ndeny if input.b\n",
    "main_test.rego": "package orders\n\ntest_a if allow with input.a as true\n",
  };
  expect(refusals(files)).toEqual([]);
  expect(refusals(files, { coverage: 100 })).toEqual([
    expect.stringMatching(/^coverage : rms_coverage: the tests reach [\d.]+ % of the lines; this policy asks for 100 %$/),
  ]);
});

test("what strict mode finds refuses a version", () => {
  expect(refusals(policy("allow if {\n\tx := 1\n\tinput.a\n}"))).toEqual([
    "compile main.rego:4 rego_compile_error: assigned var x unused",
  ]);
  expect(refusals({ "main.rego": "package orders\n\nimport data.orders.other\n\nallow if input.a\n" })).toEqual([
    "compile main.rego:3 rego_compile_error: import data.orders.other unused",
  ]);
});

test("data files are where OPA mounts them: in JSON or YAML, below their folders; they must agree", () => {
  const files = {
    ...policy("allow := data.orders.a + data.orders.b.c + data.orders.d"),
    "main_test.rego": "package orders\n\ntest_sum if allow == 6\n",
    "data.json": '{"orders": {"a": 1}}',
    "orders/b/data.yaml": "c: 2\n",
    "orders/data.yml": "d: 3\n",
  };
  expect(refusals(files)).toEqual([]);
  expect(refusals({ ...files, "orders/data.json": '{"a": 2}' })[0]).toContain("compile orders/data.json:1 rms_data");
  expect(refusals({ ...files, "other/data.json": "{}" })).toEqual([
    "compile other/data.json:1 rms_root: data.other is outside data.orders",
  ]);
  expect(refusals({ ...files, "orders/b/data.yaml": "c: [" })[0]).toContain(
    "compile orders/b/data.yaml:1 rms_data: this is not YAML",
  );
  expect(refusals({ ...files, "data.json": "[]" })[0]).toContain("compile data.json:1 rms_data: the data must be an object");
});

test("an owner may consent to the package that masks decision logs, and to no other of system", () => {
  const version = (name: string): Files => ({
    "main.rego": "package orders\n\ndefault allow := false\n",
    "log.rego": `package ${name}\n\nmask contains "/input/iban"\n`,
  });
  expect(refusals(version("system.log"))).toEqual([expect.stringContaining("compile log.rego:1 rms_root")]);
  expect(refusals(version("system.log"), { systemLog: true })).toEqual([]);
  for (const other of ["system.authz", "system.log.more", "system"])
    expect(refusals(version(other), { systemLog: true }), other).toEqual([expect.stringContaining("rms_root")]);
});

test("what is of a version as a whole has a place, too: the package where a rule is missing, else the first policy", async () => {
  const files = {
    "data.json": "{}",
    "a_test.rego": "package orders_test\n",
    "b.rego": "# the orders\npackage orders\n",
    "c.rego": "package orders.c\n",
  };
  const places = async (entrypoints: readonly string[], settings: object): Promise<unknown> =>
    (await gates.check("orders", inputOf(files, settings, entrypoints, gateLimits))).gates.flatMap(({ diagnostics }) =>
      diagnostics.map(({ file, row, col, code }) => [file, row, col, code]),
    );
  expect(await places(["orders/allow", "orders/c/x", "orders/d/x"], {})).toEqual([
    ["b.rego", 2, 1, "rms_entrypoint"],
    ["c.rego", 1, 1, "rms_entrypoint"],
    ["b.rego", 1, 1, "rms_entrypoint"],
  ]);
  expect(await places([], { coverage: 90 })).toEqual([["b.rego", 1, 1, "rms_coverage"]]);
});
