// What a linter configuration looks like once a rule is off.
import { expect, test } from "vitest";
import { ignoringEdit, ignoringLine } from "./lint-config-edit.ts";

function ignoring(text: string, category = "style", rule = "line-length"): string | undefined {
  const edit = ignoringEdit(text, category, rule);
  return edit && text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
}

const whole = `rules:
  style:
    line-length:
      level: ignore
`;

test("an empty configuration gets all that is needed", () => {
  expect(ignoring("")).toBe(whole);
  expect(ignoring("ignore:\n  files: [a.rego]")).toBe(`ignore:\n  files: [a.rego]\n${whole}`);
});

test("what is there is added to, with its own indentation", () => {
  expect(ignoring("rules:\n    bugs:\n        if-object-literal: {level: error}\n")).toBe(`rules:
    style:
      line-length:
        level: ignore
    bugs:
        if-object-literal: {level: error}
`);
  expect(ignoring("rules:\n  style:\n    todo-comment:\n      level: ignore\n")).toBe(`rules:
  style:
    line-length:
      level: ignore
    todo-comment:
      level: ignore
`);
});

test("a level that is written is changed, and options stay", () => {
  expect(ignoring("rules:\n  style:\n    line-length: {level: error, max-line-length: 80} # wide\n")).toBe(
    "rules:\n  style:\n    line-length: {level: ignore, max-line-length: 80} # wide\n",
  );
  expect(ignoring("rules:\n  style:\n    line-length:\n      max-line-length: 80\n")).toBe(
    "rules:\n  style:\n    line-length:\n      level: ignore\n      max-line-length: 80\n",
  );
});

test("what lines cannot be added to is left alone", () => {
  expect(ignoring("rules: {style: {todo-comment: {level: error}}}\n")).toBe(undefined);
  expect(ignoring("rules: [")).toBe(undefined);
});

test("in rw.conf a last line says it", () => {
  const line = (text: string) => ignoringLine(text, "decision", "hot-loop")?.newText;
  expect(line("")).toBe("lint.rules.decision.hot-loop.level = ignore\n");
  expect(line("roles = a.conf")).toBe("\nlint.rules.decision.hot-loop.level = ignore\n");
  expect(line("# all\n{ roles = a.conf }\n")).toBe(undefined);
});
