// Syntax faults: one row per fault, `line:column "text" message`, and the text after its first fix.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { faultsOf } from "./index.ts";

function faults(body: string, version: "v0" | "v1" = "v1"): { readonly told: string; readonly mended: string } {
  const text = `package p\n\n${body}\n`;
  const found = faultsOf(parseModule(text, { file: "/p/x.rego", version, allStatements: true }));
  const told = found.map(({ range, message }) => {
    const lines = text.slice(0, range.start).split("\n");
    return `${lines.length}:${lines.at(-1)!.length + 1} ${JSON.stringify(text.slice(range.start, range.end))} ${message}`;
  });
  let mended = text;
  const edits = [...(found[0]?.fixes?.[0]?.edits ?? [])].sort((a, b) => b.range.start - a.range.start);
  for (const { range, newText } of edits) mended = mended.slice(0, range.start) + newText + mended.slice(range.end);
  return { told: told.join("\n"), mended: mended.slice("package p\n\n".length, -1) };
}

test.each([
  ['x := "a', '3:6 "\\"a" non-terminated string: the quote opened here is not closed on this line', 'x := "a"'],
  [
    'x := {"a: {"b": [y, "c"]}}',
    '3:7 "\\"a: {\\"b\\": [y, \\"c\\"]}}" non-terminated string: the quote opened here is not closed where its text ends',
    'x := {"a": {"b": [y, "c"]}}',
  ],
  [
    'x := {"a": "b", "c: "-1"}',
    '3:17 "\\"c: \\"-1\\"}" non-terminated string: the quote opened here is not closed where its text ends',
    'x := {"a": "b", "c": "-1"}',
  ],
  [
    'x if {\n\ty := $"a {z\n}',
    '4:7 "$\\"a {z" missing `}"`: neither the expression in the template string nor the string is closed on this line',
    'x if {\n\ty := $"a {z}"\n}',
  ],
  [
    'x := f($"a {y, 2)\n\nz := 1',
    '3:8 "$\\"a {y, 2)" missing `}"`: neither the expression in the template string nor the string is closed on this line',
    'x := f($"a {y}", 2)\n\nz := 1',
  ],
  ...[
    ['x := {"a": b"}', "b", 11, 'x := {"a": "b"}'],
    ['x := {a": "b", "c": 1}', "a", 6, 'x := {"a": "b", "c": 1}'],
    ['x if y.z == /var/run/x.sock"', "/var/run/x.sock", 12, 'x if y.z == "/var/run/x.sock"'],
    ['x := sprintf(%s may not", [y])', "%s may not", 13, 'x := sprintf("%s may not", [y])'],
    [
      'x := sprintf(a %s of the kind %s has to have a %v", [y])',
      "a %s of the kind %s has to have a %v",
      13,
      'x := sprintf("a %s of the kind %s has to have a %v", [y])',
    ],
    ['x if startswith(y, https://z:1/")', "https://z:1/", 19, 'x if startswith(y, "https://z:1/")'],
  ].map(
    ([text, shown, at, mended]) =>
      [text, `3:${Number(at) + 1} "${shown}" the quote that opens this string is missing`, mended] as [string, string, string],
  ),
  ["x := y := 1", '3:8 ":=" a second `:=` in one statement: `==` compares', "x := y == 1"],
  ["x if { y = z = 1 }", '3:14 "=" a second `=` in one statement: `==` compares', "x if { y = z == 1 }"],
  [
    'x if {\n\tsome y, z in {\n\t\t"a": 1,\n\t\t"b: 2,\n\t\t"c": 3,\n\t}\n}',
    '6:3 "\\"b: 2," non-terminated string: the quote opened here is not closed on this line',
    'x if {\n\tsome y, z in {\n\t\t"a": 1,\n\t\t"b": 2,\n\t\t"c": 3,\n\t}\n}',
  ],
  [
    'x if {\n\tsome y in {\n\t\t"a": 1,\n\t\t"b" 2,\n\t}\n}',
    '6:6 " " missing `:` between key and value',
    'x if {\n\tsome y in {\n\t\t"a": 1,\n\t\t"b": 2,\n\t}\n}',
  ],
  [
    "x if y with input as { with data.z as 1",
    '3:22 "{ with data.z as 1" missing `}`: the object or set opened here is not closed',
    "x if y with input as {} with data.z as 1",
  ],
  ["x := [1 2 3]", '3:8 " " missing `,` between array items', "x := [1, 2, 3]"],
  [
    'x if input.roles[0].name not in ["a", "b"]',
    '3:26 "not in" Rego has no `not in`: `not` stands before the whole condition, `not input.roles[0].name in …`',
    'x if not input.roles[0].name in ["a", "b"]',
  ],
  [
    "x if {\n\tinput.a; lower(input.b) not in input.c\n}",
    '4:26 "not in" Rego has no `not in`: `not` stands before the whole condition, `not lower(input.b) in …`',
    "x if {\n\tinput.a; not lower(input.b) in input.c\n}",
  ],
  ['x := {"k" := 1, "l": 2}', '3:11 ":=" an object has `:` between key and value', 'x := {"k": 1, "l": 2}'],
  [
    "x := input.y ?? 1",
    '3:14 "??" Rego has no `??`: `object.get(x, "key", other)` gives another value for a missing key, `default` for a whole rule',
    'x := object.get(input, "y", 1)',
  ],
  ["x := !y", '3:6 "!" Rego negates with `not`', "x := !y"],
  ["x := a && b", '3:8 "&&" Rego has no `&&`: write the conditions on two lines', "x := a && b"],
  ["x if a =! b", '3:8 "=!" Rego has no `=!`: `!=` compares', "x if a != b"],
  ["x := [1 2]", '3:8 " " missing `,` between array items', "x := [1, 2]"],
  ['x := {"k" 1}', '3:10 " " missing `:` between key and value', 'x := {"k": 1}'],
  [
    "allow if {\n\tcount(input.items > 1\n}",
    '4:7 "(input.items > 1" missing `)`: the call of `count` is not closed',
    "allow if {\n\tcount(input.items) > 1\n}",
  ],
  [
    'x := $"a {',
    '3:6 "$\\"a {" missing `}"`: neither the expression in the template string nor the string is closed on this line',
    'x := $"a {',
  ],
  [
    'x := $"a {y} b',
    '3:6 "$\\"a {y} b" non-terminated string: the quote opened here is not closed on this line',
    'x := $"a {y} b"',
  ],
  [
    "x := $`a {y} b\n\nz if {\n\tsome y in xs\n}",
    '3:6 "$`a {y} b" non-terminated raw template string: the backtick opened here is never closed',
    "x := $`a {y} b`\n\nz if {\n\tsome y in xs\n}",
  ],
  ["x[", '3:2 "[" missing `]`: the bracket opened here is not closed', "x["],
  ["x if {\n\ty := [z |\n}", '4:7 "[z |" missing `]`: the array opened here is not closed', "x if {\n\ty := [z |\n}"],
  [
    "x if {\n\tevery y in\n}",
    '4:2 "every y in" `every` needs a variable, a collection and a body: `every x in xs { … }`',
    "x if {\n\tevery y in\n}",
  ],
  ["x.y", '3:1 "x.y" `x.y` needs a value or a body: `x.y := value`, `x.y if { … }`', "x.y"],
  [
    "x := 1 if { y } else",
    '3:17 "else" `else` needs a value or a body: `else := value`, `else if { … }`',
    "x := 1 if { y } else",
  ],
  ["x := f(1", '3:7 "(1" missing `)`: the call of `f` is not closed', "x := f(1)"],
  ["x := [1, 2)", '3:11 ")" `)` where `]` is meant', "x := [1, 2]"],
  ["x := 1]", '3:6 "1]" missing `[`: the `]` closes nothing', "x := [1]"],
  ["x := f([1]))", '3:8 "[1]))" missing `(`: the `)` closes nothing', "x := f(([1]))"],
  ["x if input.y 1", '3:13 " " missing `==` after `y`', "x if input.y == 1"],
  ["x if input.y[z] [1]", '3:16 " " missing `in` after `]`', "x if input.y[z] in [1]"],
  ["x if input.y is true", '3:14 "is" Rego has no `is`: `==` compares', "x if input.y == true"],
  ["x if input.y is not null", '3:14 "is not" Rego has no `is not`: `!=` compares', "x if input.y != null"],
  ["x := input?.y", '3:11 "?." Rego has no `?.`: a ref to what is not there is undefined, and no error', "x := input.y"],
  ["x if {\n\ty\n}}", '5:2 "}" this `}` closes nothing: no bracket is open here', "x if {\n\ty\n}"],
  ["x if\n\ty\n\tz\n}", '3:1 "x if" missing `{`: the `}` below closes nothing', "x if {\n\ty\n\tz\n}"],
  ["x { y }", '3:1 "x" `if` is required before a rule body (Rego v1)', "x if { y }"],
  ["x[y] { y := 1 }", '3:1 "x[y]" a partial set rule is written `x contains y if`', "x contains y if { y := 1 }"],
  ["x := 1 if y else 2", '3:13 "else 2" `else` needs `:=` before its value', "x := 1 if y else := 2"],
  ["x := 08", '3:6 "08" a number must not start with 0', "x := 8"],
  ["x if !y", '3:6 "!" Rego negates with `not`', "x if not y"],
  ["x if a && b", '3:8 "&&" Rego has no `&&`: write the conditions on two lines', "x if {\n\ta\n\tb\n}"],
  ["let x = 1", '3:1 "let" Rego has no `let`: `:=` declares a variable', "x := 1"],
  ["x := a[", '3:7 "[" missing `]`: the bracket is not closed', "x := a["],
  ["x := 1; y := 2", '3:7 ";" a rule ends with its line: `;` stands between conditions', "x := 1\ny := 2"],
  ["x := 1;", '3:7 ";" a rule ends with its line: `;` stands between conditions', "x := 1"],
  ["x == 1", '3:3 "==" `==` compares: a rule is given its value with `:=`', "x := 1"],
  ["x > 1", '3:3 ">" a condition stands in the body of a rule: `name if { … }`', "x > 1"],
  ["allow", '3:1 "allow" `allow` needs a value or a body: `allow := value`, `allow if { … }`', "allow"],
  ["if := 1", '3:1 "if" `if` is a keyword: a rule needs another name', "if := 1"],
  ["some x in y", '3:1 "some" `some` stands in the body of a rule: `name if { some … }`', "some x in y"],
  ["x contains", '3:3 "contains" a value is missing after `contains`', "x contains"],
  ["default x :=", '3:11 ":=" a value is missing after `:=`', "default x :="],
  ["x if { y with }", '3:10 "with" a target is missing after `with`: `with input as value`', "x if { y with }"],
  ["x if { y with as z }", '3:10 "with" a target is missing after `with`: `with input as value`', "x if { y with as z }"],
  ["x if { y with input }", '3:15 "input" `as` and a value are missing after `with input`', "x if { y with input }"],
  [
    "x if a, f(b, c), d",
    '3:7 "," conditions stand on lines of their own, or with `;` between them: a comma separates items',
    "x if { a; f(b, c); d }",
  ],
  [
    "x if { a, b }",
    '3:9 "," conditions stand on lines of their own, or with `;` between them: a comma separates items',
    "x if { a; b }",
  ],
  ["x if { y += 1 }", '3:10 "+=" Rego has no `+=`: a variable keeps its value, a new value has a new name', "x if { y += 1 }"],
  [
    "x if a then 1 else 2",
    '3:8 "then" Rego has no `then`: what follows `if` is the condition, the value stands before it, `x := value if …`',
    "x if a then 1 else 2",
  ],
  ['x := $"a {b"', '3:10 "{b" missing `}`: the expression in the template string is not closed', 'x := $"a {b}"'],
  ['x := "a\\u12"', '3:8 "\\\\u12" illegal escape `\\u12`: `\\u` needs four hexadecimal digits', 'x := "a\\\\u12"'],
  ["x := 0x1F", '3:6 "0x1F" `0x1F`: numbers are decimal', "x := 31"],
  ["x := 1_000", '3:6 "1_000" `1_000`: digits stand without `_` between them', "x := 1000"],
  ["x := 1.", '3:6 "1." `1.`: digits are missing at the end of the number', "x := 1."],
  ['import "data/foo"', '3:8 "\\"data/foo\\"" an import names its path without quotes', "import data.foo"],
  [
    "x if input.a then {\n\tinput.b\n}",
    '3:14 "then" Rego has no `then`: what follows `if` is the condition, the value stands before it, `x := value if …`',
    "x if input.a then {\n\tinput.b\n}",
  ],
  [
    'x if input.a == "b" then ["c", 1]',
    '3:21 "then" Rego has no `then`: what follows `if` is the condition, the value stands before it, `x := value if …`',
    'x := ["c", 1] if input.a == "b"',
  ],
  [
    "f(n) if n > 1 then n + 1",
    '3:15 "then" Rego has no `then`: what follows `if` is the condition, the value stands before it, `x := value if …`',
    "f(n) := n + 1 if n > 1",
  ],
  ["import data.foo.*", '3:16 ".*" an import names the package, whose rules then stand behind its name', "import data.foo"],
  ["import data.a, data.b", '3:14 "," one `import` for each path', "import data.a\nimport data.b"],
  ["-- note", '3:1 "--" a comment starts with `#`', "# note"],
  ["x := 1 +", '3:8 "+" a value is missing after `+`', "x := 1 +"],
  ["x := a.", '3:7 "." a name is missing after `.`', "x := a."],
  [
    'x := {"a": "b, "c": 1}',
    '3:12 "\\"b, \\"c\\": 1}" non-terminated string: the quote opened here is not closed where its text ends',
    'x := {"a": "b", "c": 1}',
  ],
  ["x := 'a'", "3:6 \"'a'\" a string stands in double quotes", 'x := "a"'],
  ["x := 1 // y", '3:8 "//" a comment starts with `#`', "x := 1 # y"],
  ["x if a === 1", '3:8 "===" Rego has no `===`: `==` compares', "x if a == 1"],
  [
    "x if a and b",
    '3:8 "and" `and` needs `import future.keywords.and`; without it write the conditions on two lines',
    "x if {\n\ta\n\tb\n}",
  ],
  ["x : = 1", '3:3 ": =" `:=` assigns: a colon alone stands between the key and the value of an object', "x := 1"],
  ["f x := x", '3:1 "f x" the arguments of a function stand in parentheses: `f(x)`', "f(x) := x"],
  ["my-rule := 1", '3:1 "my-rule" a name has no hyphen: `my-rule`', "my_rule := 1"],
  ["import data.my-lib", '3:13 "my-lib" a name has no hyphen: `my-lib`', 'import data["my-lib"]'],
  ["x := [y some y in z]", '3:9 "some" missing `|` before the body of the comprehension', "x := [y | some y in z]"],
  ['x := {"a": 1, "b"}', '3:15 "\\"b\\"" missing `:` and a value after the key `"b"`', 'x := {"a": 1, "b"}'],
  ["x if {\n\tevery y in z\n}", '4:2 "every y in z" `every` needs a body: `every x in xs { … }`', "x if {\n\tevery y in z\n}"],
  ["import", '3:1 "import" a path is missing after `import`', "import"],
  ["x := ‘a‘", '3:6 "‘" typographic quote (U+2018)', 'x := "a"'],
  ["x :=\u00a01", '3:5 "\u00a0" no-break space (U+00A0) where a space is meant', "x := 1"],
])("%j", (text, told, mended) => {
  expect(faults(text)).toEqual({ told, mended });
});

test("each statement has its own faults, the first of a line only", () => {
  expect(faults("a := [1 2]\n\nb := 1\n\nc := (1 + 2\n\nd if { e && f && g }").told).toBe(
    '3:8 " " missing `,` between array items\n7:6 "(1 + 2" missing `)`: the parenthesis is not closed\n9:10 "&&" Rego has no `&&`: write the conditions on two lines',
  );
});

test("the old dialect keeps its bodies without if", () => {
  expect(faults("x { y }", "v0").told).toBe("");
});

test("broken text of any kind is judged without failing", () => {
  for (const text of [
    "",
    "}",
    '"',
    "`",
    "[[[[[",
    ")))",
    "x := {",
    "{{{",
    "\u0000",
    "else",
    ".",
    "x :=\n\ny",
    "package",
    "import",
  ]) {
    expect(faults(text).told.split("\n").length).toBeLessThan(4);
  }
});

test("a text of nothing but brackets is judged in bounded time", () => {
  const started = performance.now();
  for (const piece of ["[", "[1", "{(", "[x}"]) {
    const text = `package a\np if {\n\tx == ${piece.repeat(2000)}\n}\n`;
    expect(faultsOf(parseModule(text, { file: "a.rego", allStatements: true })).length).toBeGreaterThan(0);
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("a package is inserted behind a byte order mark, and before the comments above", () => {
  const inserted = (text: string): string => {
    const [edit] = faultsOf(parseModule(text, { file: "/p/x.rego", allStatements: true }))[0]?.fixes?.[0]?.edits ?? [];
    return edit === undefined ? "" : text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
  };
  expect(inserted("\ufeffx := 1\n")).toBe("\ufeffpackage p\n\nx := 1\n");
  expect(inserted("\ufeff# about\nx := 1\n")).toBe("\ufeffpackage p\n\n# about\nx := 1\n");
  expect(inserted("# about\nx := 1\n")).toBe("package p\n\n# about\nx := 1\n");
});
