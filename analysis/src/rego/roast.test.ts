// The input of rules in Rego: what the real linter gives for the same text.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { regalInput, roastOf } from "./roast.ts";

const roast = (text: string) => JSON.parse(JSON.stringify(roastOf(parseModule(text, { file: "p.rego" }))));

test("places are texts, ends count bytes, and what nobody wrote is left out", () => {
  expect(roast('package a\n\n# METADATA\n# title: foo\ndefault allow := false\n\nallow if $"漢{input.x}" == y # hi\n')).toEqual({
    package: {
      location: "1:1:1:8",
      path: [
        { type: "var", value: "data" },
        { type: "string", value: "a", location: "1:9:1:10" },
      ],
    },
    rules: [
      {
        location: "5:1:5:8",
        annotations: [{ location: "3:1:4:13", scope: "rule", title: "foo" }],
        default: true,
        head: {
          location: "5:9:5:23",
          ref: [{ type: "var", value: "allow", location: "5:9:5:14" }],
          assign: true,
          value: { type: "boolean", value: false, location: "5:18:5:23" },
        },
      },
      {
        location: "7:1:7:30",
        head: {
          location: "7:1:7:6",
          ref: [{ type: "var", value: "allow", location: "7:1:7:6" }],
          value: { type: "boolean", value: true },
        },
        body: [
          {
            location: "7:10:7:30",
            terms: [
              { type: "ref", value: [{ type: "var", value: "equal", location: "7:24:7:26" }], location: "7:24:7:26" },
              {
                type: "templatestring",
                location: "7:10:7:25",
                value: {
                  parts: [
                    { type: "string", value: "漢", location: "7:10:7:16" },
                    {
                      interpolated: true,
                      location: "7:14:7:21",
                      terms: {
                        type: "ref",
                        location: "7:14:7:21",
                        value: [
                          { type: "var", value: "input", location: "7:14:7:19" },
                          { type: "string", value: "x", location: "7:20:7:21" },
                        ],
                      },
                    },
                  ],
                },
              },
              { type: "var", value: "y", location: "7:27:7:28" },
            ],
          },
        ],
      },
    ],
    comments: ["3:1:4:13", "4:1:4:13", "7:29:7:33"],
  });
});

test("the file is told beside the tree", () => {
  const parsed = parseModule("package a\n", { file: "p.rego" });
  expect(regalInput(parsed, "p.rego", "/w/p.rego")).toMatchObject({
    regal: { file: { name: "p.rego", abs: "/w/p.rego", lines: ["package a", ""], rego_version: "v1" } },
  });
});
