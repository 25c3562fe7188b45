// Compiling a policy again after an edit gives the plan, and the decisions, of a first compilation.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Checked } from "#analysis/rego/checked.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { type Compiled, compile, IncrementalCompiler } from "#compiler/compile.ts";
import type { Plan } from "#compiler/plan/ir.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const inputs = ['{"u": 1, "v": "x"}', "{}"];

/** The plan from its entrypoints on: texts and files in place of their numbers, generations in the order in which they are met. */
function planText({ strings, files, entrypoints, funcs }: Plan): string {
  const byName = new Map(funcs.map((func) => [func.name, func]));
  const seen = new Set<string>();
  const generations = new Map<string, number>();
  const waiting: string[] = [];
  const write = (value: unknown): string =>
    JSON.stringify(value, (key, item) => {
      if (typeof item === "bigint") return String(item);
      if (key === "file" && typeof item === "number") return files[item];
      if (item?.kind === "string") return { text: strings[item.index] };
      if (item?.op === "MakeNumberRef") return { ...item, index: strings[item.index] };
      if (item?.op === "With") return { ...item, path: item.path.map((index: number) => strings[index]) };
      if ((key === "func" || key === "extent" || key === "name") && byName.has(item)) waiting.push(item);
      if (typeof item !== "string" || !/^g\d+/u.test(item)) return item;
      return item.replace(/^g\d+/u, (id) => {
        generations.set(id, generations.get(id) ?? generations.size);
        return `generation ${generations.get(id)}`;
      });
    });
  const rows = [write(entrypoints)];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    rows.push(write(byName.get(name)));
  }
  return rows.join("\n");
}

function decisions({ module }: Compiled, entrypoint: string): readonly string[] {
  if (module === undefined) return [];
  const instance = createInstance(module, { now: () => 0n });
  instance.setData('{"a": {"xs": [1]}, "z": 2}');
  return inputs.map((input) => {
    const outcome = instance.evaluate(entrypoint, input, { fuel: 1_000_000n });
    return JSON.stringify([outcome.kind === "error" ? outcome.error : outcome.text, outcome.prints]);
  });
}

/** `decided` has what was decided for each stamp: it holds as long as the stamp does. */
function expectSame(
  kept: IncrementalCompiler,
  checked: Checked,
  entrypoint: string,
  decided: Map<number, readonly string[]>,
): void {
  const again = kept.compile(checked, [entrypoint]);
  const first = compile(checked, { entrypoints: [entrypoint] });
  expect(again.diagnostics).toEqual(first.diagnostics);
  expect(planText(again.plan)).toBe(planText(first.plan));
  const now = decisions(again, entrypoint);
  expect(now).toEqual(decisions(first, entrypoint));
  const stamp = again.module?.stamps[entrypoint];
  // Errors and prints say where they are, which an edit above them changes.
  if (stamp === undefined || now.some((one) => !one.endsWith('",[]]'))) return;
  expect(now).toEqual(decided.get(stamp) ?? now);
  decided.set(stamp, now);
}

/** Rules that are right whichever of the others there are, with a number to change. */
const rules: readonly ((n: number) => string)[] = [
  (n) => `a := count(input.xs) + ${n}`,
  (n) => `s contains x if some x in [${n}, input.u]`,
  (n) => `s contains ${n}`,
  (n) => `obj[k] := v if some k, v in {"k": ${n}, "m": data.p.a}`,
  (n) => `deep[x].b[y] := 3 if { some x in ["k", "${n}"]; some y in [${n}, 2] }`,
  (n) => `deep.c.b := ${n}`,
  (n) => `f(x) := x + ${n} if x > 0 else := ${n}`,
  (n) => `f(x) := upper("${n}") if x == -1`,
  (n) => `k(x) := x if data.p.a == ${n}\n\nused := data.p.k(${n}) if data.p.a == ${n}`,
  (n) => `t if data.p.a > 1 with input as {"xs": [${n}]}`,
  (n) => `mocked := data.p.a with count as data.lib.g with data.p.s as {${n}}`,
  (n) => `replaced := data.p.obj with data.p.a as ${n}`,
  (n) => `default d := ${n}`,
  (n) => `d := 5 if input.u == ${n}`,
  (n) => `nest.b.c := ${n}`,
  (n) => `dynamic := data.other[input.v] if ${n} > 1`,
  (n) => `whole := count(data.p.nest) + ${n}`,
  (n) => `asked := data.p.deep[${n}].b[_]`,
  (n) => `member if ${n} in data.p.s`,
  (n) => `wrong := data.p.a / ${n}`,
  (n) => `every_one if every x in data.p.s { x > ${n} }`,
  (n) => `printed if print("seen", ${n}, data.p.d)`,
];
const part = fc.tuple(fc.nat(rules.length - 1), fc.nat(3), fc.constantFrom("\n\n", "\n\n\n", "\n# a row\n"));
const parts = fc.uniqueArray(part, { minLength: 3, selector: ([rule]) => rule });
/** Texts that differ from the one before by one part. */
const edits = fc.tuple(parts, fc.array(fc.tuple(fc.nat(), fc.nat(rules.length), fc.nat(3)), { minLength: 4, maxLength: 12 }));

function* versions([first, changes]: typeof edits extends fc.Arbitrary<infer T> ? T : never): Generator<string> {
  const now = [...first];
  const text = (): string => `package p\n\n${now.map(([rule, n, end]) => `${rules[rule]?.(n)}${end}`).join("")}`;
  yield text();
  for (const [place, rule, n] of changes) {
    const at = now.findIndex(([other]) => other === rule);
    if (at >= 0) now.splice(at, 1, ...(n === 0 ? [] : [[rule, n, now[at]![2]] satisfies (typeof now)[number]]));
    else if (rule < rules.length) now.splice(place % (now.length + 1), 0, [rule, n, "\n\n"]);
    else now.push(...now.splice(place % now.length, 1));
    yield text();
  }
}

/** More of them, and others each time, when asked for. */
const runs = process.env["RUNS"];

test("random edits", () => {
  const lib = parseModule("package lib\n\ng(x) := 7\n\nh := data.p.a\n\nj := data.p[input.v]\n", { file: "lib.rego" });
  let compiled = 0;
  fc.assert(
    fc.property(edits, fc.constantFrom("data", "p", "p/a", "lib/h"), (edit, entrypoint) => {
      const check = new IncrementalCheck({ printing: true });
      const compiler = new IncrementalCompiler();
      const decided = new Map<number, readonly string[]>();
      for (const text of versions(edit)) {
        const checked = check.check([parseModule(text, { file: "p.rego" }), lib]);
        if (!checked.complete) continue;
        compiled++;
        expectSame(compiler, checked, entrypoint, decided);
      }
    }),
    runs === undefined ? { numRuns: 10, seed: 1 } : { numRuns: Number(runs) },
  );
  expect(compiled).toBeGreaterThan(20);
});

test("an entrypoint keeps its stamp while nothing that it goes through is compiled anew, and has none where it may vary by itself", () => {
  const check = new IncrementalCheck();
  const compiler = new IncrementalCompiler();
  const entrypoints = ["p/near", "p/far", "p/clock", "p/found", "p"];
  const changed = (text: string, before: Readonly<Record<string, number>>): readonly [readonly string[], typeof before] => {
    const stamps = compiler.compile(check.check([parseModule(text, { file: "p.rego" })]), entrypoints).module!.stamps;
    return [entrypoints.filter((name) => stamps[name] === undefined || stamps[name] !== before[name]), stamps];
  };
  const text = [
    "package p",
    "far := other + 1",
    "other := 1",
    "near := input.x",
    "clock := time.now_ns()",
    "found := data.p[input.x].y",
    "q.y := 1",
  ].join("\n\n");
  const [, first] = changed(text, {});
  expect(Object.keys(first)).toEqual(["p/near", "p/far"]);
  const [same, second] = changed(`# above\n\n${text}\n\n# below`, first);
  expect(same).toEqual(["p/clock", "p/found", "p"]);
  expect(changed(text.replace("other := 1", "other := 2"), second)[0]).toEqual(["p/far", "p/clock", "p/found", "p"]);
});

test("what is not touched keeps its code; after very many edits the memory begins anew", () => {
  const text = (value: string): string => `package p\n\na := count(input.xs)\n\nb := {"${value}": a}\n`;
  const check = new IncrementalCheck();
  const compiler = new IncrementalCompiler();
  const planned = (value: string): ReadonlyMap<string, object> => {
    const { plan, module } = compiler.compile(check.check([parseModule(text(value), { file: "p.rego" })]), ["p/b"]);
    expect(module?.heapBase).toBeLessThan(250_000);
    return new Map(plan.funcs.map((func) => [func.name, func]));
  };
  const [before, after] = [planned("x"), planned("y")];
  expect(after.get("g0.data.p.a")).toBe(before.get("g0.data.p.a"));
  expect(after.get("g0.data.p.b")).not.toBe(before.get("g0.data.p.b"));
  for (let edit = 0; edit < 60; edit++) planned(`${edit}`.padEnd(2_000, "."));
});
