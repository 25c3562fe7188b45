// Partial rules asked for single keys: other keys are not looked for, so their conflicts, prints and errors do not happen.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

/** The value of `data.p.q`, or the error, and what was printed. */
function q(rules: string, input = "{}"): string {
  const checked = checkModules([parseModule(`package p\n\n${rules}\n`, { file: "p.rego" })], { printing: true });
  expect(checked.diagnostics).toEqual([]);
  const { module } = compile(checked, { entrypoints: ["p/q"] });
  const outcome = createInstance(module!, { now: () => 0n }).evaluate("p/q", input, { format: "rego" });
  const prints = outcome.prints.map(({ line }) => line);
  const said = prints.length === 0 ? "" : `; printed ${prints.join(", ")}`;
  if (outcome.kind === "error") return `${outcome.error.message}${said}`;
  return `${/^\[?\{\{"result": (.*)\}\}\]?$/.exec(outcome.text)?.[1] ?? "undefined"}${said}`;
}

const conflicting = `o[k] := v if { some k in ["x", "y"]; some v in [1, 2]; may(k, v) }
may("x", 1)
may("y", 1)
may("y", 2)
`;

test("a key is answered although another one conflicts", () => {
  expect(q(`${conflicting}\nq := o.x`)).toBe("1");
  expect(q(`${conflicting}\nq := o.y`)).toBe("object keys must be unique");
  expect(q(`${conflicting}\nq := count(o)`)).toBe("object keys must be unique");
  expect(q(`${conflicting}\nq if not o[input.k]`, '{"k": "z"}')).toBe("true");
  expect(q(`${conflicting}\nq contains o[k] if some k in ["x", "z"]`)).toBe("{1}");
  expect(q(`${conflicting}\nq contains o[k] if { some k; o[k] }`)).toBe("object keys must be unique");
});

test("a ref that begins with any key asks for the whole object, also for what ends in other keys", () => {
  const rules = 'o[k].b := 1 if some k in ["x"]\no[k].c := v if { some k in ["x"]; some v in [1, 2] }';
  expect(q(`${rules}\nq := o[_].b`)).toBe("object keys must be unique");
  expect(q(`${rules}\nq := o.x.b`)).toBe("1");
  expect(q(`${rules}\nq := o[input.k].b`, '{"k": "x"}')).toBe("1");
});

test("a set and an object at the same key conflict, whichever comes first", () => {
  const set = 'o[k] contains 1 if some k in ["x", input.k]';
  const object = 'o[k].l contains 2 if some k in ["y", input.k]';
  expect(q(`${set}\n${object}\nq := o`, '{"k": "z"}')).toBe("object keys must be unique");
  expect(q(`${object}\n${set}\nq := o`, '{"k": "z"}')).toBe("object keys must be unique");
  const apart = `${set.replace(", input.k", "")}\n${object.replace(", input.k", "")}`;
  expect(q(`${apart}\nq := o`)).toBe('{"x": {1}, "y": {"l": {2}}}');
});

test("the body runs for the key alone", () => {
  const traced = `o[k] := k if { some k in ["x", "y"]; print("tried", k) }
s contains k if { some k in ["x", "y"]; print("tried", k) }
deep[a][b] := a if { some a in [1, 2]; some b in [3, 4]; print("tried", a, b) }
`;
  expect(q(`${traced}\nq := o.y`)).toBe('"y"; printed tried y');
  expect(q(`${traced}\nq if s.x`)).toBe("true; printed tried x");
  expect(q(`${traced}\nq if "x" in s`)).toBe("true; printed tried x, tried y");
  expect(q(`${traced}\nq := {x | x := deep[1][_]}`)).toBe("{1}; printed tried 1 3, tried 1 4");
  expect(q(`${traced}\nq := {x | x := deep[_][3]}`)).toBe("{1, 2}; printed tried 1 3, tried 1 4, tried 2 3, tried 2 4");
});

test("what is known already is not looked for again", () => {
  const traced = `o[k] := 1 if { some k in ["x", ["y"]]; print("tried") }\n`;
  expect(q(`${traced}\nq if { o[["y"]]; o[["y"]] }`)).toBe("true; printed tried");
  expect(q(`${traced}\nq if { count(o) == 2; o.x }`)).toBe("true; printed tried, tried");
  const deep = `o[a][b] := 1 if { some a in ["x", "z"]; some b in ["y"]; print("tried", a) }\n`;
  expect(q(`${deep}\nq if { o.x; o.x.y; not o.x.z }`)).toBe("true; printed tried x");
  expect(q(`${deep}\nq if { o.x[_]; o.x; o.x.y }`)).toBe("true; printed tried x");
  expect(q(`${deep}\nq if { o.x.y; o.x; o.x[_] }`)).toBe("true; printed tried x, tried x");
  const members = `s[a] contains b if { some a in ["x"]; some b in ["y"]; print("tried") }\n`;
  expect(q(`${members}\nq if { s.x; s.x.y; not s.x.z }`)).toBe("true; printed tried");
});

test("a key that is given in part: the heads are unified with it before their bodies run", () => {
  const other = "o[k] := v if { some k in [[1, 2], [3, 4]]; some v in [1, 2]; k[0] > 1 }\no[[1, 2]] := 7\n";
  expect(q(`${other}\nq contains a if o[[a, 2]]`)).toBe("{1}");
  expect(q(`${other}\nq if o[[a, 2]] == 7`)).toBe("true");
  expect(q(`${other}\nq contains a if o[[3, a]]`)).toBe("object keys must be unique");
  const fields = `s contains {"msg": m, "field": "x"} if { print("x"); m := "mx" }
s contains {"msg": m, "field": "y"} if { print("y"); m := "my" }
s contains {"msg": m} if { print("z"); m := "mz" }
s contains "text" if print("text")
`;
  expect(q(`${fields}\nq contains m if s[{"msg": m, "field": "x"}]`)).toBe('{"mx"}; printed x');
  expect(q(`${fields}\nq contains m if s[{"msg": m}]`)).toBe('{"mz"}; printed z');
  const inside = 's contains [k, {"a": k}] if { some k in [5, 6]; print(k) }\n';
  expect(q(`${inside}\nq contains a if s[[a, {"a": 5}]]`)).toBe("{5}; printed 5");
});

test("what is left open twice is one value", () => {
  const members = "s contains [x, y] if { some x in [1, 2]; print(x); some y in [1, 2, 3]; print(x, y) }\n";
  expect(q(`${members}\nq contains a if s[[a, a]]`)).toBe("{1, 2}; printed 1, 1 1, 2, 2 2");
  const nested = "o[k][k] := 1 if { some k in [[1, 2], [3, 4]]; print(k) }\n";
  expect(q(`${nested}\nq contains a if o[[a, 2]][[1, b]]`)).toBe("{1}; printed [1, 2]");
  expect(q(`${nested}\nq contains b if o[[3, b]][[a, b]]`)).toBe("{4}; printed [3, 4]");
  const one = "o[[x, x]] := 1 if { some x in [[1, 2], [3, 4]]; print(x) }\n";
  expect(q(`${one}\nq contains a if o[[[a, 2], b]]`)).toBe("{1}; printed [1, 2], [3, 4]");
});

test("what a key in part finds is found anew each time, but for what is known of the whole document and of the keys before it", () => {
  const pairs = "s contains k if { some k in [[1, 2], [3, 4]]; print(k) }\n";
  expect(q(`${pairs}\nq contains a if { some x in [2, 2]; s[[a, x]] }`)).toBe("{1}; printed [1, 2], [1, 2]");
  expect(q(`${pairs}\nq contains a if { some x in [0, 2]; s[[a, b]]; b == x }`)).toBe(
    "{1}; printed [1, 2], [3, 4], [1, 2], [3, 4]",
  );
  expect(q(`${pairs}\nq contains a if { count(s) > 0; s[[a, 2]] }`)).toBe("{1}; printed [1, 2], [3, 4]");
  const deep = 'o[k][l] := l if { some k in ["u", "w"]; some l in [[1, 2], [3, 4]]; print(k, l) }\n';
  expect(q(`${deep}\nq contains a if { o.u[[a, 2]]; o.u[[b, 2]] }`)).toBe("{1}; printed u [1, 2]");
});

test("keys are matched as patterns; sets that hold variables match nothing", () => {
  expect(q(`o[[a, b]] := [b, a] if { some a in [1, 2]; some b in [3, 4] }\nq := o[[1, 4]]`)).toBe("[4, 1]");
  expect(q(`s contains {a} if some a in [1, 2]\nq if s[{1}]`)).toBe("undefined");
  expect(q(`s contains {a} if some a in [1, 2]\nq if { some x in s; x == {1} }`)).toBe("true");
});

test("an else chain among rules with variable keys tries the first branch that the rule index admits", () => {
  const chain = `o[k].b := 1 if some k in ["x", "y"]
o.z.a := 1 if { input.x == 1 } else := 2 if { input.y in [2, 3] } else := 3 if { input.n > 0 } else := 4
q := o.z.a
`;
  expect(q(chain, '{"x": 1}')).toBe("1");
  expect(q(chain, '{"y": 2}')).toBe("2");
  expect(q(chain, '{"n": 1}')).toBe("3");
  expect(q(chain, '{"n": 0}')).toBe("undefined");
});

test("a rule that the index excludes is not begun: what stands before the excluding literal does not happen", () => {
  const twice = "two := 1 if input.n\ntwo := 2 if input.n\n";
  expect(q(`${twice}\nq := 1 if { two; input.x == 1 } else := 2`, '{"n": true}')).toBe("2");
  expect(q(`${twice}\nq := 1 if { two; input.n == true } else := 2`, '{"n": true}')).toMatch(/produced conflicting values/);
  expect(
    q(`${twice}\nf(x) := 1 if { two; x in ["a", "b"] }\nf(x) := 3 if x == "c"\nq := f(input.x)`, '{"n": true, "x": "c"}'),
  ).toBe("3");
  const logical = (side: string): string =>
    `import future.keywords.or\n${twice}\nq if { two; { input.x == 1 } or { ${side} } }\nelse := 2`;
  expect(q(logical("input.y == 1"), '{"n": true}')).toBe("2");
  expect(q(logical("input.y == 1"), '{"n": true, "y": 1}')).toMatch(/produced conflicting values/);
  // Where no rule wants a value of it, what one side asks to be there is not asked by the index.
  expect(q(logical("input.y"), '{"n": true}')).toMatch(/produced conflicting values/);
});

test("an else branch stands under the keys of its rule, also where they are no names", () => {
  const rules = "o[[1]].b := 1 if input.x == 1\nelse := 2 if input.x == 2\nelse := 3\n";
  expect(q(`${rules}\nq := o`, '{"x": 1}')).toBe('{[1]: {"b": 1}}');
  expect(q(`${rules}\nq := o`, '{"x": 2}')).toBe('{[1]: {"b": 2}}');
  expect(q(`${rules}\nq := o[[1]].b`)).toBe("3");
  expect(q(`${rules}\nq := o[[2]].b`)).toBe("undefined");
  expect(q(`${rules}\nq := [k | o[k].b]`)).toBe("[[1]]");
});
