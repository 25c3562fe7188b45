import { expect, test } from "vitest";
import { parseModule } from "../parse.ts";
import { formatModule } from "./module.ts";

function format(text: string, version: "v0" | "v1" = "v1"): string | undefined {
  return formatModule(parseModule(text, { file: "a.rego", version }), { version });
}

test("rules are set apart, constants of neighbouring rows are not", () => {
  expect(format("package a\np:=1\nq:=2\nr if{ x:=1;x>0 }\n")).toBe(
    "package a\n\np := 1\nq := 2\n\nr if {\n\tx := 1\n\tx > 0\n}\n",
  );
});

test("collections break where the author broke them", () => {
  expect(format('package a\np := [1,2,\n3]\nq := {"a":1}')).toBe('package a\n\np := [\n\t1, 2,\n\t3,\n]\n\nq := {"a": 1}\n');
});

test("comments stay with their rows", () => {
  expect(format("package a # one\n\n# two\np := 1 # three\n\n# four\n")).toBe(
    "package a # one\n\n# two\np := 1 # three\n\n# four\n",
  );
});

test("a module with errors is left alone; formatting twice changes nothing", () => {
  expect(format("package a\np :=")).toBeUndefined();
  const once = format("package a\nimport data.z\nimport data.b\np if not a with input as 1\nelse := {x|some x in [1]}")!;
  expect(format(once)).toBe(once);
});

test("comments above a call stay above its arguments too, those behind the `if` of an `else` wait for the end of its line", () => {
  expect(format("package a\np if {\n\tnot\n\t# c\n\tf(1)\n}\n")).toBe("package a\n\np if {\n\tnot # c\n\tf(# c\n\t1)\n}\n");
  expect(format("package a\np if input.a\nelse if\n# c\ninput.b\nelse := false\n")).toBe(
    "package a\n\np if input.a\n\nelse if input.b\n\n# c\n\nelse := false\n",
  );
});

test("a union that leads a chain in braces keeps its parentheses: it would read as a comprehension", () => {
  const head = "package a\n\nimport future.keywords.or\n\n";
  const text = `${head}p if {\n\t(input.a | input.b) or input.c\n}\n\nq if {\n\t((input.a | input.b) == input.c) or input.d\n}\n`;
  expect(format(text)).toBe(text.replace("((input.a | input.b) == input.c)", "(input.a | input.b) == input.c"));
  expect(format(`${head}p if (input.a | input.b) or input.c\n`)).toBe(`${head}p if input.a | input.b or input.c\n`);
});

test("what is written with a keyword of the future gets the import", () => {
  expect(format("package a\n\np {\n\tinternal.member_2(1, [1])\n}\n", "v0")).toBe(
    "package a\n\nimport future.keywords.in\n\np {\n\t1 in [1]\n}\n",
  );
});

test("comments behind `set()` in parentheses stand before the last parenthesis, as in OPA", () => {
  expect(format("package a\np if {\n\tnot (set()# c\n# d\n)\n}\n")).toBe("package a\n\np if {\n\tnot set()# d # c\n\t\n}\n");
});

test("an operand of and/or breaks where all that stands left of it ended on an earlier row", () => {
  const head = "package a\nimport future.keywords.and\nimport future.keywords.or\np if {\n";
  expect(format(`${head}(a and (b\nor c\n)) and d }`)).toMatch(/\ta and \(b or\n\t\tc\) and d\n}\n$/);
  expect(format(`${head}(b\nor c\n) and d }`)).toMatch(/\t\(b or\n\t\tc\) and\n\t\td\n}\n$/);
});

test("a default of v0 without a value is written with the value true", () => {
  expect(format("package a\ndefault p.q.r\n", "v0")).toBe("package a\n\ndefault p.q.r = true\n");
});

test("a string in parentheses is written with Go's escapes, as OPA does", () => {
  expect(format('package a\np := ["\\u0001", ("\\u0001\\/")]\n')).toBe('package a\n\np := ["\\u0001", "\\x01/"]\n');
});

test("constants in the holes of templates lose their parentheses", () => {
  expect(format('package a\np := $"x{(1)}{((true))}"\n')).toBe('package a\n\np := $"x1true"\n');
});

test("what is written for v0 and v1 at once imports rego.v1, beside the imports of its dialect", () => {
  const both = (text: string) =>
    formatModule(parseModule(text, { file: "a.rego", version: "v0" }), { version: "v0", upTo: "v1" });
  expect(both("package a\nin.x := 1\n")).toBe('package a\n\nimport rego.v1\n\nin["x"] := 1\n');
  expect(both("package a\nimport data.z\np { true }\n")).toBe("package a\n\nimport data.z\nimport rego.v1\n\np := true\n");
  expect(both("package a\nimport future.keywords.not\np { not {input.x} }\n")).toBe(
    "package a\n\nimport future.keywords.not\nimport rego.v1\n\np if not { input.x }\n",
  );
});

test("constants in template strings become text, comments in their holes stay", () => {
  expect(format('package a\np := $"a{1}{input.x}{"b"}"\n')).toBe('package a\n\np := $"a1{input.x}b"\n');
  expect(format('package a\np := $"{# c\n1}"\n')).toBe('package a\n\np := $"{ # c\n\t1}"\n');
});

test("a function of no arguments is written as a rule, as OPA does", () => {
  expect(format("package a\nf() := 1\n")).toBe("package a\n\nf := 1\n");
});

test("arguments that were not written by the author do not break lines", () => {
  expect(format("package a\np if {\n\tf({1}, {\n\t\t1,\n\t}, __local1__)\n}\n")).toBe(
    "package a\n\np if {\n\tf({1}, {\n\t\t1,\n\t}, __local1__)\n}\n",
  );
});

test("like OPA, a comment that has no place in a call takes those behind it with it", () => {
  expect(format('package a\np if {\n\tf({{\n\t\t"a": 1,\n\t\t# one\n\t}})\n}\n\n# two\nq := 1\n')).toMatchInlineSnapshot(`
    "package a

    p if {
    	f({{
    		"a": 1,
    		# one
    	}})
    }

    q := 1
    "
  `);
});

test("like OPA, a brace on a line of its own counts as one row higher for the comments behind it", () => {
  const text = "package a\n\np(x)\n{ # one\n\tx > 1\n}else{ # two\n\tx > 2\n}else{ # three\n\tx > 3\n}\n";
  expect(formatModule(parseModule(text, { file: "a.rego", version: "v0" }), { version: "v0" })).toBe(
    "package a\n\np(x) {\n\t# one\n\tx > 1\n} else { # two\n\tx > 2\n} # three\n\nelse {\n\tx > 3\n}\n",
  );
});

test("a set is written with each item once, an object with every entry", () => {
  expect(format("package a\np := {1, 1.0, f(x), f( x )}\nq := {_, _}\nr := {1: 2, 1: 3}\n")).toBe(
    "package a\n\np := {1, f(x)}\nq := {_, _}\nr := {1: 2, 1: 3}\n",
  );
});

test("as in OPA, the value of an else branch with a comment behind its only element is written as all of its head, which no check of the result lets pass", () => {
  expect(
    format(
      'package a\n\np := 1 if {\n\tinput.x\n} else := {\n\t"y": input.y, # why\n} if {\n\tinput.y == 2 # two\n\tinput.z\n}\n',
    ),
  ).toBe(
    'package a\n\np := 1 if {\n\tinput.x\n} else := else := {\n\t"y": input.y, # why\n} if { \tinput.y == 2 # two\n\tinput.z\n}\n',
  );
});

test("comments that clash before a with end the expression and are lost with all below, as in OPA", () => {
  expect(
    format(
      "package a\n\np := [x, # one\n] if g(input[\ny\n]) with input.a as # two\nx\nwith input.b as 0 # three\n\n# four\nq := 1\n",
    ),
  ).toBe("package a\n\np := [x] if g(input[y])\n\nq := 1\n");
});

test("a call that comments end leaves what follows a level deeper, as in OPA", () => {
  expect(format("package a\n\np if g(x,\n[] - {y | z # one\n}) with # two\ninput as [y, # three\n] else\nif y\n")).toBe(
    "package a\n\np if g(\n\tx,\n\t[] - {y | z # one\n} # two)\n \telse if y\n",
  );
});

test("what a ref, a negative number or a call with an operator is to OPA begins elsewhere: where a list is broken, and what stays as written", () => {
  expect(format('package a\n\np := [["b",\n\n"c"][i]]\n\nq := [\n-x, 1]\n\nr := {"k":\n# one\ndata | x}\n')).toBe(
    'package a\n\np := [\n\t[\n\t\t"b",\n\t\t"c",\n\t][i],\n]\n\nq := [\n\t0 - x, 1,\n]\n\nr := {"k": # one\ndata |\n\tx\n}\n',
  );
});

test("sets and objects that OPA has copied to one place, and sets around generated names, are in the order of terms", () => {
  expect(format('package a\n\np := {"c", "b"} if {\n\tinput.x\n} {\n\tinput.y == {"c", "b"}\n}\n')).toBe(
    'package a\n\np := {"c", "b"} if {\n\tinput.x\n}\n\np := {"b", "c"} if {\n\tinput.y == {"c", "b"}\n}\n',
  );
  const text = (set: string): string => `package a\n\np := 1 if input.x\n\nelse := {"c", "b"} if input.y == ${set}\n`;
  expect(format(text('{"c": {"z", "y"}, "b": 1}'))).toBe(text('{"b": 1, "c": {"y", "z"}}'));
  expect(format('package a\n\np := {"c", __local3__, "b"} if __local3__ = {"c": __local3__, "b": 1}\n')).toBe(
    'package a\n\np := {"b", "c", __local3__} if __local3__ = {"c": __local3__, "b": 1}\n',
  );
});

test("an else branch without a value has the sign of the first head, where a constant is written for it", () => {
  const text = (sign: string): string => `package a\n\nimport rego.v1\n\nf(_) ${sign} 2 if input.x\n`;
  for (const sign of [":=", "="])
    expect(format(text(sign).replace("x\n", "x else = 3 if input.y else if { true }\n"), "v0")).toBe(
      `${text(sign)}\nelse = 3 if input.y\n\nelse ${sign} true\n`,
    );
});

test("heads with a key are written with OPA's words for it, a wildcard in a package as one", () => {
  expect(format("package _\np[1 + 1] := [x | x := 1 + 1]\n")).toBe("package _\n\np[plus(1, 1)] := [x | x := 1 + 1]\n");
  expect(format("package a\np[[x | x := -y]] := 1\n")).toBe("package a\n\np[[x | assign(x, minus(0, y))]] := 1\n");
});

test("the head of a further body ends where the body ends", () => {
  expect(format("package a\n\np if {\n\tinput.x\n} { input.y\n}\n")).toBe(
    "package a\n\np if {\n\tinput.x\n}\n\np if {\n\tinput.y\n}\n",
  );
  expect(format("package a\n\nf(x) if { true } { true }\n\ndefault f(_)\n")).toBe(
    "package a\n\nf(x) := true\n\nf(x)\n\ndefault f(_) := true\n",
  );
});

test("in a head that an else or a further body repeats, wildcards have numbers, as OPA writes them", () => {
  expect(format("package a\n\nf([_, 1], _) := 1 if input.x\n\nelse := [_] if input.y\n")).toBe(
    "package a\n\nf([_0, 1], _) := 1 if input.x\n\nelse := [_] if input.y\n",
  );
  expect(format("package a\n\nf([_, 1], _) := [_] if {\n\tinput.x\n} {\n\tinput.y\n}\n")).toBe(
    "package a\n\nf([_0, 1], _) := [_2] if {\n\tinput.x\n}\n\nf([_0, 1], _) := [_2] if {\n\tinput.y\n}\n",
  );
  expect(format("package a\n\nf([_, 1], _) := [_]\n")).toBe("package a\n\nf([_, 1], _) := [_]\n");
});

test("what begins with a brace once an operator that was called stands between its operands gets parentheses, as in OPA", () => {
  const text = (body: string): string => `package a\n\nimport future.keywords.not\n\np if not ${body}\n`;
  expect(format(text("internal.member_2({1}, input.x)"))).toBe(text("({1} in input.x)"));
  expect(format(text("plus({1}, input.x)"))).toBe(text("({1} + input.x)"));
  expect(format(text("plus({1}, 2, 3)"))).toBe(text("3 = {1} + 2"));
  expect(format(text("union({1})"))).toBe(text("union({1})"));
});

test("the set in a bracket of a head is sorted, with input as a ref", () => {
  expect(format("package a\n\ns[{input, k}] := {input, k}\n")).toBe("package a\n\ns[{k, input}] := {input, k}\n");
  expect(format("package a\n\ns[{[input], [a.b], [z]}] := 1\n")).toBe("package a\n\ns[{[z], [a.b], [input]}] := 1\n");
});

test("of two imports that are added again, that of the keyword used first has the comment below", () => {
  const head = "package a\n\nimport future.keywords.and\nimport future.keywords.or\n\n# c\n";
  const formatted = (body: string): string | undefined =>
    formatModule(parseModule(`${head}${body}`, { file: "a.rego" }), { version: "v0", upTo: "v1" });
  expect(formatted("p if a and b\nq if c or d\n")).toContain("and # c\n");
  expect(formatted("p if a or b\nq if c and d\n")).toContain("or # c\n");
});

test("comments before the path of an import, or inside it, wait for the statement below", () => {
  const text = "package a\n\nimport # one\ndata.x # two\n\nimport data.y as # three\nz\n\np := 1 # four\n";
  expect(format(text)).toBe("package a\n\nimport data.x # one\n\n# two\n\nimport data.y as z # three\n\np := 1 # four\n");
});

test("the head of a further body stands at that body's place, so that its objects and arguments take one line", () => {
  const text = 'package a\n\nf([x,\n y]) = {"a": [x,\n null]} {\n\tx > 1\n} {\n\ty > 1\n}\n';
  expect(format(text, "v0")).toBe(
    'package a\n\nf([\n\tx,\n\ty,\n]) = {"a": [\n\tx,\n\tnull,\n]} {\n\tx > 1\n}\n\nf([x, y]) = {"a": [x, null]} {\n\ty > 1\n}\n',
  );
});

test("the value of an object comprehension stays on the line of its key, comments between them go into the body", () => {
  expect(format("package a\n\np := {k\n# one\n: v |\n\tv := input[k]\n}\n")).toBe(
    "package a\n\np := {k: v |\n\t# one\n\n\tv := input[k]\n}\n",
  );
});

test("the value of an else branch has the place of the branch's head, from which its line breaks are told", () => {
  expect(format('package a\n\np if {\n\tfalse\n} else :=\n["x", y] if {\n\ty = 1\n}\n')).toBe(
    'package a\n\np if {\n\tfalse\n} else := [\n\t"x", y,\n] if {\n\ty = 1\n}\n',
  );
});

test("behind the `if` of an else branch without braces all places are the branch's, in a block of its own too", () => {
  expect(
    format(
      'package a\n\np if {\n\tfalse\n} else := [\n\t1\n] if data.x["if"] with input as 1\n\twith data.x as 2\nelse := [\n2] if every x in [] {\n\tx\n}\n',
    ),
  ).toBe(
    "package a\n\np if {\n\tfalse\n} else := [\n\t1,\n] if {\n\tdata.x.if with input as 1 with data.x as 2\n}\n\nelse := [\n\t2,\n] if {\n\tevery x in [] { x }\n}\n",
  );
});

test("a base document's name as a key keeps the comments above it", () => {
  expect(format("package a\n\np if {\n\tdata.a[\n\n# one\n\ndata].b[x]\n}\n")).toBe(
    "package a\n\np if {\n\tdata.a[# one\n\n\tdata].b[x]\n}\n",
  );
});

test("a base document's name has a place of its own where the value around it is told to stand elsewhere", () => {
  expect(format('package a\n\np := [x,\n\t{"k":\ndata | input.y} # one\n& y]\n')).toBe(
    'package a\n\np := [\n\tx,\n\t{"k": data | # one\n\t\tinput.y\n\t} & y,\n]\n',
  );
});

test("comments inside an empty set, and in parentheses that begin a term, stay there", () => {
  expect(format("package a\n\np if set(\n# one\n\n)\n\nq if 1\n")).toBe("package a\n\np if {\n\tset()# one\n\n\t\n}\n\nq if 1\n");
  expect(format("package a\n\np := ({1# one\n# two\n} & {2}) & {3}\n")).toBe(
    "package a\n\np := ({1# one\n# two\n} & {2}) & {3}\n",
  );
});

test("like OPA, a list behind `in` that comments keep from being formatted loses its items, and the body its comments", () => {
  expect(format("package a\n\np if {\n\t1 in [2\n\t# one\n\t]\n\ty # two\n}\n")).toBe("package a\n\np if {\n\t1 in []\n\ty\n}\n");
});

test("a key to be found with a body that is always true is written without its value, as in OPA", () => {
  expect(format("package a\n\np[x] if true\n")).toBe("package a\n\np[x]\n");
  expect(format("package a\n\np[[1]] if true\n")).toBe("package a\n\np[[1]] := true\n");
  expect(format("package a\n\np[x] := true if true\n")).toBe("package a\n\np[x] := true\n");
  const v0 = "package a\n\nimport rego.v1\n\n";
  expect(format(`${v0}p[[1]] if true\n\np.a if true\n\np.f(x) if true\n`, "v0")).toBe(
    `${v0}p[[1]]\n\np["a"]\n\np["f"](x) = true\n`,
  );
});

test("a template string as the only part of a head is written as OPA prints it: in one line, constants as text", () => {
  expect(format('package a\n\n# c\nr[$"t {true} {x}"] := 1\n')).toBe('package a\n\n# c\nr[$"t true {x}"] := 1\n');
  expect(format("package a\n\nr[$`{x}\n{1}`] := 1\n")).toBe('package a\n\nr[$"{x}\\n1"] := 1\n');
  expect(format('package a\n\nr := $"\\\\\\{{x}"\n')).toBe('package a\n\nr := $"\\\\{{x}"\n');
});

test("a constant in a hole of a template string is written as its text unless a comment stands before it", () => {
  expect(format('package a\n\nx := $"{null# one\n}"\n\ny := $"{# two\n1}"\n')).toBe(
    'package a\n\nx := $"null" # one\n\ny := $"{ # two\n\t1}"\n',
  );
});

test("the next-line character at the end of a comment is white space, a replacement character is none", () => {
  expect(format("package a\n\np := 1 # b\u0085\nq := 2 # \u3000\u0085\nr := 3 # \ufffd\n")).toBe(
    "package a\n\np := 1 # b\nq := 2 #\nr := 3 # \ufffd\n",
  );
});

test("no lines are broken around a negation, whose zero has no place in OPA, but in objects", () => {
  expect(
    format(
      "package a\n\np := f(x,\n\t-y)\n\nq := [x |\n\ty := 1\n\tz := -y\n]\n\nr := {-x,\n\t1,\n\t-1}\n\ns := {1: -x,\n\t2: 3}\n\nt := f(x,\n\ty - z)\n",
    ),
  ).toBe(
    "package a\n\np := f(x, 0 - y)\n\nq := [x |\n\ty := 1\n\tz := 0 - y\n]\n\nr := {-1, 1, 0 - x}\n\ns := {\n\t1: 0 - x,\n\t2: 3,\n}\n\nt := f(\n\tx,\n\ty - z,\n)\n",
  );
});

test("what begins with a parenthesis is in parentheses to OPA, and what an object is made of stands on its line with all that it begins", () => {
  expect(format("package a\n\np := f((x) | y, x | y)\n\nq := {`r\ns`: {x | y} |\n\tz\n}\n")).toBe(
    "package a\n\np := f((x | y), x | y)\n\nq := {`r\ns`: {\nx | y} |\n\tz\n}\n",
  );
});

test("a chain of with that comments end does not leave its level behind, and constants in holes are written as terms wherever they count to stand", () => {
  expect(format("package a\n\np if x\nwith # one\ninput as z # two\nwith data.q as [y, # three\n] else if z\n")).toBe(
    "package a\n\np if x\n\twith input # two\n else if z\n",
  );
  expect(format('package a\n\np if {\n\tx\n} else := 1 if $"{0}{y}" == input.z\n')).toBe(
    'package a\n\np if {\n\tx\n} else := 1 if $"0{y}" == input.z\n',
  );
});
