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

/** The places of a tree's nodes: the path to each, its row and column and its text. */
function placesOf(text: string, version: "v0" | "v1" = "v1"): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { location } = node as { location?: { row: number; col: number; text?: string } };
    if (location !== undefined)
      found[path] = `${location.row}:${location.col} ${Buffer.from(location.text ?? "", "base64").toString()}`;
    for (const [key, item] of Object.entries(node)) if (key !== "location") visit(item, path === "" ? key : `${path}.${key}`);
  };
  visit(moduleToJson(parseModule(text, { file: "a.rego", version }), { locations: true }), "");
  return found;
}

test("the place of a node is that of its first token, with the text that OPA's parser leaves beside it", () => {
  const places = placesOf("package a.b\np := [1][0] if { not f((x + 1), -5) with input as {} }\nelse := 2 if (input)");
  expect(places).toMatchObject({
    package: "1:1 package",
    "package.path.0": "1:9 a",
    "package.path.2": "1:11 b",
    "rules.0": "2:1 p := [1][0] if { not f((x + 1), -5) with input as {} }\nelse := 2 if (input)",
    "rules.0.head": "2:1 p := [1][0]",
    "rules.0.head.value": "2:6 ][0]",
    "rules.0.body.0": "2:18 not f((x + 1), -5) with input as {}",
    "rules.0.body.0.terms.0": "2:22 f",
    "rules.0.body.0.terms.1": "2:25 (x + 1)",
    "rules.0.body.0.terms.2": "2:33 -",
    "rules.0.body.0.with.0": "2:37 with input as {}",
    "rules.0.else": "3:1 else := 2 if (input)",
    "rules.0.else.body.0.terms.value.0": "3:1 else := 2 if (input)",
    "rules.0.else.head.value": "3:9 2",
    "rules.0.else.head.ref.0": "2:1 p",
  });
  expect(places["rules.0.head.value.value.0"]).toBe("2:6 [1]");
});

test("what nobody wrote stands where OPA puts it, or nowhere", () => {
  expect(placesOf("package a\ndefault p := 1\nq contains 1\nf(x) if { x } { true }")).toMatchObject({
    "rules.0": "2:1 default",
    "rules.0.body.0": "2:1 default",
    "rules.0.head": "2:9 p := 1",
    "rules.1.body.0": "3:1 q",
    "rules.2": "4:1 f(x) if { x }",
    "rules.3": "4:15 { true }",
    "rules.3.head.args.0": "4:15 { true }",
    "rules.3.head.value": "4:15 { true }",
    "rules.3.head.ref.0": "4:1 f",
  });
  const negated = placesOf("package a\np := -x if y := 1\nr := 1");
  expect(negated["rules.0.head.value.value.0"]).toBeUndefined();
  expect(negated).toMatchObject({ "rules.1.body.0": "3:6 1", "rules.1.head": "3:1 r := 1" });
});
