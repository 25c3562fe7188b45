import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { moduleToJson } from "./ast-json.ts";

test("a module is printed as opa parse prints it", () => {
  const parsed = parseModule("package a\np contains x if { x := input.y }", { file: "a.rego" });
  expect(moduleToJson(parsed)).toEqual({
    package: {
      path: [
        { type: "var", value: "data" },
        { type: "string", value: "a" },
      ],
    },
    rules: [
      {
        body: [
          {
            index: 0,
            terms: [
              { type: "ref", value: [{ type: "var", value: "assign" }] },
              { type: "var", value: "x" },
              {
                type: "ref",
                value: [
                  { type: "var", value: "input" },
                  { type: "string", value: "y" },
                ],
              },
            ],
          },
        ],
        head: { name: "p", key: { type: "var", value: "x" }, ref: [{ type: "var", value: "p" }] },
      },
    ],
  });
});

function head(rule: string, version: "v0" | "v1" = "v1"): unknown {
  const parsed = parseModule(`package a\n${rule}`, { file: "a.rego", version });
  const { rules } = moduleToJson(parsed) as { rules: readonly { head: { name?: string; key?: { value: string } } }[] };
  const { name, key } = rules[0]!.head;
  return { name, key: key?.value };
}

test("refs of two parts are named and keyed by how the rule was written", () => {
  expect(head("p[x] if x = 1")).toEqual({ name: undefined, key: "x" });
  expect(head("p[x] := 1 if x = 1")).toEqual({ name: "p", key: "x" });
  expect(head("p.q := 1 if true")).toEqual({ name: "p", key: undefined });
  expect(head("p.q := 1")).toEqual({ name: "p", key: "q" });
  expect(head("p[x] { x = 1 }", "v0")).toEqual({ name: "p", key: "x" });
  expect(head("p.q contains x if x = 1")).toEqual({ name: undefined, key: "x" });
  expect(head("p.f(x) := 1")).toEqual({ name: undefined, key: undefined });
  expect(head("p.f(x) if x")).toEqual({ name: "p", key: undefined });
  expect(head("default p.q := 1")).toEqual({ name: undefined, key: undefined });
});

test("comments, null, constants of templates and numbers are as OPA writes them", () => {
  const parsed = parseModule('package a # hi\np := [null, $"{1}", 18446744073709551617]', { file: "a.rego" });
  const text = JSON.stringify(moduleToJson(parsed));
  expect(text).toContain('{"type":"null","value":{}}');
  expect(text).toContain('"parts":[{"type":"number","value":1}]');
  expect(text).toContain('{"type":"number","value":18446744073709551617}');
  expect(text).toContain('"comments":[{"Text":"IGhp","Location":{"file":"a.rego","row":1,"col":11}}]');
});
