import { expect, test } from "vitest";
import type { Diagnostic } from "../diagnostic.ts";
import type { Term } from "./ast.ts";
import { type ParseOptions, parseModule, parseQuery } from "./parse.ts";

/** The errors of a module, each with the text from its place to the end of its row. */
function errors(text: string, options: Partial<ParseOptions> = {}): string {
  return parseModule(text, { file: "a.rego", ...options })
    .diagnostics.map(({ range, message }) => `${/^.*/.exec(text.slice(range.start))![0]}: ${message}`)
    .join("\n");
}

/** The kinds of the literals of a query. */
function kinds(text: string): string {
  const { body, diagnostics } = parseQuery(text, { file: "query" });
  if (diagnostics.length > 0) return diagnostics.map(({ message }) => message).join("\n");
  return body.map((expr) => `${expr.negated ? "not " : ""}${expr.body.kind}`).join(" ");
}

test("braces and brackets are read as OPA reads them", () => {
  expect(kinds("{}; {1}; {1: 2}; {x | x := 1}; {a: b | a = b}; [x | x := 1]; [1, 2,]; set(); {(1 | 2)}")).toBe(
    "object set object setComprehension objectComprehension arrayComprehension array set set",
  );
  expect(kinds("x\n== 3\ntrue\n-1")).toBe("call call");
  expect(kinds("some x in xs; every k, v in xs { v > k }; not f(x) with input as 1")).toBe("some every not call");
});

test("calls and refs need their brackets at once; parentheses are remembered", () => {
  const { body } = parseQuery("(a.b[c](1).d)", { file: "query" });
  const term = body[0]!.body as Term;
  expect(term.kind).toBe("ref");
  expect(term.grouped).toEqual({ start: 0, end: 13 });
  expect(errors("package a\np if { f (1) }")).toBe("(1) }: unexpected ( token: expected \\n or ; or }");
  expect(errors("package a\np if { f(1)(2) }")).toBe("(2) }: unexpected ( token: expected \\n or ; or }");
  expect(errors("package a\np if { (x == 1 || y == 2 || z) }")).toBe(
    "| y == 2 || z) }: unexpected or token\n| y == 2 || z) }: non-terminated expression",
  );
});

test("and, or and bodies of not are keywords once imported", () => {
  const text = "package a\nimport rego.v2\np if { a and { b; c } or not { d } }";
  const { module, diagnostics } = parseModule(text, { file: "a.rego" });
  expect(diagnostics).toEqual([]);
  const logical = module.rules[0]!.body![0]!.body;
  expect(logical).toMatchObject({
    kind: "logical",
    operator: "or",
    left: [{ body: { kind: "logical", operator: "and", implicitLeft: true } }],
    right: [{ body: { kind: "notBody" } }],
  });
  expect(errors("package a\np if { a and b }")).toBe(
    "and b }: unexpected identifier token: expected \\n or ; or } (hint: `import future.keywords.and` for `x and y` expressions)",
  );
});

test("a body that begins with a union reads as a comprehension, too, unless its first token is a parenthesis, as in OPA", () => {
  const ambiguous = expect.stringContaining("{ ... | ... }` operand: read as a body holding a set-union expression");
  const judged = (body: string): string => errors(`package a\nimport rego.v2\np if { ${body} }`);
  expect(judged("not {x | y}")).toEqual(ambiguous);
  expect(judged("not {x | (y)}")).toEqual(ambiguous);
  expect(judged("{x | y} and true")).toEqual(ambiguous);
  for (const body of ["not {(x) | y}", "not {(x).a & z | y}", "not {(x | y) | z; y}", "{(x) | y} and true", "true and {(x) | y}"])
    expect(judged(body)).toBe("");
});

test("errors are OPA's, of the first broken statement", () => {
  expect(errors("package a\np := [1\nq := 2\nr := ]")).toBe(
    'q := 2: unexpected identifier token: expected "," or "]"\nq := 2: unexpected identifier token: expected rule value term (e.g., p := <VALUE> { ... })',
  );
  expect(errors("package a\np { true }")).toBe("p { true }: `if` keyword is required before rule body");
  expect(errors("package a\np if { true }", { version: "v0" })).toContain("hint: `import future.keywords.if`");
  expect(errors("p := 1")).toBe("p := 1: package expected");
});

test("what follows an import without new keywords begins with a name", () => {
  expect(errors("package a\nimport data.a if as")).toBe("as: unexpected as keyword");
  expect(errors("package a\nimport data.a\nnot x")).toBe(
    "not x: var cannot be used for rule name\nx: var cannot be used for rule name",
  );
});

test("the hint for `if` is for a head on the same line", () => {
  const hint = " (hint: `import future.keywords.if` for `p if { ... }` rules)";
  expect(errors('package a\n"x" :=\n\np if { 1 }', { version: "v0" })).toBe('"x" :=: string cannot be used for rule name');
  expect(errors('package a\n"x" := p if { 1 }', { version: "v0" })).toBe(
    `"x" := p if { 1 }: string cannot be used for rule name${hint}`,
  );
});

test("a looser operator may follow one without a right side, and what is no term is told once", () => {
  expect(errors("package a\np := [x + | 1 x := 1]")).toBe(
    [
      "| 1 x := 1]: unexpected or token",
      'x := 1]: unexpected identifier token: expected "," or "]"',
      "x := 1]: unexpected identifier token: expected rule value term (e.g., p := <VALUE> { ... })",
    ].join("\n"),
  );
  expect(errors('package a\np if {\n\tx = "x"\n!=\n')).toBe(": unexpected eof token");
});

test("a name takes the beginning of a longer character behind it, as OPA's scanner does", () => {
  expect(errors("package a\nimport future\u00e9 .keywords")).toContain("got: future\uDCC3");
});

test("an import in the place of the package brings no checks of its version, as in OPA", () => {
  const { diagnostics } = parseModule("import rego.v1\n\npackage a\n\np[1] { true }\n", { file: "a.rego", version: "v0" });
  expect(diagnostics.map(({ message }) => message)).toEqual(["package expected", "unexpected package"]);
});

test("of a rule in the place of the package further bodies are rules of their own, as in OPA", () => {
  const { diagnostics } = parseModule("p[1] { true } { false }\n", { file: "a.rego" });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    "package expected",
    "`if` keyword is required before rule body",
    "`contains` keyword is required for partial set rules",
  ]);
});

test("the word behind an import's path is a name, and what it might be as a keyword is hinted at", () => {
  const text = "package a\n\nimport rego.v1\nimport data.lib\n\nevery x in xs { x }\n\nq if {\n\tz := f(1) g.h\n}\n";
  const { diagnostics } = parseModule(text, { file: "a.rego", version: "v0" });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    "unexpected identifier token: expected \\n or ; or } (hint: `import future.keywords.every` for `every x in xs { ... }` expressions)",
  ]);
});

test("`&` and `|` go by the names of their keywords within refs", () => {
  expect(errors("package a\nimport rego.v2\np if input.& and input.b")).toBe("");
  expect(errors("package a\np if input.& == 1")).toContain("unexpected and token: expected identifier");
});

test("broken statements cost themselves only", () => {
  const { module } = parseModule("package a\n\nbroken := [1,\n\nallow if {\n\tinput.x\n}\n\nq if {\n\tinput. }\n\nr := 1\n", {
    file: "a.rego",
    allStatements: true,
  });
  expect(module.rules.map(({ head }) => (head.reference.kind === "var" ? head.reference.name : ""))).toEqual(["allow", "r"]);
});

test("whoever does not ask for all statements gets those above the first broken one", () => {
  const { module, diagnostics } = parseModule("package a\n\np := 1\n\nq := [1,\n\nr := 2\n\ns := )\n", { file: "a.rego" });
  expect(module.rules).toHaveLength(1);
  expect(diagnostics.map(({ range }) => range.start)).toEqual([31, 31]);
});

test("deep nesting is refused, not a crash", () => {
  expect(errors(`package a\np := ${"[".repeat(50_000)}`)).toContain("max parsing recursion depth exceeded");
});

/** The names of the rules that are read in spite of errors. */
function rulesOf(text: string): string {
  const { module, diagnostics } = parseModule(text, { file: "a.rego", allStatements: true });
  expect(diagnostics).not.toEqual([]);
  return module.rules.map(({ head }) => text.slice(head.reference.start, head.reference.end)).join(" ");
}

test("a statement that swallowed the beginning of the next one gives it back", () => {
  expect(rulesOf("package a\n\np := 1\n\nq :=\n\nr := 2\n\ns := 3\n")).toBe("p r s");
  expect(rulesOf("package a\n\np contains\n\nr(x) := y if {\n\ty := x\n}\n\ns := 3\n")).toBe("r s");
});

test("a statement that swallowed the name of the next one, of which the rest breaks later or can be no rule, gives it back", () => {
  expect(rulesOf("package a\n\nq contains\n\nq contains 2\n\np if 1 == \n\nr contains {1} if {\n\ttrue\n}\n\ns := 3\n")).toBe(
    "q r s",
  );
  expect(rulesOf("package a\n\np := 1 q := [\n1] r 2\n\ns := 3\n")).toBe("p q s");
});

test("a line behind a brace in the first column begins a statement, whatever its indent", () => {
  expect(rulesOf("package a\n\np if {\n\tx[\n}\n\n# c\n q contains 1 if {\n\ttrue\n}\n")).toBe("q");
  expect(rulesOf("package a\n\np := [\n\t{\n\t}\n\tq := 1\n")).toBe("");
});

test("a broken import brings the word that it names, though something sticks to it, and no bodies behind `not`", () => {
  const kinds = (line: string): string => {
    const text = `package a\n\n${line}\n\np {\n\tnot x\n}\n\nq if x\n`;
    const { module } = parseModule(text, { file: "a.rego", version: "v0", allStatements: true });
    return module.rules.map(({ body }) => body?.map((expr) => expr.body.kind).join(" ")).join(", ");
  };
  expect(kinds("import future.keywordsif")).toBe("var, var");
  expect(kinds("import future.keywords.")).toBe("var, var");
});

test("what a broken statement swallowed of the next line does not cost the one before", () => {
  expect(rulesOf("package a\n\np if {\n\tq in [1]\n}\n\n:= x if {\n\ty\n}\n\ns := 3\n")).toBe("p s");
});

test("a paragraph that could go on with the rule above does not cost it when it breaks", () => {
  expect(rulesOf('package a\n\np := x if {\n\tf(1, x)\n}\n\n:= q {\n\t"a": 1,\n}\n\ns := 3\n')).toBe("p s");
  expect(rulesOf("package a\n\np if {\n\tx = = 1\n}\n\nelse.foo := 1 if {\n\ty\n}\n")).toBe("else.foo");
});

test("an indented rule head ends a broken statement, a line within a string does not", () => {
  expect(rulesOf("package a\n\np := [1\n\n  q if {\n    input.x\n  }\n\n  r contains 1 if true\n")).toBe("q r");
  expect(rulesOf("package a\n\np if {\n\tx := f(`\nallow if {\n\t1 }\n` 2)\n}\n\nq if true\n")).toBe("q");
});

test("a package without a name does not cost the rule below", () => {
  expect(rulesOf("package\n\nallow if {\n\tinput.x\n}\n\nq := 2\n")).toBe("allow q");
  expect(rulesOf("package a.\n\nallow := 1\n\nq := 2\n")).toBe("allow q");
  expect(rulesOf("allow := 1\n\nq := 2\n")).toBe("allow q");
});

test("a broken import still brings the keywords that it names", () => {
  const rules = "\np if { not input.a and input.b }\n\nq := 1\n";
  for (const line of [
    "import futurekeywords.and",
    "import future keywords.and",
    "future.keywords.and",
    "import future.keywords.and as x",
  ]) {
    expect(rulesOf(`package a\n${line}\n${rules}`)).toMatch(/p q$/);
  }
});

test("a broken byte is no character, the replacement character is one; a number has one point", () => {
  expect(errors('package a\np := "\uFFFD"')).toBe("");
  expect(errors('package a\np := "\uDCFF"')).toContain("illegal utf-8 character");
  expect(errors("package a\np := [.7.2]")).toContain("7.2]: unexpected number token: invalid float");
});

test("`data` and `input` in parentheses are refs, and no heads of refs", () => {
  for (const term of ["(data).b", "((input))[1]", "(data)(1)", "{(input).a}"])
    expect(errors(`package a\np := ${term}`)).toContain("illegal ref (head cannot be ref)");
  expect(errors("package a\np := [(data), (input) == 1, (x).b]")).toBe("");
});

test("numbers that OPA cannot hold are told apart from those that are too big", () => {
  expect(errors("package a\np := 1e99999999999")).toContain("unexpected number token: invalid float");
  expect(errors("package a\np := 1e400000")).toContain("number too big");
  expect(errors("package a\np := [9e30102, 1e-646456994]")).toBe("");
});

test("a number takes the beginning of a longer character behind it, as OPA's scanner does", () => {
  const { diagnostics } = parseModule("package a\np if { x := 5\u00a0+ 1 }\n", { file: "a.rego" });
  expect(diagnostics.map(({ message }) => message)).toEqual(["unexpected number token: invalid float"]);
});

test("what must be valid in v1 too has no import that ends with a keyword of v1", () => {
  const text = "package a\nimport data.a.if\n";
  expect(parseModule(text, { file: "a.rego", version: "v0" }).diagnostics).toEqual([]);
  expect(parseModule(text, { file: "a.rego", version: "v0", alsoV1: true }).diagnostics.map(({ message }) => message)).toEqual([
    "unexpected import path, must not end with a keyword, got: if (hint: import a different path or use an alias)",
  ]);
});

test("else has no place behind a head that OPA takes for one with a key", () => {
  const wrong = "else keyword cannot be used on multi-value rules";
  expect(errors("package a\np[input.x] := 1 if { true } else := 2")).toContain(wrong);
  expect(errors("package a\np[1] := 1 if { true } else := 2")).toBe("");
  expect(errors("package a\np[1] = 1 { true } else = 2 { true }", { version: "v0" })).toContain(wrong);
});

test.each([
  ["p\u00a0:= 1\n", 1],
  ["p := # \u00e9\n", 8],
  ["p := # \u00e0\n", 7],
  ["p := # \u{1f600}\n", 10],
])("a syntax error points to the last byte before the blanks in front of it: %j", (row, idx) => {
  const [first] = parseModule(`package a\n\n${row}`, { file: "a.rego" }).diagnostics;
  expect(first?.details).toEqual({ line: row.trimEnd(), idx });
});

test("tens of thousands of broken statements take time that grows with the text", { timeout: 10_000 }, () => {
  const broken = Array.from({ length: 30_000 }, (_, i) => `p${i} if { x == }\n`).join("");
  expect(parseModule(`package a\n\n${broken}`, { file: "a.rego" }).diagnostics).toHaveLength(30_000);
});

test("a row of hundreds of thousands of template holes takes time that grows with the text", { timeout: 10_000 }, () => {
  const parsed = parseModule(`package a\n\nx := $"${"{x} c".repeat(600_000)}`, { file: "a.rego", allStatements: true });
  expect(parsed.diagnostics[0]?.message).toBe("non-terminated string");
});

test("of a file with hundreds of thousands of faults the first are told, and a long row not with each of them", {
  timeout: 10_000,
}, () => {
  const faults = (rules: string): readonly Diagnostic[] => parseModule(`package a\n${rules}`, { file: "a.rego" }).diagnostics;
  expect(faults("x y\n".repeat(120_000))).toHaveLength(100_000);
  const escapes = faults(`p := "${"\\q".repeat(120_000)}"`);
  expect(escapes).toHaveLength(100_000);
  expect(escapes.filter(({ lines }) => lines !== undefined)).toHaveLength(417);
});

test("holes do not call what `=` and `:=` stand for", () => {
  expect(errors('package a\np if { f($"{eq(1, 2)}") }')).toContain("unexpected unification ('=') in template-string expression");
  expect(errors('package a\np if { f($"{assign(x, 2)}") }')).toContain(
    "unexpected assignment (':=') in template-string expression",
  );
});

test("else may follow a name with a call or a comprehension in it, as long as there is no variable", () => {
  expect(errors("package a\np[f(1)] := 1 if { true } else := 2\nq[(input.x == 1)] := 1 if { true } else := 2")).toBe("");
  expect(errors("package a\np[f(x)] := 1 if { true } else := 2")).toContain("cannot be used on rules with variables in head");
  expect(errors("package a\np[x] contains y if { true } else := 2")).toContain("cannot be used on rules with variables in head");
});

test.each([
  ["{input.x, input.x}", ["ref"]],
  ["[input.x, input.x]", ["ref", "ref"]],
  ["{f(1), input.x, f(1)}", ["ref", "call"]],
  ['{"a": input.x, "a": 1}', ["ref"]],
  ['{"a": input.x, "a": input.x}', ["ref", "ref"]],
  ['{"b": input.x, "a": f(1), "a": 2, "a": input.y}', ["call", "ref", "ref"]],
])(
  "what a default value cannot contain is told in the order of the terms, what is the same in a set once: %s",
  (value, kinds) => {
    const told = errors(`package a\ndefault p := ${value}`).matchAll(/value cannot contain (\w+)/gu);
    expect([...told].map(([, kind]) => kind)).toEqual(kinds);
  },
);

test("a constant in a hole has no `with`, as in OPA", () => {
  const { module } = parseModule('package a\np := $"{1 with m as 2} {input with input as 1}"', { file: "a.rego" });
  const value = module.rules[0]!.head.value;
  expect(
    value?.kind === "templateString" && value.parts.map((part) => (part.kind === "expr" ? part.with.length : part.value)),
  ).toEqual([0, " ", 1]);
});

test("before v1, a name of two parts with empty brackets is a set, as in OPA", () => {
  const { module } = parseModule("package a\na.f() { true }\nb[x]() { x := 1 }\nc.d() = 3 { true }", {
    file: "a.rego",
    version: "v0",
  });
  expect(module.rules.map(({ head }) => head.key?.kind)).toEqual(["string", "var", undefined]);
});

test("the end of a text lies behind the first byte of its last character, as in OPA", () => {
  const place = (text: string): unknown => parseModule(`package a\n${text}`, { file: "a.rego" }).diagnostics[0]?.details;
  expect(place("p := [1 # \u65e5")).toEqual({ line: "p := [1 # \u65e5", idx: 11 });
  expect(place("p := [1 # \u{1f600}")).toEqual({ line: "p := [1 # \u{1f600}", idx: 11 });
  expect(place("p := [1 # \u65e5\n")).toEqual({ line: "p := [1 # \u65e5", idx: 12 });
});

test("carriage returns at the end are none of a comment's, but for the first of several that are all it has", () => {
  const { module } = parseModule("package a # x\r\r\n#\r\n#\r\r\n", { file: "a.rego" });
  expect(module.comments.map(({ text }) => text)).toEqual([" x", "", "\r"]);
});

test("what is met behind the path of an import is forgotten where the path is wrong", () => {
  expect(errors("package a\nimport data[1]\n$x")).toBe("1]: unexpected number token: expecting string");
  expect(errors("package a\nimport data.b\n$x")).toBe("$x: illegal $ character");
});
