import { expect, test } from "vitest";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { CourseListener, courseRequest } from "./course.ts";
import { courseEnd, explain } from "./explanation.ts";
import type { Explain } from "./explanation-columns.ts";
import { explanationJson } from "./explanation-json.ts";
import { Explained, explanationLines } from "./explanation-text.ts";
import { createInstance } from "./instance.ts";

// What a real OPA prints for whole policies is in test-fixtures/cli/cases/eval-explain.txt.
const policy = `package p

allow if {
	some role in input.roles
	role == "admin"
}
`;

function heard(text: string, most?: number, source = policy) {
  const checked = checkModules([parseModule(source, { file: "p.rego" })]);
  const query = checkQuery(checked, parseQuery(text, { file: "" }));
  const { module } = compile(checked, { queries: [{ name: "query", text, query }], ...courseRequest });
  const listener = new CourseListener(module!, most);
  const instance = createInstance(module!, { now: () => 0n, onMark: listener.onMark, onNote: listener.onNote });
  listener.attach(instance);
  instance.evaluate("query", '{"roles": ["dev", "admin"]}');
  const explained = new Explained(checked, module!.files, { text, body: query.body, names: query.vars });
  const events = (how: Explain) => explain(listener.reached, how, courseEnd(listener));
  return { explained, events };
}

test("a trace tells the way back, too, and what the variables were", () => {
  const { explained, events } = heard("data.p.allow");
  expect(explanationLines(explained, events("full"), true)).toEqual([
    "query:1      Enter data.p.allow                                    {}",
    "query:1      | Eval data.p.allow                                   {}",
    "query:1      | Index data.p.allow (matched 1 rule, early exit)     {}",
    "p.rego:3     | Enter data.p.allow                                  {}",
    "p.rego:4     | | Eval role = input.roles[__local0__]               {}",
    'p.rego:5     | | Eval role = "admin"                               {role: "dev"}',
    'p.rego:5     | | Fail role = "admin"                               {role: "dev"}',
    'p.rego:4     | | Redo role = input.roles[__local0__]               {__local0__: 0, role: "dev"}',
    'p.rego:5     | | Eval role = "admin"                               {role: "admin"}',
    "p.rego:3     | | Exit data.p.allow early                           {}",
    "query:1      | Exit data.p.allow                                   {data.p.allow: true}",
    "query:1      Redo data.p.allow                                     {data.p.allow: true}",
    "query:1      | Redo data.p.allow                                   {data.p.allow: true}",
    "p.rego:3     | Redo data.p.allow                                   {}",
    'p.rego:5     | | Redo role = "admin"                               {role: "admin"}',
    'p.rego:4     | | Redo role = input.roles[__local0__]               {__local0__: 1, role: "admin"}',
  ]);
});

test("where there is too much to keep, nothing is said to fail that went on", () => {
  const lines = (most: number | undefined, how: Explain) => {
    const { explained, events } = heard("data.p.allow", most);
    return explanationLines(explained, events(how), false).map((line) => line.replace(/ +/u, " "));
  };
  const whole = lines(undefined, "full");
  for (let most = 1; most < 12; most++) {
    const cut = lines(most, "full");
    expect([cut.length > 0, cut], `${most} marks`).toEqual([true, whole.slice(0, cut.length)]);
  }
  expect(lines(3, "fails")).toEqual([]);
});

test("on the way back into what was asked under a with, the rules there are not known any more", () => {
  const source = "package p\n\nq := 1 if input.x\n\nr if q == 1\n\ns if r with input.x as true\n";
  const { explained, events } = heard("data.p.s", undefined, source);
  const lines = explanationLines(explained, events("full"), true).map((line) => line.replace(/[ |]+/gu, " "));
  expect(lines.filter((line) => line.includes("data.p.q = 1"))).toEqual([
    "p.rego:5 Eval data.p.q = 1 {}",
    "p.rego:5 Redo data.p.q = 1 {}",
  ]);
});

test("events in JSON", () => {
  const { explained, events } = heard("data.p.allow");
  const json = JSON.parse(JSON.stringify(explanationJson(explained, events("full")))) as readonly object[];
  const [index, tried] = [json[2], json[5]];
  const data = { type: "var", value: "data" };
  expect(index).toMatchObject({ Op: "Index", Message: "(matched 1 rule, early exit)", QueryID: 0, ParentID: 0 });
  expect(index).toMatchObject({ Ref: [data, { type: "string", value: "p" }, { type: "string", value: "allow" }] });
  expect(tried).toEqual({
    Op: "Eval",
    Node: {
      index: 1,
      terms: [
        { type: "ref", value: [{ type: "var", value: "eq" }] },
        { type: "var", value: "__local2__" },
        { type: "string", value: "admin" },
      ],
    },
    Location: { file: "p.rego", row: 5, col: 2 },
    QueryID: 1,
    ParentID: 0,
    Locals: [
      { name: "__local1__", type: "number", value: 0 },
      { name: "__local2__", type: "string", value: "dev" },
    ],
    LocalMetadata: {
      __local1__: { name: "__local0__", location: null },
      __local2__: { name: "role", location: { file: "p.rego", row: 4, col: 7 } },
    },
    Message: "",
    Ref: null,
  });
});

test("what a policy says itself stands without variables", () => {
  const source = 'package p\n\ns if { x := "q"; trace(x) }\n';
  const { explained, events } = heard("data.p.s", undefined, source);
  expect(explanationLines(explained, events("notes"), true).at(-1)).toBe('p.rego:3     | | Note "q"         {}');
  expect(explanationJson(explained, events("notes")).at(-1)).toMatchObject({ Op: "Note", Locals: null, LocalMetadata: null });
});

test("failures stand below the queries that they are in", () => {
  const { explained, events } = heard("data.p.allow");
  expect(explanationLines(explained, events("fails"), false)).toEqual([
    "query:1      Enter data.p.allow",
    "p.rego:3     | Enter data.p.allow",
    'p.rego:5     | | Fail role = "admin"',
  ]);
});

test("a long body is told as a short one, behind a loop, too", () => {
  const filler = (count: number) => "\tinput.roles != 1\n".repeat(count);
  const told = (count: number) => {
    const source = `package p\n\nallow if {\n${filler(count)}\tsome role in input.roles\n\tnot role == "dev"\n${filler(count)}}\n`;
    const { explained, events } = heard("data.p.allow", undefined, source);
    const lines = explanationLines(explained, events("full"), true).map((line) =>
      line.replace(/^\S+ +/u, "").replace(/ {2,}/u, " "),
    );
    return lines
      .filter((line) => !/input\.roles( |$)|neq\(__local\d+__, 1\)/u.test(line))
      .map((line) => line.replaceAll(/__local\d+__/gu, "_"));
  };
  expect(told(60)).toEqual(told(3));
  expect(told(60)).toContain('| | Fail not role = "dev" {role: "dev"}');
});

test("a body of 2,000 literals is told as far as the stack takes it", () => {
  const source = `package p\n\nallow if {\n${"\tinput.roles != 1\n".repeat(2000)}}\n`;
  const { explained, events } = heard("data.p.allow", undefined, source);
  const lines = explanationLines(explained, events("full"), false).map((line) => line.replace(/ +/u, " "));
  expect(lines.slice(0, 4)).toEqual([
    "query:1 Enter data.p.allow",
    "query:1 | Eval data.p.allow",
    "query:1 | Index data.p.allow (matched 1 rule, early exit)",
    "p.rego:3 | Enter data.p.allow",
  ]);
  expect(lines.filter((line) => line.includes("Fail"))).toEqual([]);
});
