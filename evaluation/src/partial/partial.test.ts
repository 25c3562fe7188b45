// What is left of queries while the input is unknown: text in, text out, as a real OPA prints it.
import { describe, expect, it } from "vitest";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { partialEvaluation } from "./partial.ts";
import { bodyLines, moduleText } from "./residual-text.ts";

function left(policy: string, query = "data.ex.p", data = "{}", kept: readonly string[] = []): string {
  const checked = checkModules([parseModule(`package ex\n\n${policy}\n`, { file: "p.rego" })], { sharedNames: true });
  expect(checked.diagnostics).toEqual([]);
  const found = partialEvaluation(checked, {
    query: checkQuery(checked, parseQuery(query, { file: "" })),
    unknowns: [[{ kind: "var", name: "input", start: 0, end: 0 }]],
    kept: kept.map(pathOf),
    data,
    input: undefined,
    instance: { now: () => 0n },
    evaluate: {},
  });
  if (found.kind === "error") return found.error.message;
  return [...found.queries.map((body) => bodyLines(body).join("; ")), ...found.support.map((module) => moduleText(module))].join(
    "\n---\n",
  );
}

function pathOf(text: string): readonly Term[] {
  const body = parseQuery(text, { file: "" }).body[0]!.body;
  return body.kind === "ref" ? body.parts : [body as Term];
}

describe("what is left of a query", () => {
  it("is nothing where it is decided, and no query where it never holds", () => {
    expect(left("p if 1 < 2")).toBe("");
    expect(left("p if { input.x; 1 > 2 }")).toBe("");
    expect(left("p if input.x\np if 1 < 2")).toBe("input.x\n---\n");
  });

  it("goes through data as far as it is known", () => {
    const data = '{"roles":{"alice":["admin","dev"],"bob":["dev"]}}';
    expect(left('p if "admin" in data.roles[input.user]', "data.ex.p", data)).toBe('"alice" = input.user');
    expect(left("p if { some r in data.roles[input.user]; startswith(input.role, r) }", "data.ex.p", data)).toBe(
      '"alice" = input.user; startswith(input.role, "admin")\n---\n"alice" = input.user; startswith(input.role, "dev")\n---\n"bob" = input.user; startswith(input.role, "dev")',
    );
  });

  it("has rules of its own where a rule has a value in any case", () => {
    expect(left("default p := false\np if input.x > 1\np if input.y")).toBe(
      "data.partial.ex.p\n---\npackage partial.ex\n\ndefault p := false\n\np if input.y\n\np if input.x > 1\n",
    );
    expect(left("default p := false\np if input.x > 1\np if input.y", "data.ex.p = true")).toBe("input.x > 1\n---\ninput.y");
  });

  it("is the opposite of what is left behind not", () => {
    expect(left("p if not q\nq if { input.a == 1; input.b }")).toBe("not input.a = 1\n---\nnot input.b");
    expect(left("p if not q\nq if { some x in input.xs; x > 1 }")).toBe(
      "not data.partial.__not1_0_2__\n---\npackage partial\n\n__not1_0_2__ if input.xs[__local1__3] > 1\n",
    );
    // What has to be defined stays asked for.
    expect(left("p if { some x in input.xs; not x.ok }")).toBe("not __local2__1.ok; __local2__1 = input.xs[__local1__1]");
  });

  it("has functions, sets and objects in the place of what asks for them", () => {
    expect(left("f(x) := x + 1\np if f(input.x) > 3")).toBe("input.x + 1 > 3");
    expect(left("s contains x if some x in input.xs\np if s[3]")).toBe("3 = input.xs[__local1__2]");
    expect(left("o[k] := v if some k, v in input.o\np if o.a.b == 3")).toBe("input.o.a.b = 3");
    expect(left("p if every x in [1, 2] { x < input.y }")).toBe("1 < input.y; 2 < input.y");
  });

  it("keeps documents that are not to be inlined, and those above and below them, known or not", () => {
    const data = '{"base":{"y":true,"xs":[1,2]}}';
    const rules =
      "p if { q; data.base.y; r[1]; f(2) == 3 }\nq if data.base.y\nr contains x if some x in data.base.xs\nf(x) := x + 1";
    expect(left(rules, "data.ex.p", data)).toBe("");
    expect(left(rules, "data.ex.p", data, ["data.base.xs"])).toBe("data.base.xs[__local1__3] = 1");
    expect(left(rules, "data.ex.p", data, ["data.base.y"])).toBe("data.base.y; data.base.y");
    expect(left(rules, "data.ex.p", data, ["data.ex.q", "data.ex.f"])).toBe(
      "data.partial.ex.q; data.partial.ex.f(2, 3)\n---\npackage partial.ex\n\nq := true\n\nf(__local3__4) := __local5__4 if __local5__4 = __local3__4 + 1\n",
    );
    expect(left(rules, "data.base[x]", data, ["data.base.xs"])).toBe("data.base[x]");
    expect(left(rules, "x = data.ex.q", data, ["data"])).toBe(
      "data.partial.ex.q = x\n---\npackage partial.ex\n\nq if data.base.y\n",
    );
  });

  it("keeps what has branches, and comprehensions", () => {
    expect(left("p := 1 if input.x else := 2")).toBe("data.ex.p");
    expect(left("p if count([x | some x in input.xs]) > 2")).toBe(
      "__local4__1 = [__local2__1 | __local2__1 = input.xs[__local1__1]]; count(__local4__1) > 2",
    );
  });

  it("gives way to rules where there would be too many queries", () => {
    const rules = Array.from({ length: 12 }, (_, at) => `r${at} if input.a${at}\nr${at} if input.b${at}`).join("\n");
    const all = Array.from({ length: 12 }, (_, at) => `r${at}`).join("; ");
    expect(left(`p if { ${all} }\n${rules}`)).toMatch(/^data\.partial\.ex\.p\n---\npackage partial\.ex\n/u);
  });
});
