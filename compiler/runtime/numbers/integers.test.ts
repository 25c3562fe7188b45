// Exact integers of any size and spelling, beside JavaScript's.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Stmt } from "../../src/plan/ir.ts";
import { emitModule } from "../../src/wasm/emit.ts";
import { planOf, run } from "../../src/wasm/module-runner.test-helper.ts";

/** A module that calls one builtin with the arguments `a0`, `a1`, … of its input. */
function caller(name: string, arity: number): (...args: readonly string[]) => string | undefined {
  const plan = planOf((p) => {
    p.builtins.push({ name, arity });
    const locals = Array.from({ length: arity }, (_, i) => 10 + i);
    const reads = locals.map((target, i): Stmt => p.stmt({ op: "Dot", source: p.local(0), key: p.text(`a${i}`), target }));
    const invoke = p.stmt({ op: "Call", func: name, args: locals.map((local) => p.local(local)), result: 2 });
    return { result: 2, blocks: [{ stmts: [...reads, invoke] }] };
  });
  const runner = run(emitModule(plan, { build: "editor" }));
  return (...args) =>
    /^\{\{"result": (.*)\}\}$/u.exec(
      runner.evaluate("t/r", `{${args.map((arg, i) => `"a${i}": ${arg}`).join(", ")}}`) ?? "",
    )?.[1];
}

interface Spelled {
  readonly value: bigint;
  readonly text: string;
}

const spelled: fc.Arbitrary<Spelled> = fc
  .tuple(
    fc.oneof(
      fc.integer().map(BigInt),
      fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
      fc.constantFrom(0n, 2n ** 64n, -(2n ** 32n), 10n ** 27n),
    ),
    fc.constantFrom("", ".0", "e0", "e3", ".00E+2"),
  )
  .map(([n, tail]) => ({ value: n * 10n ** BigInt(/\d+$/u.exec(tail.replace(/^\.0+$/u, ""))?.[0] ?? 0), text: `${n}${tail}` }));

const operators: readonly (readonly [string, (a: bigint, b: bigint) => bigint | undefined])[] = [
  ["plus", (a, b) => a + b],
  ["minus", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["rem", (a, b) => (b === 0n ? undefined : a % b)],
];

test.each(operators)("%s", (name, exact) => {
  const call = caller(name, 2);
  fc.assert(
    fc.property(spelled, spelled, (a, b) => {
      expect(call(a.text, b.text)).toBe(exact(a.value, b.value)?.toString());
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["sum", (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n)],
  ["product", (values: readonly bigint[]) => values.reduce((product, value) => product * value, 1n)],
] as const)("%s", (name, exact) => {
  const call = caller(name, 1);
  fc.assert(
    fc.property(fc.array(spelled, { maxLength: 40 }), (items) => {
      expect(call(`[${items.map(({ text }) => text).join(",")}]`)).toBe(exact(items.map(({ value }) => value)).toString());
    }),
    { numRuns: 300 },
  );
});

test("an integer and a fraction are floats together", () => {
  expect(caller("sum", 1)("[12345678901234567890123, 0.5]")).toBe("12345678901234567890000");
  expect(caller("rem", 2)("5", "1.5")).toBeUndefined();
});
