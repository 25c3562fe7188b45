// A module that tells its course decides as one that does not.
import { expect, test } from "vitest";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { type CompileRequest, compile } from "#compiler/compile.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { CourseListener, courseRequest } from "./course.ts";
import { createInstance } from "./instance.ts";

const policy = `package p

import future.keywords.not
import future.keywords.or

default allow := false

allow if {
	some role in input.roles
	grants(role)
	not input.blocked
}

allow if input.user == "root"

grants("admin")

grants(role) if data.grants[role][_] == input.action

level := 3 if input.user == "root" else := 2 if "admin" in input.roles else := 1

missing contains name if {
	some name in ["read", "write"]
	not { some role in input.roles; data.grants[role][_] == name }
}

sizes[role] := count(role) if some role in input.roles

short if every role in input.roles { sizes[role] < 4 }

either if { input.user == "eve" } or { allow with input.roles as ["admin"] }

names := [upper(role) | some role in input.roles; role != "dev"]

nested[user].roles contains role if {
	some user in ["ann", "bob"]
	some role in input.roles
}
`;

const decide = (input: string, request: Partial<CompileRequest>) => {
  const checked = checkModules([parseModule(policy, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p"], ...request });
  const listener = new CourseListener(module!);
  const instance = createInstance(module!, { now: () => 0n, onMark: listener.onMark });
  listener.attach(instance);
  instance.setData('{"grants": {"dev": ["read"], "ops": ["read", "write"]}}');
  const outcome = instance.evaluate("p", input);
  return { outcome, course: listener.reached };
};

test.each([
  '{"user": "ann", "action": "write", "roles": ["dev", "ops"]}',
  '{"user": "root", "roles": [], "blocked": true}',
  '{"user": "eve", "roles": ["admin", "dev", "auditor"]}',
  "{}",
])("%s", (input) => {
  const plain = decide(input, {});
  const told = decide(input, courseRequest);
  expect(told.outcome).toEqual(plain.outcome);
  expect(plain.course).toEqual([]);
  expect(told.course).not.toEqual([]);
});

test("the value of a variable is read once, however often it is passed", () => {
  const query = "xs := numbers.range(1, 50); some x in xs; x > 0; y := x + 1; y > 0";
  const checked = checkModules([]);
  const { module } = compile(checked, {
    queries: [{ name: "query", text: query, query: checkQuery(checked, parseQuery(query, { file: "" })) }],
    ...courseRequest,
  });
  const listener = new CourseListener(module!);
  const instance = createInstance(module!, { now: () => 0n, onMark: listener.onMark });
  let long = 0;
  const variable = (index: number): string | undefined => {
    const value = instance.variable(index);
    if (value !== undefined && value.length > 100) long++;
    return value;
  };
  listener.attach({ variable });
  instance.evaluate("query", "{}");
  expect(long).toBeGreaterThan(0);
  expect(long).toBeLessThan(5);
});
