// Emitted modules: what statements do when run, what hosts see of failures, and the code of small rules.
import { describe, expect, test } from "vitest";
import wabt from "wabt";
import type { Plan, Stmt } from "../plan/ir.ts";
import { emitModule, TooMuchCode } from "./emit.ts";
import { type PlanWriter, planOf, run } from "./module-runner.test-helper.ts";

function rule(build: (p: PlanWriter) => readonly Stmt[], result = 2): Plan {
  return planOf((p) => ({ blocks: [{ stmts: build(p) }], result }));
}

function answer(plan: Plan, input = "", data = "{}"): string {
  return run(emitModule(plan, { build: "editor" })).evaluate("t/r", input, data);
}

test("a function that no engine would take is refused with the name of its document", () => {
  const huge = rule((p) => new Array<Stmt>(1_000_000).fill(p.stmt({ op: "MakeArray", capacity: 1_000_000, target: 2 })));
  expect(() => answer(huge)).toThrow(TooMuchCode);
});

describe("statements", () => {
  const dotInput = (p: PlanWriter) => [p.stmt({ op: "Dot", source: p.local(0), key: p.text("x"), target: 2 })];

  test.each([
    ['{"x": 1.50}', '{{"result": 1.50}}'],
    ['{"x": {2, 1}}', '{{"result": {1, 2}}}'],
    ["{}", "set()"],
    ["", "set()"],
    ["7", "set()"],
  ])("Dot into input %s", (input, expected) => {
    expect(answer(rule(dotInput), input)).toBe(expected);
  });

  test("constant keys of any length are found in large objects", () => {
    const keys = Array.from({ length: 20 }, (_, i) => "é0123456789abcdefghijk".slice(0, i));
    const input = JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, i])));
    for (const [i, key] of keys.entries()) {
      const plan = rule((p) => [p.stmt({ op: "Dot", source: p.local(0), key: p.text(key), target: 2 })]);
      expect(answer(plan, input)).toBe(`{{"result": ${i}}}`);
    }
  });

  test("Scan runs in key order and hands out positions, keys and members", () => {
    const scan = (p: PlanWriter) => [
      p.stmt({ op: "MakeArray", capacity: 0, target: 2 }),
      p.stmt({
        op: "Scan",
        source: 0,
        key: 4,
        value: 5,
        block: {
          stmts: [
            p.stmt({ op: "MakeArray", capacity: 2, target: 6 }),
            p.stmt({ op: "ArrayAppend", array: 6, value: p.local(4) }),
            p.stmt({ op: "ArrayAppend", array: 6, value: p.local(5) }),
            p.stmt({ op: "ArrayAppend", array: 2, value: p.local(6) }),
          ],
        },
      }),
    ];
    expect(answer(rule(scan), '["b", "a"]')).toBe('{{"result": [[0, "b"], [1, "a"]]}}');
    expect(answer(rule(scan), '{"y": 1, "x": 2}')).toBe('{{"result": [["x", 2], ["y", 1]]}}');
    expect(answer(rule(scan), "{3, 1}")).toBe('{{"result": [[1, 1], [3, 3]]}}');
    expect(answer(rule(scan), '"scalar"')).toBe('{{"result": []}}');
  });

  test("Break leaves plan blocks: 0 goes on with the next element, 1 ends the loop", () => {
    const firstOnly = (index: number) =>
      rule((p) => [
        p.stmt({ op: "MakeArray", capacity: 0, target: 2 }),
        p.stmt({
          op: "Scan",
          source: 0,
          key: 4,
          value: 5,
          block: { stmts: [p.stmt({ op: "ArrayAppend", array: 2, value: p.local(5) }), p.stmt({ op: "Break", index })] },
        }),
        p.stmt({ op: "ArrayAppend", array: 2, value: p.text("after") }),
      ]);
    expect(answer(firstOnly(0), "[1, 2]")).toBe('{{"result": [1, 2, "after"]}}');
    expect(answer(firstOnly(1), "[1, 2]")).toBe('{{"result": [1]}}');
  });

  test("With changes a path for its block only", () => {
    const plan = rule((p) => [
      p.stmt({ op: "MakeArray", capacity: 0, target: 2 }),
      p.stmt({
        op: "With",
        local: 0,
        path: [p.text("a"), p.text("b")].map((o) => (o.kind === "string" ? o.index : 0)),
        value: p.text("new"),
        block: { stmts: [p.stmt({ op: "ArrayAppend", array: 2, value: p.local(0) })] },
      }),
      p.stmt({ op: "ArrayAppend", array: 2, value: p.local(0) }),
    ]);
    expect(answer(plan, '{"a": {"c": 1}, "z": 0}')).toBe(
      '{{"result": [{"a": {"b": "new", "c": 1}, "z": 0}, {"a": {"c": 1}, "z": 0}]}}',
    );
    expect(answer(plan, "1")).toBe('{{"result": [{"a": {"b": "new"}}, 1]}}');
  });

  test("Not is undefined when its block runs to the end", () => {
    const plan = rule((p) => [
      p.stmt({ op: "Not", block: { stmts: [p.stmt({ op: "Dot", source: p.local(0), key: p.text("x"), target: 4 })] } }),
      p.stmt({ op: "AssignVar", source: { kind: "bool", value: true }, target: 2 }),
    ]);
    expect(answer(plan, "{}")).toBe('{{"result": true}}');
    expect(answer(plan, '{"x": 1}')).toBe("set()");
  });
});

describe("failures", () => {
  const assignTwice = rule((p) => [
    p.stmt({ op: "Dot", source: p.local(0), key: p.text("a"), target: 4 }),
    p.stmt({ op: "AssignVarOnce", source: p.local(4), target: 2 }),
    p.stmt({ op: "Dot", source: p.local(0), key: p.text("b"), target: 4 }),
    p.stmt({ op: "AssignVarOnce", source: p.local(4), target: 2 }),
  ]);

  test("a conflict names its place and keeps both values; the instance stays usable", () => {
    const module = emitModule(assignTwice, { build: "portable" });
    const runner = run(module);
    for (let i = 0; i < 600; i++) {
      expect(() => runner.evaluate("t/r", '{"a": 1, "b": 2}')).toThrow("t.rego:4:1: var assignment conflict");
    }
    expect(module.sites[runner.exports.rw_conflict_site()]).toMatchObject({
      kind: "rule",
      name: "g0.data.t.r",
      location: { row: 4 },
    });
    expect(runner.exports.rw_conflict_old()).not.toBe(0);
    expect(runner.evaluate("t/r", '{"a": 1, "b": 1.0}')).toBe('{{"result": 1}}');
    expect(runner.exports.rw_conflict_old()).toBe(0);
  });

  test("host builtins get and give exact Rego text; undefined is undefined", () => {
    const plan = planOf((p) => {
      p.builtins.push({ name: "custom.f", arity: 2 });
      return {
        result: 2,
        blocks: [{ stmts: [p.stmt({ op: "Call", func: "custom.f", args: [p.local(0), p.text("é")], result: 2 })] }],
      };
    });
    const seen: string[][] = [];
    const module = emitModule(plan, { build: "portable" });
    const result: { text: string | undefined } = { text: "{2, 1.0}" };
    const runner = run(module, {
      "custom.f": (args) => {
        seen.push([...args]);
        return result.text;
      },
    });
    expect(runner.evaluate("t/r", "{1e400, {[]: 1}}")).toBe('{{"result": {1.0, 2}}}');
    expect(seen).toEqual([["{1e400, {[]: 1}}", '"é"']]);
    result.text = undefined;
    expect(runner.evaluate("t/r", "1")).toBe("set()");
  });

  test("fuel ends loops of editor builds", () => {
    const loop = rule((p) => [
      p.stmt({ op: "Scan", source: 0, key: 4, value: 5, block: { stmts: [] } }),
      p.stmt({ op: "AssignVar", source: { kind: "bool", value: true }, target: 2 }),
    ]);
    const runner = run(emitModule(loop, { build: "editor" }));
    runner.exports.rw_set_fuel!(3n);
    expect(runner.evaluate("t/r", "[1, 2]")).toBe('{{"result": true}}');
    expect(runner.exports.rw_fuel!()).toBe(0n);
    runner.exports.rw_set_fuel!(3n);
    expect(() => runner.evaluate("t/r", "[1, 2, 3]")).toThrow("evaluation limit reached");
  });

  test("an unknown entrypoint aborts as OPA's modules do", () => {
    const { exports } = run(emitModule(assignTwice, { build: "portable" }));
    expect(() => exports.opa_eval(0, 9, 0, 0, 0, exports.opa_heap_ptr_get(), 0)).toThrow("internal: illegal entrypoint id");
  });
});

describe("watching", () => {
  const guarded = rule((p) => [
    p.stmt({ op: "Dot", source: p.local(0), key: p.text("x"), target: 4 }),
    p.stmt({ op: "Equal", a: p.local(4), b: { kind: "bool", value: true } }),
    p.stmt({ op: "AssignVar", source: p.local(4), target: 2 }),
  ]);

  test("counts tell how often a row was reached and passed", () => {
    const module = emitModule(guarded, { build: "editor", watch: "counts" });
    const runner = run(module);
    runner.evaluate("t/r", '{"x": true}');
    runner.evaluate("t/r", '{"x": 1}');
    const counts = new Uint32Array(runner.exports.memory.buffer, module.watchAddress, module.steps.length * 2);
    const byRow = module.steps.flatMap((s, i) =>
      s.func === "g0.data.t.r" ? [[s.location.row, counts[2 * i], counts[2 * i + 1]]] : [],
    );
    // The rule as a whole begins twice and gives one result; its row has a step of its own.
    expect(byRow).toEqual([
      [1, 2, 1],
      [1, 2, 2],
      [2, 2, 1],
      [3, 1, 1],
    ]);
  });

  test("marks are told with their values", () => {
    const mark = { kind: "end", number: 0, parent: -1, file: 0, tells: "own", names: ["x"], gone: [] } as const;
    const plan = rule((p) => [
      p.stmt({ op: "Dot", source: p.local(0), key: p.text("x"), target: 4 }),
      p.stmt({ op: "Mark", mark: 0, values: [p.local(4)] }),
      p.stmt({ op: "AssignVar", source: p.local(4), target: 2 }),
    ]);
    const module = emitModule({ ...plan, marks: [mark] }, { build: "editor", watch: "marks" });
    const seen: string[] = [];
    const runner = run(module, {}, (number, read) => seen.push(`${number}: ${read(module.watchAddress)}`));
    runner.evaluate("t/r", '{"x": 7}');
    expect(seen).toEqual(["0: 7"]);
  });
});

describe("modules", () => {
  test("constants beyond the pages that hosts give are copied after memory grew", () => {
    const long = "x".repeat(300_000);
    const plan = rule((p) => [p.stmt({ op: "AssignVar", source: p.text(long), target: 2 })]);
    expect(answer(plan)).toBe(`{{"result": "${long}"}}`);
  });

  test("only what is used is linked", () => {
    const plan = rule((p) => [p.stmt({ op: "AssignVar", source: { kind: "bool", value: true }, target: 2 })]);
    const { bytes } = emitModule(plan, { build: "portable" });
    expect(bytes.length).toBeLessThan(25_000);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map((i) => i.name)).toEqual(["memory", "opa_abort"]);
  });

  test("code of a rule", async () => {
    const plan = rule((p) => [
      p.stmt({ op: "Dot", source: p.local(0), key: p.text("x"), target: 4 }),
      p.stmt({ op: "Equal", a: p.local(4), b: { kind: "bool", value: true } }),
      p.stmt({ op: "AssignVar", source: p.local(4), target: 2 }),
    ]);
    const { bytes } = emitModule(plan, { build: "portable" });
    const tools = await wabt();
    const module = tools.readWasm(bytes, { readDebugNames: true });
    module.applyNames();
    const text = module.toText({ foldExprs: false, inlineExport: false });
    const from = text.indexOf("(func $data.t.r");
    // Indexes of types and runtime globals and addresses shift with the runtime; the code does not.
    const code = text
      .slice(from, text.indexOf("\n  (func", from))
      .replace(/\(type \d+\)/, "(type)")
      .replaceAll(/global\.(get|set) \d+/g, "global.$1 N")
      .replaceAll(/-?\d{10,}/g, "ADDRESS");
    expect(code).toMatchSnapshot();
  });
});
