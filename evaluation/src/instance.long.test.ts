// What bounds an evaluation: steps, memory, depth, builtins that throw. Each ends one decision and leaves the next one alone.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { BuiltinFunction } from "./builtins/builtin.ts";
import { createInstance, type EvaluateOptions, type Instance, type InstanceOptions } from "./instance.ts";

const policy = `package p

small := 1

long := count([1 | some i in numbers.range(1, 3000); some j in numbers.range(1, 3000); i == j])

wide := [i | some i in numbers.range(1, 1000000)]

chance := rand.intn("a", 10)

echo := input

both := 1 if input.x

both := 2 if input.x
`;

function load(options: Partial<InstanceOptions> = {}): Instance {
  const checked = checkModules([parseModule(policy, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p/small", "p/long", "p/wide", "p/chance", "p/echo", "p/both"] });
  return createInstance(module!, { now: () => 0n, ...options });
}

function show(instance: Instance, rule: string, input?: string, options?: EvaluateOptions): string {
  const outcome = instance.evaluate(`p/${rule}`, input, options);
  if (outcome.kind === "result") return outcome.text;
  const { code, message, place } = outcome.error;
  return `${place === undefined ? "" : `${place.file}:${place.row}: `}${code}: ${message}`;
}

const one = '[{"result":1}]';

test("steps run out, and the next decision is the same as ever", () => {
  const instance = load();
  expect(show(instance, "long", undefined, { fuel: 10_000n })).toBe(
    "p.rego:5: eval_cancel_error: caller cancelled query execution: the evaluation took too many steps",
  );
  expect(show(instance, "small")).toBe(one);
});

test("an evaluation that is asked whether to go on goes on with its values as they were, also where they end with memory", () => {
  const changed = `package p

changed contains i if {
	list := [n | some n in numbers.range(0, 8191)]
	some _ in [1, 2, 3]
	some i, n in list
	n != i
}
`;
  const { module } = compile(checkModules([parseModule(changed, { file: "p.rego" })]), { entrypoints: ["p/changed"] });
  const answers = new Set<string>();
  // One of these inputs moves the end of the list to the end of memory.
  for (let length = 0; length < 65_536; length += 200) {
    const instance = createInstance(module!, { now: () => 0n, maxPages: 8 });
    const outcome = instance.evaluate("p/changed", JSON.stringify("x".repeat(length)), { cancelled: () => false });
    answers.add(outcome.kind === "result" ? outcome.text : outcome.error.message);
  }
  expect([...answers]).toEqual(['[{"result":[]}]']);
});

test("memory runs out, and the next decision is the same as ever", () => {
  const instance = load({ maxPages: 64 });
  expect(show(instance, "wide")).toBe("p.rego:7: rw_limit_error: the evaluation needs more memory than it may have");
  expect(show(instance, "small")).toBe(one);
});

test("a builtin whose steps grow with its argument is ended like a loop, and by the limit of memory", () => {
  const grows = 'package p\n\nrange := count(numbers.range(1, 1000000000))\n\naddresses := count(net.cidr_expand("::/64"))\n';
  const { module } = compile(checkModules([parseModule(grows, { file: "g.rego" })]), { entrypoints: ["p/range", "p/addresses"] });
  const instance = createInstance(module!, { now: () => 0n, maxPages: 256 });
  const at = (row: number, error: string): object => ({ error: { message: expect.stringContaining(error), place: { row } } });
  expect(instance.evaluate("p/range", undefined, { fuel: 1000n })).toMatchObject(at(3, "took too many steps"));
  expect(instance.evaluate("p/addresses", undefined, { fuel: 1000n })).toMatchObject(at(5, "took too many steps"));
  expect(instance.evaluate("p/range", undefined)).toMatchObject(at(3, "needs more memory than it may have"));
});

test("an array that has no room for more elements in all of memory ends the evaluation as memory that runs out does", () => {
  const endless = "package p\n\nrange := count(numbers.range(1, 1000000000000))\n\nsmall := 1\n";
  const { module } = compile(checkModules([parseModule(endless, { file: "e.rego" })]), { entrypoints: ["p/range", "p/small"] });
  const instance = createInstance(module!, { now: () => 0n });
  expect(instance.evaluate("p/range", undefined)).toMatchObject({ error: { code: "rw_limit_error", place: { row: 3 } } });
  expect(instance.evaluate("p/small", undefined)).toMatchObject({ text: '[{"result":1}]' });
}, 60_000);

test("data that does not fit is refused, and less of it is taken", () => {
  const instance = load({ maxPages: 64 });
  const data = (count: number): string => JSON.stringify({ list: Array.from({ length: count }, (_, at) => `member ${at}`) });
  expect(instance.setData(data(400_000))).toEqual({ message: "the data needs more memory than it may have" });
  expect(instance.setData(data(100))).toBeUndefined();
  expect(show(instance, "small")).toBe(one);
});

test("an input nested 10,000 deep is decided", () => {
  const instance = load();
  const input = "[".repeat(10_000) + "]".repeat(10_000);
  expect(show(instance, "echo", input)).toBe(`[{"result":${input}}]`);
});

test("an input nested 100,000 deep is refused", () => {
  const instance = load();
  const text = show(instance, "echo", "[".repeat(100_000) + "]".repeat(100_000));
  expect(text).toMatch(/^(rw_limit_error|eval_internal_error): /);
  expect(show(instance, "small")).toBe(one);
});

test("a builtin that throws is named with its line", () => {
  const broken: BuiltinFunction = () => {
    throw new TypeError("no such thing");
  };
  const instance = load({ builtins: { "rand.intn": broken } });
  expect(show(instance, "chance")).toBe("p.rego:9: eval_internal_error: rand.intn failed: no such thing");
  expect(show(instance, "small")).toBe(one);
});

test("a conflict is named with its line, and the next decision is the same as ever", () => {
  const instance = load();
  const conflict = "eval_conflict_error: rule data.p.both produced conflicting values:\n  1 at p.rego:13\n  2 at p.rego:15";
  for (let round = 0; round < 600; round++) expect(show(instance, "both", '{"x": true}')).toBe(`p.rego:15: ${conflict}`);
  expect(show(instance, "both", "{}")).toBe("[]");
  expect(show(instance, "small")).toBe(one);
});

test("bytes that are no policy of ours are refused with what is wrong", () => {
  const open = (bytes: readonly number[]): (() => Instance) => {
    const { module } = compile(checkModules([parseModule(policy, { file: "p.rego" })]), { entrypoints: ["p/small"] });
    return () => createInstance({ ...module!, bytes: Uint8Array.from(bytes) }, { now: () => 0n });
  };
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const noise = Array.from({ length: 500 }, (_, at) => (at * 151 + 77) % 256);
  expect(open(noise)).toThrow(/^this is no WebAssembly module: /);
  expect(open([...header, ...noise])).toThrow(/^this is no WebAssembly module: /);
  expect(open([])).toThrow(/^this is no WebAssembly module: /);
  expect(open(header)).toThrow("this WebAssembly module is no policy: it does not export opa_eval");
});
