// `allow if {"x": y}`: an object, which is true whatever it holds, where a body was meant.
import { needsKeyword } from "../../notices.ts";
import { fileRule } from "../../rule.ts";

export const ifObjectLiteral = fileRule({
  name: "if-object-literal",
  category: "bugs",
  description: "Object literal following `if`",
  notice: needsKeyword("if"),
  *check({ module }) {
    for (const { body = [] } of module.rules) {
      const [first, ...more] = body;
      if (first?.body.kind === "object" && more.length === 0) yield first.body;
    }
  },
});
