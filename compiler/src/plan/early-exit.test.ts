// Early exit: which rules get it, and where the exits stand.
import { describe, expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { compile } from "../compile.ts";
import { emitModule } from "../wasm/emit.ts";
import { type PlanWriter, planOf, run } from "../wasm/module-runner.test-helper.ts";
import { exitEarly } from "./early-exit.ts";
import type { Block, Operand, Plan } from "./ir.ts";

const TRUE: Operand = { kind: "bool", value: true };

/** A body that scans the input, notes each element by `seen`, and assigns `value`. */
function scanBody(p: PlanWriter, local: number, value: Operand): readonly Block[] {
  return [
    {
      stmts: [
        p.stmt({ op: "ResetLocal", target: local }),
        p.stmt({
          op: "Scan",
          source: 0,
          key: 10,
          value: 11,
          block: {
            stmts: [
              p.stmt({ op: "Call", func: "seen", args: [p.local(11)], result: 12 }),
              p.stmt({ op: "AssignVarOnce", source: value, target: local }),
            ],
          },
        }),
      ],
    },
    { stmts: [p.stmt({ op: "IsDefined", source: local }), p.stmt({ op: "AssignVarOnce", source: p.local(local), target: 2 })] },
  ];
}

function rules(values: (p: PlanWriter) => readonly Operand[]): Plan {
  return planOf((p) => {
    p.builtins.push({ name: "seen", arity: 1 });
    const bodies = values(p).flatMap((value, i) => scanBody(p, 20 + i, value));
    const fallback: Block = {
      stmts: [
        p.stmt({ op: "IsUndefined", source: 2 }),
        p.stmt({ op: "AssignVarOnce", source: { kind: "bool", value: false }, target: 2 }),
      ],
    };
    return { result: 2, blocks: [...bodies, fallback] };
  });
}

function seenBy(plan: Plan): { result: string; seen: string } {
  const seen: string[] = [];
  const runner = run(emitModule(exitEarly(plan), { build: "editor" }), {
    seen: ([x]) => {
      seen.push(x!);
      return x === "0" ? undefined : "true";
    },
  });
  const result = runner.evaluate("t/r", "[0, 1, 2]");
  return { result, seen: seen.join(" ") };
}

describe("early exit", () => {
  test("one rule stops its loop at the first success", () => {
    expect(seenBy(rules(() => [TRUE]))).toEqual({ result: '{{"result": true}}', seen: "0 1" });
  });

  test("rules with one value: the second does not run", () => {
    expect(seenBy(rules(() => [TRUE, TRUE]))).toEqual({ result: '{{"result": true}}', seen: "0 1" });
  });

  test("rules with different values all run to their ends", () => {
    const plan = rules((p) => [p.text("a"), p.text("b")]);
    expect(exitEarly(plan)).toEqual(plan);
    expect(() => seenBy(plan)).toThrow("var assignment conflict");
  });

  test("a variable value keeps every rule running", () => {
    const plan = rules((p) => [TRUE, p.local(11)]);
    expect(exitEarly(plan)).toEqual(plan);
  });

  test("a loop in an else branch: the chain's value still reaches the rule", () => {
    const policy = `package t

r(n) if {
	count(n) == 0
} else if {
	some x in n
	x == 1
} else if {
	some x in n
	x == 2
}

out := [n | some n in [[], [1, 1], [3, 2], [4]]; r(n)]
`;
    const { module } = compile(checkModules([parseModule(policy, { file: "t.rego" })]), { entrypoints: ["t/out"] });
    expect(run(module!).evaluate("t/out")).toBe('{{"result": [[], [1, 1], [3, 2]]}}');
  });

  test("a constant beside the result of a call: both rules run", () => {
    const policy = "package t\n\nr := 1 if input.on\n\nr := abs(x) if some x in input.numbers\n";
    const { module } = compile(checkModules([parseModule(policy, { file: "t.rego" })]), { entrypoints: ["t/r"] });
    const runner = run(module!);
    expect(runner.evaluate("t/r", '{"on": true, "numbers": [1, -1]}')).toBe('{{"result": 1}}');
    expect(() => runner.evaluate("t/r", '{"on": true, "numbers": [2]}')).toThrow("var assignment conflict");
  });
});
