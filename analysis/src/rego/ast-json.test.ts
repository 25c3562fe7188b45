import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { moduleToJson } from "./ast-json.ts";

test("a module is printed as opa parse prints it", () => {
  const { module } = parseModule("package a\np contains x if { x := input.y }", { file: "a.rego" });
  expect(moduleToJson(module)).toEqual({
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
