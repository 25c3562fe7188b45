import { expect, test } from "vitest";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { printExpr, printTerm } from "#grammars/rego/print-terms.ts";
import { checkModules, checkQuery } from "./check.ts";
import type { CheckOptions } from "./checked.ts";

/** Checks one module and gives its rules as the stages leave them, or its findings. */
function check(text: string, options: { strict?: boolean; version?: RegoVersion; printing?: boolean } = {}): string {
  const parsed = parseModule(text, { file: "a.rego", version: options.version ?? "v1" });
  expect(parsed.diagnostics).toEqual([]);
  const checked = checkModules([parsed], options);
  if (checked.diagnostics.length > 0) {
    return checked.diagnostics.map(({ range, message }) => `${text.slice(range.start, range.end)}: ${message}`).join("\n");
  }
  return checked.modules
    .flatMap(({ module }) => module.rules)
    .map(({ head, body }) => {
      const value = head.value === undefined ? ` contains ${printTerm(head.key!)}` : ` = ${printTerm(head.value)}`;
      return `${printTerm(head.reference)}${value} { ${body!.map(printExpr).join("; ")} }`;
    })
    .join("\n");
}

test("refs become complete and locals get names of their own", () => {
  expect(check("package a\nimport data.b as c\np := x if { x := c.d; q[x] }\nq contains 1")).toBe(
    "p = __local0__ { __local0__ = data.b.d; data.a.q[__local0__] }\nq contains 1 { true }",
  );
});

test("nested calls become expressions, in the order that binds variables first", () => {
  expect(check('package a\np if { count(split(x, ".")) > 1; x = input.y }')).toBe(
    'p = true { x = input.y; split(x, ".", __local0__); count(__local0__, __local1__); gt(__local1__, 1) }',
  );
});

test("calls that were one expression have the values of its modifiers in common", () => {
  const modifiers = "with input.y as __local2__ with input.z as __local3__";
  const checked = check('package a\np if upper(lower(input.x)) == "A" with input.y as [data.z] with input.z as data.w');
  expect(checked).toContain(`lower(__local5__, __local0__) ${modifiers}; upper(__local0__, __local1__) ${modifiers}`);
  expect(checked.match(/data\.w/gu)).toHaveLength(1);
});

test("arguments too have only the last value of a repeated key", () => {
  expect(check('package a\nf({"a": x, "a": y}) := y')).toBe("f = __local1__ { true }");
  expect(check('package a\nf({"a": x, "a": y}) := x')).toContain("var x is unsafe");
});

test("members of sets and objects are met sorted: the last place of a variable in a head, the first unused one of a body", () => {
  expect(check('package a\np := {w: 1, "c": [w]}')).toBe("w: var w is unsafe");
  const object = 'package a\np if { {$"": {1 | k := 1}, "c": {1 | u := 2}} }';
  expect(check(object, { strict: true })).toBe("u := 2: assigned var u unused");
  const set = 'package a\np if { {[{1 | k := 1}], {1 | u := 2}, "c"} }';
  expect(check(set, { strict: true })).toBe("k := 1: assigned var k unused");
});

test("generated names that are seen are counted over all modules, stage by stage", () => {
  const a = parseModule("package a\n\np[x] if { x := 1 }\nq := y if { y := count([1]) }\n", { file: "a.rego" });
  const b = parseModule("package b\n\nq if { x := input.x; y := [print(x)] }\n", { file: "b.rego" });
  expect(checkModules([b, a]).diagnostics.map(({ message }) => message)).toEqual(["print(__local2__) used as value"]);
});

test("a limit lets through what comes first by names that are counted over all modules", () => {
  const nine = Array.from({ length: 9 }, (_, i) => `x${i} := ${i}; x${i} < 10`).join("; ");
  const a = parseModule(`package a\n\np if { ${nine} }\n`, { file: "a.rego" });
  const b = parseModule("package b\n\nq if { some x, y; true }\n", { file: "b.rego" });
  expect(checkModules([a, b], { maxErrors: 1 }).diagnostics[0]?.message).toBe("declared var y unused");
});

test("type errors are sorted before the limit counts, and METADATA that only rego.metadata asks for is read after the locals", () => {
  const parsed = (text: string) => parseModule(text, { file: "a.rego" });
  const found = (text: string, options: CheckOptions) =>
    checkModules([parsed(text)], options).diagnostics.map(({ message }) => message);
  expect(found("package a\n\nr = ([null - 1]) if {\n\t{} in {2}\n\t1 / true\n}\n", { maxErrors: 2 })).toEqual([
    "minus: invalid argument(s)",
    "match error",
    "error limit reached",
  ]);
  const metadata = "package a\n\n# METADATA\n# scope: package\np := rego.metadata.rule()\n";
  expect(found(`${metadata}q if 1 := 2\n`, {})).toEqual(["cannot assign to number"]);
  expect(found(metadata.replace("rego.metadata.rule()", "1 with rego.metadata.rule as 2"), {})).not.toContain("annotation");
  expect(found(metadata, {})).toEqual(["annotation scope 'package' must be applied to package (have rule)"]);
});

test("a comprehension in a message has what it yields with the operator", () => {
  expect(check("package a\np := [print({((1 + 2) == input) | true})]")).toBe(
    "print({((1 + 2) == input) | true}): print({((1 + 2) == input) | true}) used as value",
  );
});

test("a ref in a message shows what was moved out of it, with its names as they were written", () => {
  expect(check("package a\n\nf(y) := (1, y in [1])[_]\n")).toBe(
    "1, y in [1])[_]: undefined ref: internal.member_3(1, y, [1])[_]",
  );
});

test("iteration is unification with a ref", () => {
  expect(check("package a\np contains v if some k, v in input.xs")).toBe(
    "p contains __local1__ { __local1__ = input.xs[__local0__] }",
  );
});

test("template strings keep undefined holes apart", () => {
  expect(check('package a\np := $"<{input.x}>"')).toBe(
    'p = __local1__ { __local2__ = {__local0__ | __local0__ = input.x}; internal.template_string(["<", __local2__, ">"], __local1__) }',
  );
});

test("a hole with a plain value is none to keep apart, whether its rule was looked at before or not", () => {
  const asking = parseModule('package b\np if $"<{data.lib.r}>"', { file: "b.rego" });
  for (const file of ["a.rego", "c.rego"]) {
    const { modules } = checkModules([parseModule("package lib\nq := input.x\nr := {q: 1}", { file }), asking]);
    const rule = modules.find(({ module }) => module.package?.path[0]?.value === "b")?.module.rules[0];
    expect(rule?.body?.map(printExpr).join("; ")).toMatch(
      /^(__local\d__) = data\.lib\.r; internal\.template_string\(\["<", \{\1\}, ">"\], (__local\d__)\); \2$/,
    );
  }
});

test("what a comprehension's body declares is known in a template that is its head, and in none inside the head", () => {
  expect(check('package a\np := {$"{x.a}" | x := input}')).toContain("p = ");
  expect(check('package a\np := {[$"{x.a}"] | x := input}')).toBe("x.a: var x is undeclared");
  // OPA looks twice at a template that is a head.
  expect(check('package a\np := {[$"{x.a}" | true] | x := input}')).toBe("x.a: var x is undeclared\nx.a: var x is undeclared");
});

test("what a template inside of a template needs is asked there only, and twice when that is all that is wrong, as in OPA", () => {
  expect(check('package a\np := $"{$`{k}`}"')).toBe("$`{k}`: var k is unsafe");
  expect(check('package a\np := $"{count($`{k}`)}"')).toBe("$`{k}`: var k is unsafe");
  expect(check('package a\np := $"{$`{x.a}`}"')).toBe("x.a: var x is undeclared\nx.a: var x is undeclared");
  expect(check('package a\np := $"{$`{x.a}`} {y.a}"')).toBe("x.a: var x is undeclared\ny.a: var y is undeclared");
});

test("what a hole binds is known in the templates inside of it, unless something is wrong with the one around it", () => {
  expect(check('package a\np := $"{input.x[$`{input[y].a}`]}"')).toContain("p = ");
  expect(check('package a\np := $"{input[y][$`{y.a}`]}"')).toBe(
    "input[y][$`{y.a}`]: var y is undeclared\ny.a: var y is undeclared",
  );
});

test("templates in the `with` of a hole are looked at, and what is unused in a template of a head is told", () => {
  expect(check('package a\nq if input.x\np if $"{q with input as $`{y.a}`}"')).toBe(
    "y.a: var y is undeclared\ny.a: var y is undeclared",
  );
  expect(check('package a\np contains $"{{1 | [z] := input}}"', { strict: true })).toBe("[z] := input: assigned var z unused");
});

test("`and` and `or` in a hole are an error, which is told again where a template inside is looked at twice, as in OPA", () => {
  const wrong = (left: string, type: string) => `${left}: unexpected template-string expression type: *ast.Logical${type}`;
  const imports = "package a\nimport future.keywords.and\nimport future.keywords.or\n";
  expect(check(`${imports}p := $"{1 and 2}"`)).toBe(wrong("1 and 2", "And"));
  expect(check(`${imports}p := $"{$\`{1 or 2}\`}"`)).toBe([wrong("1 or 2", "Or"), wrong("1 or 2", "Or")].join("\n"));
  expect(check('package a\nimport future.keywords.not\np if $"{not { true }}"')).toBe(
    "not { true }: unexpected template-string expression type: *ast.Not",
  );
  expect(check(`${imports}p := $"{1 and $\`{1 or 2}\`}"`)).toBe(
    [wrong("1 and $`{1 or 2}`", "And"), wrong("1 or 2", "Or")].join("\n"),
  );
});

test("as in OPA, an expression that stands where an equal one came to stand in the order is taken for that one", () => {
  expect(check("package a\np := x if { x == 1; x == 1; x = 1 }")).toContain("var x is unsafe");
  expect(check("package a\np := x if { [x | x > 1]; [x | x > 1.0]; x = 1 }")).toContain("var x is unsafe");
  expect(check("package a\np := x if { x == 1; x = 1; x == 1 }")).toContain("p = ");
});

test("a template that is the whole expression is a term to OPA: its call stands before it, negated or not", () => {
  expect(check('package a\np if { not $"{x}" }')).toBe('$"{x}": var x is unsafe');
  expect(check('package a\np if { x := 1; not $"{x}" }')).toBe(
    "p = true { __local0__ = 1; internal.template_string([{__local0__}], __local1__); not __local1__ }",
  );
});

test("an `every` finds what the call before it binds among its own outputs, as in OPA, and never its place", () => {
  const body = (...literals: string[]) => check(`package a\np if { ${literals.join("; ")} }`);
  expect(body("every v in [1] { v; x }", 'trim("a", "b", x)')).toContain("var x is unsafe");
  expect(body("every v in [1] { v; x }", 'trim("a", "b", x)', 'x == "a"')).toContain("p = ");
  expect(body('trim("a", "b", x)', "every v in [1] { v; x }")).toContain("p = ");
});

test("print is erased, or keeps its arguments in sets", () => {
  const text = "package a\np if { print(input.x) }";
  expect(check(text)).toBe("p = true { true }");
  const kept = "p = true { __local1__ = {__local0__ | __local0__ = input.x}; internal.print([__local1__]) }";
  expect(check(text, { printing: true })).toBe(kept);
  for (const name of ["(print)", "((print))", "(print # why\n)"])
    expect(check(`package a\np if { ${name}(input.x) }`, { printing: true })).toBe(kept);
});

test("a call that is an argument hides no import, and a key of one does", () => {
  expect(check("package a\nimport data.z as x\ng(count(x)) := {x}\n", { strict: true })).toContain("unused argument x.");
  const key = "package a\nimport data.z as x\nf({x: 1}) := y if y := [x]\n";
  expect(check(key, { strict: true })).toContain("import data.z as x unused");
});

test("prints inside of bodies are looked at before those around them, and the first that is wrong is the last one told", () => {
  const printing = { printing: true };
  expect(check("package a\np if { x := [y | y := [1]; print(z)]; print(w); count(x) > 0 }", printing)).toBe(
    "z: var z is undeclared",
  );
  expect(check("package a\np if { every x in [1 | print(w)] { print(z, x) } }", printing)).toBe("z: var z is undeclared");
  expect(check("package a\np if { print([y | y := 1; print(y)]) }", printing)).not.toContain(" print(");
  // As OPA has it, a print in the head of a comprehension does not know what the body declares.
  expect(check("package a\np := [[1 | print(y)] | y := 1]", printing)).toBe("y: var y is undeclared");
});

test("a call of the document that a local hides has no name, as OPA tells it", () => {
  expect(check("package a\np { input := 1; input() }", { version: "v0" })).toBe("input(): undefined function ");
  expect(check("package a\np { some data; data() }", { version: "v0" })).toBe("data(): undefined function ");
  expect(check("package a\np { f := 1; f() }", { version: "v0" })).toBe("f(): undefined function f");
});

test("what `every` declares hides rules and functions in its domain, too", () => {
  expect(check("package a\np := [1]\nq if { every p in p { p == 1 } }")).toContain("var p is unsafe");
  expect(check("package a\nf(x) := x\nq if { every f in [f(1)] { f == 1 } }")).toBe("f(1): called function f shadowed");
});

test("deprecated builtins are looked for where the type checker has come upon one, in whatever module", () => {
  const inEvery = "package a\np if { every x in [1] { any([x]) } }";
  const fault = "deprecated built-in function calls in expression: any";
  const told = (...texts: string[]): readonly string[] =>
    checkModules(texts.map((text, at) => parseModule(text, { file: `${at}.rego` }))).diagnostics.map(
      ({ file, message }) => `${file} ${message}`,
    );
  expect(told(inEvery)).toEqual([]);
  expect(told("package a\nimport rego.v2\np if { not { any([1]) } }")).toEqual([]);
  expect(told("package a\np if { every x in [1] { [y | y := any([x])] == [] } }")).toEqual([`0.rego ${fault}`]);
  expect(told(inEvery, "package b\np if false\nelse if any([1])")).toEqual([`0.rego ${fault}`, `1.rego ${fault}`]);
});

test("a function that a local is needed to find is shadowed by it, once for each time that it stands there", () => {
  expect(check("package a\np if { r := [count([x]).get(2) | x := 1] }")).toBe(
    "count([x]).get(2): called function count([x]).get shadowed",
  );
  const twice = "package a\np if { x := 1; r := count([x, x])[x].get(2) }";
  expect(check(twice).split("\n")).toHaveLength(3);
});

test("in an else branch the ref of the head has no places, and calls of constants belong to its name", () => {
  const told = (text: string): unknown =>
    checkModules([parseModule(text, { file: "a.rego" })]).diagnostics.map(({ message, placeless }) => [message, placeless]);
  const functions = "g(x) := x\n";
  expect(told(`package a\n\nr[g(1)] := 1 if input.u\nelse := 1\n\n${functions}`)).toEqual([["var data is unsafe", true]]);
  expect(told(`package a\n\nr[g(1)] := 1 if input.u else := 1\n\n${functions}`)).toEqual([
    ["var data is unsafe in rule r[data.a.g(1)]", true],
  ]);
});

test("what OPA rewrites a copy of shares no head with other names, what it rewrites in place does", () => {
  const functions = "package a\nf(x) := x\ng(x) := [x]\n";
  const told = (body: string): string => check(`${functions}p if {\n\tsome data\n\t${body}\n}`);
  expect(told("[f(1), g(2), data]")).toBe("f(1): called function data.a.f shadowed");
  expect(told("some y in f(1); [g(1), y, data]")).toBe(
    "f(1): called function data.a.f shadowed\ng(1): called function data.a.g shadowed",
  );
  for (const copied of ["y := {p}", "y := {p: 1}", "every y in p { y == 1 }", "not { p == 1 }"])
    expect(told(`${copied}; [g(1), data]`)).toBe("g(1): called function data.a.g shadowed");
  expect(check("package a\nf(x, data.b) := f(x) if x == 1")).toBe("f(x): function data.a.f has arity 2, got 1 argument");
});

test("what OPA copied before an argument gave a head its name keeps the old one, what it copied then keeps the new one", () => {
  const printing = { printing: true };
  const giving = "package a\ns := [1]\ng(data.a) if s\n";
  const told = (rule: string): string => check(`${giving}${rule}`, printing);
  expect(told("q if print(s)")).toContain("s: var data is undeclared");
  expect(check(`package a\ns := [1]\nq if { every v in [1] { print(s, v) } }\ng(data.a) if s`, printing)).not.toContain(
    "undeclared",
  );
  expect(told("q if { every v in [1] { print(s, v) } }")).toContain("s: var data is undeclared");
  expect(told("q if { every v in [1] { s == [v] } }")).toContain("s == [v]: var data is unsafe");
  expect(check("package a\ns := [1]\nq := {[1 | some data; s == data]: x} if x := 1\nr if print(s)", printing)).not.toContain(
    "undeclared",
  );
  expect(check("package a\nimport data.b.s\nq contains {x, s} if { x := 1 }\ng(data.a) if s")).toBe("data.a: var data is unsafe");
});

test("sets with variables in a head are copies, and what an argument is written as is no name", () => {
  const set = 'package a\nt := [1]\nq := {t[_][data]} if { [[data, _], _] := "b" }\nr := [1 | t[_]]';
  expect(check(set)).toBe("{t[_][data]}: var _ is unsafe");
  const imported = "package a\nimport data\nf(data.a) := 1\np contains u if { [u, _] = data.b.c[0] }";
  expect(check(imported)).toBe("data.a: var data is unsafe");
});

test("what a `with` in a hole with a call needs has no place of its own: the expression is unsafe, as OPA says", () => {
  const told = check('package a\np := $"{count(input.x) with input as y}"');
  expect(new Set(told.split("\n").map((line) => line.replace(/^.*: /u, "")))).toEqual(new Set(["expression is unsafe"]));
  expect(check('package a\np := $"{input.x with input as y}"')).toContain("var y is unsafe");
});

test("what is wrong in the value of a `with` that several expressions have in common is told once", () => {
  const text = 'package a\np if 1 != 2 with m as {u | u = "b" with walk as mock}';
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })], { openFunctions: true });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    "with keyword replacing built-in function: target must not be a relation",
  ]);
});

test("no name means a rule or an import in a template string that is the part of a ref, as in OPA", () => {
  expect(check('package a\np := {"b": 1}\nq if input[$"{p[_].b}"]')).toBe("p[_].b: var p is undeclared");
  expect(check('package a\np := {"b": 1}\nq if input[[$"{p[_].b}"]]')).toContain("data.a.p[");
});

test("blocks of METADATA are only told to be misplaced where all of them can be read", () => {
  const misplaced = "# METADATA\n# scope: package\np := 1";
  const told = (text: string): readonly string[] =>
    checkModules([parseModule(text, { file: "a.rego" })], { annotations: true }).diagnostics.map(({ message }) => message);
  expect(told(`package a\n${misplaced}\n`)).toEqual([expect.stringContaining("must be applied to package")]);
  expect(told(`package a\n${misplaced}\n# METADATA\n# schemas:\n# - x: schema.y\nq := 1\n`)).toEqual([
    "invalid document reference",
  ]);
});

test("nothing inside of a body with a wrong `with` is looked at", () => {
  expect(check("package a\np if { [1 | true with nope as 1] with no as 1; true }")).toBe(
    "no: with keyword target must reference existing input, data, or a function",
  );
});

test("arguments that shadow are told once for a function and its else branches", () => {
  expect(check("package a\nf(x, [input]) := 1 if { x > 1 } else := 2").split("\n")).toHaveLength(1);
});

test("a variable that a head lacks is told at its last place, the name of the rule coming after the value", () => {
  const text = "package a\np[z].c[z] := z";
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })], {});
  expect(diagnostics.map(({ range }) => range.start)).toEqual([text.indexOf("z] :=")]);
});

test("unsafe variables are named at their first expression", () => {
  expect(check("package a\np if { x > 1; not y }")).toBe("x > 1: var x is unsafe\nnot y: var y is unsafe");
});

test("what a head lacks is told again where each further body stands", () => {
  expect(check("package a\np contains x if { true } { 1 > 0 }")).toBe("x: var x is unsafe\n{ 1 > 0 }: var x is unsafe");
  expect(check("package a\np := [g(x) | x := 1] if { true } { 1 > 0 }")).toBe(
    "g(x): undefined function g\n{ 1 > 0 }: undefined function g",
  );
});

test("scopes are guarded", () => {
  expect(check("package a\np if { x := 1; x := 2 }")).toBe("x: var x assigned above");
  expect(check("package a\np if { y == 1; y := 2 }")).toBe("y: var y referenced above");
  expect(check("package a\np if { some x; true }")).toBe("some x: declared var x unused");
  expect(check("package a\np if { x := 1 }", { strict: true })).toBe("x := 1: assigned var x unused");
});

test("functions must exist and fit", () => {
  expect(check("package a\np if { f(1) }")).toBe("f(1): undefined function f");
  expect(check("package a\np if { {w | every k, v in [1] { w = v; k } }(1) }")).toContain("{w | every k, v in [1] { w = v; k }}");
  // A builtin that a branch behind puts in place keeps its name in the bodies before.
  expect(check("package a\np if { count({1}, count) }")).toBe("count({1}, count): undefined function count");
  expect(check("package a\np if { count({1}, count) } else if { 1 with concat as count }\nq := v")).toBe("v: var v is unsafe");
  expect(check("package a\nf(x) := x\np if { f(1, 2, 3) }")).toBe("f(1, 2, 3): function data.a.f has arity 1, got 3 arguments");
});

test("rules must not depend on themselves nor clash", () => {
  expect(check("package a\np if q\nq if p")).toBe(
    "p if q: rule data.a.p is recursive: data.a.p -> data.a.q -> data.a.p\nq if p: rule data.a.q is recursive: data.a.q -> data.a.p -> data.a.q",
  );
  expect(check("package a\np := 1\np contains 2")).toBe("p := 1: conflicting rules data.a.p found");
});

test("of rules of several packages that clash the outermost package's one is told, whichever file comes first", () => {
  const inner = "package a.b\nb[k] := 1 if some k in [1]";
  const outer = "package a\nb.b := 0";
  for (const texts of [
    [inner, outer],
    [outer, inner],
  ]) {
    const { diagnostics } = checkModules(texts.map((text, at) => parseModule(text, { file: `${at}.rego` })));
    const told = diagnostics.map(({ file, message }) => `${texts[Number.parseInt(file, 10)]?.split("\n")[0]}: ${message}`);
    expect(told).toEqual(["package a: conflicting rules data.a.b.b[k] found"]);
  }
});

test("a query is rewritten against the modules and tells its variables", () => {
  const checked = checkModules([parseModule("package a\nf(x) := x + 1", { file: "a.rego" })]);
  const { body, vars, diagnostics } = checkQuery(
    checked,
    parseQuery("x := data.a.f(input.y); z = [x, input.z[_]]", { file: "query" }),
  );
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  expect(body.map(printExpr).join("; ")).toBe(
    "__localq2__ = input.y; data.a.f(__localq2__, __localq1__); __localq0__ = __localq1__; __localq3__ = input.z[_]; z = [__localq0__, __localq3__]",
  );
  expect([...vars.values()].sort()).toEqual(["x", "z"]);
});

test("an unused argument of a further body of v0 is told at the body", () => {
  const parsed = parseModule("package a\np(x, y) {\n  x == y\n} {\n  x == 1\n}\n", { file: "a.rego", version: "v0" });
  const found = checkModules([parsed], { strict: true }).diagnostics;
  expect(found.map(({ message, range }) => [message, parsed.text.slice(range.start, range.end)])).toEqual([
    ["unused argument y. (hint: use _ (wildcard variable) instead)", "{\n  x == 1\n}"],
  ]);
});

test("nested comprehensions cost no more than their depth", () => {
  const started = performance.now();
  expect(check(`package a\np := ${"[x | x := ".repeat(60)}1${"]".repeat(60)}`)).toContain("p = ");
  expect(check(`package a\np := ${"[x | x := ".repeat(60)}$"{y.a}"${"]".repeat(60)}`)).toContain("y is undeclared");
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a variable that every declares twice has a range for editors and no place in the report, as in OPA", () => {
  const parsed = parseModule("package a\np if { every k, k in input { k } }\n", { file: "a.rego" });
  expect(checkModules([parsed]).diagnostics).toMatchObject([{ message: "var k declared above", placeless: true }]);
});

test.each([
  ['p if { every w in $"{x.y} {$"{q.x}"}" { w } }', "xxq"],
  ['p if { every w in $"{$"{q.x}"}" { w } }', "qq"],
  ['p if { every w in [$"{x.y} {$"{q.x}"}"] { w } }', "xq"],
  ['p := {$"{x.y} {$"{q.x}"}": $"{z.a} {$"{w.x}"}" | true}', "qwxxzz"],
])("as in OPA, of a template that stands alone its own holes are told twice: %s", (rule, expected) => {
  const { diagnostics } = checkModules([parseModule(`package a\n${rule}`, { file: "a.rego" })]);
  const told = diagnostics.map(({ message }) => /^var (.) is undeclared$/u.exec(message)?.[1]);
  expect(told.sort().join("")).toBe([...expected].sort().join(""));
});

test("a call in a hole of a template string has a range for editors and no place in the report", () => {
  const parsed = parseModule('package a\np := $"{nope(1)} {x}"\nq := $"{input.x}"\n', { file: "a.rego" });
  const found = checkModules([parsed]).diagnostics.map(({ message, range, placeless }) => [
    message,
    parsed.text.slice(range.start, range.end),
    placeless ?? false,
  ]);
  expect(found.at(-1)).toEqual(["undefined function nope", "nope(1)", true]);
});

test("emphasis in metadata is no reference to an anchor", () => {
  const text = "# METADATA\n# description: |\n#  any *day* and *any* week\npackage a\n\n# METADATA\n# title: *b\np := 1\n";
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })], { annotations: true });
  expect(diagnostics.map(({ message }) => message)).toEqual(["yaml: unknown anchor 'b' referenced"]);
});

test("a cycle through a part that the input decides is only a possible one", () => {
  expect(check("package a.b\np if data[input.x].b.q\nq if p").split("\n")[0]).toContain(
    'rule data.a.b.p may be recursive: data.a.b.p -> data.a.b.q -> data.a.b.p (data[input.x].b.q refers to data.a.b.q if input.x is "a")',
  );
});

test("of the values of a repeated key the last one counts, of equal items of a set the first", () => {
  const { diagnostics } = checkModules([
    parseModule('package a\np := {"k": f(1), "k": g(2)}\nq := {h(1), h(1.0)}\n', { file: "a.rego" }),
  ]);
  expect(diagnostics.map(({ message }) => message)).toEqual(["undefined function g", "undefined function h"]);
});

test.each([
  ['some x in ["a", "b"]; data[x].r', undefined],
  ['x := "a"; data[x].r', undefined],
  ['xs := {"k": "a"}; some x in xs; data[x].r', undefined],
  ['data[["a", "b"][_]].r', undefined],
  ['x := "p"; data[x].r', "is recursive: data.p.r -> data.p.r"],
  ["data[x].r; x = input.x", "is recursive: data.p.r -> data.p.r"],
  ["x := input.x; data[x].r", '(data[x].r refers to data.p.r if x is "p" (x comes from input.x))'],
  ['some x in ["p", "a"]; data[x].r', '(data[x].r refers to data.p.r if x is "p" (x is one of ["p", "a"]))'],
  ["x := lower(input.x); data[x].r", '(data[x].r refers to data.p.r if x is "p" (x is computed by lower))'],
  ["x := count(input.x); data[x].r", "(data[x].r could refer to data.p.r)"],
  ["x := input.x; data[x][x]", "(data[x][x] could refer to data.p.r)"],
])("a ref with variables means what they can be: %s", (body, said) => {
  const found = check(`package p\nr if { ${body} }`);
  if (said === undefined) expect(found).not.toContain("recursive");
  else expect(found).toContain(said);
});

test("a ref in a METADATA block that is none is told with its own place", () => {
  const told = (unknown: string): string | undefined => {
    const text = `package a\n# METADATA\n# compile:\n#   unknowns: ['${unknown}']\np := 1\n`;
    return checkModules([parseModule(text, { file: "a.rego" })], { annotations: true }).diagnostics[0]?.message;
  };
  expect(told("input.x[")).toBe(
    'invalid unknowns element "input.x[": failed to parse ref: failed to parse term: 1 error occurred: 1:8: rego_parse_error: unexpected eof token\n\tinput.x[\n\t       ^',
  );
  expect(told("f(x)")).toBe('invalid unknowns element "f(x)": failed to parse ref: expected term but got [f x]');
  expect(told("x")).toBe('invalid unknowns element "x": expected ref but got x');
  expect(told("input")).toBeUndefined();
  expect(told("")).toBe('invalid unknowns element "": failed to parse ref: expected exactly one term but got: ');
});

test("what is wrong in a METADATA block shows its row, a misplaced block does not", () => {
  const linesOf = (text: string): unknown =>
    checkModules([parseModule(text, { file: "a.rego" })], { annotations: true }).diagnostics.map(({ lines }) => lines);
  expect(linesOf("package a\n# METADATA\n# title: [\np := 1\n")).toEqual([["# title: [", "^"]]);
  expect(linesOf("package a\n# METADATA\n# scope: package\np := 1\n")).toEqual([undefined]);
});

test("points in time among the custom values of metadata are what OPA makes of them", () => {
  const text = "package a\n\n# METADATA\n# custom:\n#   on: 2025-7-01\n#   no: 2025-02-30\n#   at: 2025-02-28 1:2:3.50\np := 1\n";
  const { compilation } = checkModules([parseModule(text, { file: "a.rego" })], { annotations: true });
  expect(compilation.annotations.all.map(({ custom }) => custom)).toEqual([
    { on: "2025-07-01T00:00:00Z", no: "2025-02-30", at: "2025-02-28T01:02:03.5Z" },
  ]);
});

test("a local `data` or `input` gives its name to every ref that has its head in common with one that it hides", () => {
  const v0 = { version: "v0" } as const;
  // By the name of an import: in the other rules nothing binds the variable.
  expect(check("package a\nimport input.x\ns { x.y }\np { input := 1; x; input == 1 }\nu { input.x.z }", v0)).toBe(
    "x.y: var input is unsafe",
  );
  // By the name of a rule: no rule of the module is seen to depend on another one, nor replaced by its name.
  const cycle = "c { d }\nd { c }";
  expect(check(`package a\n${cycle}`, v0)).toContain("rule data.a.c is recursive");
  expect(check(`package a\np { data := 1; q; data == 1 }\nq { input.x }\n${cycle}`, v0)).toContain("c = true { data.a.d }");
  expect(check("package a\np { data := 1; q[data] }\nq[1] { true }\nt { q[1] with q as {2} }", v0)).toBe(
    "q: with keyword target must reference existing input, data, or a function",
  );
  expect(check("package a\np { data := 1; q; data == 1 }\nq { input.x }\nr { print(q) }", { ...v0, printing: true })).toBe(
    "q: var data is undeclared",
  );
  // Once it has another name, it is no document that was referred to above.
  const late = "f(x) = x { true }\ng { data := 1; f(1) }\nh { y := f(2); data := y }";
  expect(check(`package a\n${late}`, v0)).toContain("h = true { data.a.f(2, __local4__)");
  // As the target of `with` the document counts as a use only where more of it is named.
  const unused = (target: string): string =>
    check(`package a\np { input := 1; true with ${target} as 2 }`, { ...v0, strict: true });
  expect(unused("input.y")).not.toContain("unused");
  expect(unused("input")).toContain("assigned var input unused");
  expect(check("package a\np if { some input; true with input.b as 1 }")).toContain("declared var input unused");
  expect(check("package a\np if { some input; [1][input] with input.b as 1 }")).toContain("p = true");
});

test.each([
  ['f($"{x} {[input]}")', "input"],
  ["f(x[input])", "input"],
  ["f({input: 1})", "input"],
  ['f({input: 1, "a": [data]})', "data"],
  ['f($"{x with data.a as data}")', "data"],
])(
  "a root document that stands alone anywhere in an argument is refused, but in sets, comprehensions and calls: %s",
  (head, root) => {
    expect(check(`package a\n${head} := 1`)).toContain(`args must not shadow ${root} (use a different variable name)`);
  },
);

test("a root document in what no pattern can match does not count as an argument", () => {
  for (const arg of ["{input}", "g(input)", "[1 | input]", "x[input.y]"])
    expect(check(`package a\ng(x) := x\nf(${arg}) := 1`)).not.toContain("args must not shadow");
});

test("what is wrong with where a block stands is told as it is found, not by its words", () => {
  const text = "# METADATA\n# scope: rule\n# entrypoint: true\npackage a\n";
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })], { annotations: true });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    "annotation scope 'rule' must be applied to rule (have package)",
    "annotation entrypoint applied to non-document or package scope 'rule'",
  ]);
});

test("the keys that a ref may have are told as OPA prints values, and in its trees in the details", () => {
  const text =
    'package a\no := {[1, "a"]: 1, {1}: 2, set(): 3, []: 4, {"k": null}: 5, null: 6, "\u0085": 7, 1.50: 8}\np := o.x\n';
  const [told] = checkModules([parseModule(text, { file: "a.rego" })]).diagnostics;
  expect(told?.lines?.at(-1)?.trim()).toBe('want (one of): [null 1.50 "\\u0085" [] [] [1] [1, "a"] {"k": null}]');
  expect(JSON.parse(JSON.stringify(told?.details))).toMatchObject({
    oneOf: [
      {},
      1.5,
      "\u0085",
      [],
      [],
      [{ type: "number", value: 1 }],
      [
        { type: "number", value: 1 },
        { type: "string", value: "a" },
      ],
      [
        [
          { type: "string", value: "k" },
          { type: "null", value: {} },
        ],
      ],
    ],
  });
});

test("what stands behind the if of an else branch without braces is told at the branch, as in OPA, and keeps its own range", () => {
  const text = "package a\n\np if {\n\tfalse\n} else := 1 if every x in [1] { x; y }\n\nq if { false } else := 1 if {\n\tz\n}\n";
  const { diagnostics } = checkModules([parseModule(text, { file: "a.rego" })]);
  expect(diagnostics.map(({ message, range, reported }) => [message, range.start, reported?.start])).toEqual([
    ["var y is unsafe", text.indexOf("y }"), text.indexOf("else := 1 if every")],
    ["var z is unsafe", text.indexOf("z\n}"), undefined],
  ]);
  const annotated = "package a\n\np if { false } else if input.x with input.y as\n# METADATA\n1\n";
  const [found] = checkModules([parseModule(annotated, { file: "a.rego" })], { annotations: true }).diagnostics;
  expect([found?.range.start, found?.reported]).toEqual([annotated.indexOf("#"), undefined]);
});

test("once a comprehension of a head is wrong, the next ones are not asked for what they leave unused, as in OPA", () => {
  const wrong = "package a\n\np := {1: [k | k; k := 1], 2: [3 | i := 1]}\n";
  expect(check(wrong, { strict: true })).toBe("k: var k referenced above");
  expect(check(wrong.replace("k; ", ""), { strict: true })).toContain("assigned var i unused");
});

test("a base document in a set that is an argument is read in the body, where the set binds nothing, as in OPA", () => {
  expect(check("package a\n\nf({x, input}) := 1\n")).toBe("x, input: var x is unsafe".replace("x, input", "{x, input}"));
  expect(check("package a\n\nf([x, input]) := x\n")).not.toContain("unsafe");
});
