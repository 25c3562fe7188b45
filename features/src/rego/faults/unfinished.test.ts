// What is told of a statement while it is typed: one message for one cause, where the reader is writing.
import { expect, test } from "vitest";
import { diagnosticsOf } from "../../diagnostics.ts";
import { open } from "../../fixture.test-helper.ts";

/** `row "text" message` of each error. */
async function told(text: string): Promise<readonly string[]> {
  const { project } = await open(text);
  return [...diagnosticsOf(project, () => 0).byFile].flatMap(([path, found]) =>
    found
      .filter(({ severity }) => severity === "error")
      .map(({ range, message }) => {
        const { text } = project.files.get(path)!;
        const row = text.slice(0, range.start).split("\n").length;
        return `${row} ${JSON.stringify(text.slice(range.start, range.end))} ${message.split("\n")[0]}`;
      }),
  );
}

const inBody = (condition: string): Promise<readonly string[]> =>
  told(`package p\n\nrole := 1\n\np if {\n\tsome u in input.users\n\t${condition}\n}\n`);

const between = (statement: string): Promise<readonly string[]> =>
  told(`package p\n\nroles := {"a": 1}\n\n${statement}\n\nq if roles.a\n`);

test.each([
  ["allow i", '5 "i" unexpected `i` after `allow`: did you mean `if`?'],
  ["allow cont", '5 "cont" unexpected `cont` after `allow`: did you mean `contains`?'],
  ["allow x", '5 "x" unexpected `x` after `allow`: `:=`, `if` or `contains` follows the name of a rule'],
  ["allow := 1 i", '5 " " missing `if` after `1`'],
  ["allow := roles e", '5 " " missing `if` after `roles`'],
  ["import data.x a", '5 " " missing `as` after `x`'],
  ["allow if { roles.b } el", '5 "el" unexpected `el`: did you mean `else`?'],
  ["default allow := tru", '5 "tru" illegal default rule (value cannot contain var): `tru` is no constant; did you mean `true`?'],
  ["p := {x, y | some x, y in roles}", '5 "x, y" a comprehension has one term before its `|`: several stand in an array'],
  ["allow()", '5 "()" a function takes at least one argument: `allow(x)`'],
  ["allow(x) :", '5 ":" `:=` assigns: a colon alone stands between the key and the value of an object'],
  ["default allow :", '5 ":" `:=` assigns: a colon alone stands between the key and the value of an object'],
  ["allow.", '5 "." a name is missing after `.`'],
  ["import rego.", '5 "." a name is missing after `.`'],
])("%s", async (statement, expected) => {
  expect(await between(statement)).toEqual([expected]);
});

test.each([
  ["allow :=", '5 ":=" a value is missing after `:=`: what stands in line 7 is read as it'],
  ["allow contains", '5 "contains" a value is missing after `contains`: what stands in line 7 is read as it'],
  ["f(x) := x +", '5 "+" a value is missing after `+`: what stands in line 7 is read as it'],
  ["q :=", '5 ":=" a value is missing after `:=`: what stands in line 7 is read as it'],
  ["allow if { true } else :=", '5 ":=" a value is missing after `:=`: what stands in line 7 is read as it'],
])("%s above a rule is told at its end, not of the rule", async (statement, expected) => {
  expect(await between(statement)).toEqual([expected]);
});

test.each([
  ["u with input as {} wi", '7 "wi" unexpected `wi`: did you mean `with`?'],
  ["not u w", '7 "w" unexpected `w`: did you mean `with`?'],
  [
    "u or",
    '7 "or" `or` needs `import future.keywords.or`; without it write a rule for each condition, or ask whether a value is `in` a set',
  ],
  ["u;", '7 ";" a condition is missing after `;`'],
  ["u i", '7 " " missing `in` after `u`'],
  ["not u i", '7 " " missing `in` after `u`'],
  ["u.x > 1 a", '7 " " missing `;` after `1`'],
  ["u :", '7 ":" `:=` assigns: a colon alone stands between the key and the value of an object'],
  ["some x,", '7 "," an item is missing after `,`'],
  ["some in", '7 "in" a value is missing after `in`'],
  ["x := [y | some in]", '7 "in" a value is missing after `in`'],
  ["every x in [y |\n\t\tsome y in u\n\t]", '7 "every x in [y |" `every` needs a body: `every x in xs { … }`'],
  ["if u.x", '7 "if" `if` stands in the head of a rule: a condition in a body needs none'],
  ['x := "a\\', '7 "\\\\" an escape is not finished; known: `\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`'],
])("in a body: %s", async (condition, expected) => {
  expect(await inBody(condition)).toEqual([expected]);
});

test.each([
  ["x := count", '7 "count" var count is unsafe: `count` is a function, called as `count(collection)`'],
  ["sprintf", '7 "sprintf" var sprintf is unsafe: `sprintf` is a function, called as `sprintf(format, values)`'],
  ["time.now_ns", '7 "time.now_ns" var time is unsafe: `time.now_ns` is a function, called as `time.now_ns()`'],
  ["x := json.mar", '7 "json.mar" var json is unsafe: no function is called `json.mar`; did you mean `json.marshal`?'],
])("the name of a function is no value: %s", async (condition, expected) => {
  expect(await inBody(condition)).toEqual([expected]);
});

test("clauses that do not go together are told of the one that differs", async () => {
  const conflict = "conflicting rules data.p.g found: `g`";
  expect(await told("package p\n\ng(a, b) if a == b\n\ng(a) if a\n")).toEqual([
    `5 "g" ${conflict} takes 2 arguments in line 3, and takes 1 argument here`,
  ]);
  expect(await told("package p\n\ng contains 1\n\ng := 1\n\ng contains 2\n")).toEqual([
    `5 "g" ${conflict} is a set in line 3, and is a value here`,
  ]);
  expect(await told('package p["x-y"]\n\ng(a) := a\n\ng := 1\n')).toEqual([
    '5 "g" conflicting rules data.p["x-y"].g found: `g` takes 1 argument in line 3, and is a value here',
  ]);
  expect(await told("#- a.rego\npackage p\n\ng[x] := 1 if some x in [1]\n#- b.rego\npackage p\n\ng := 1\n")).toEqual([
    `3 "g" ${conflict} is an object in line 3 of a.rego, and is a value here`,
  ]);
});

test("the name of a builtin that stands alone is told itself, not the calls that it hides", async () => {
  expect(await inBody("count\n\tcount([1]) == 1")).toEqual([
    '7 "count" called function count shadowed: `count` is a function, called as `count(collection)`',
  ]);
});

test("a call is judged once what stands in it is right, a variable once no misspelt name may be it", async () => {
  expect(await inBody("count(concat())")).toEqual(['7 "concat()" concat: arity mismatch']);
  expect(await inBody("some item in u; ite == 1")).toEqual([
    '7 "ite" var ite is unsafe: nothing in this body gives it a value; did you mean `item`?',
  ]);
});

test("no name is proposed that is unknown itself", async () => {
  expect(await told("package p\n\nq contains msg if {\n\tms\n}\n")).toEqual([
    '3 "msg" var msg is unsafe: nothing in this body gives it a value',
  ]);
  expect(await told("package p\n\nq contains msg if {\n\tms := 1\n}\n")).toEqual([
    '3 "msg" var msg is unsafe: nothing in this body gives it a value; did you mean `ms`?',
  ]);
});

test("a body may go on in the first column", async () => {
  expect(await told("package p\n\nq if {\ny ==\n1\n}\n")).toEqual([
    '4 "y" var y is unsafe: nothing in this body gives it a value',
  ]);
});

test("a rule that has no condition yet takes none from the rule below it", async () => {
  expect(await between("allow if\n\nf(x) := x")).toEqual([
    '5 "if" a condition is missing after `if`: what stands in line 7 is read as it',
  ]);
});

test("what gets its value from an unknown name is not told beside it", async () => {
  const unknown = '7 "ro" var ro is unsafe: nothing in this body gives it a value';
  expect(await inBody("some x in ro")).toEqual([unknown]);
  expect(await inBody("some x, y in ro")).toEqual([unknown]);
  expect(await inBody("x := {k: v | some k, v in ro}")).toEqual([unknown]);
  expect(await inBody("some x in f.bar; x == 1")).toEqual(['7 "f" var f is unsafe: nothing in this body gives it a value']);
  expect(await inBody("some x; ro == 1; x > 1")).toHaveLength(2);
});
