// Refs into base documents: OPA's store has paths of texts, so a number finds a key and a text finds an index.
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { createInstance } from "./instance.ts";

const data = `{
  "users": {"7": {"name": "alice", "roles": ["reader", "admin"]}, "1e0": {"name": "bob"}},
  "list": ["zero", "one"],
  "p": {"packed": {"7": "seven"}}
}`;

/** The value of `r`, a rule of package `p`; undefined where it has none. */
function resultOf(rule: string, build: "editor" | "portable" = "editor"): string | undefined {
  const text = `package p\n\n${rule}\n\npacked.rule := 1\n\nname := data.users[input.id].name\n`;
  const checked = checkModules([parseModule(text, { file: "p.rego" })]);
  expect(checked.diagnostics).toEqual([]);
  const instance = createInstance(compile(checked, { entrypoints: ["p/r"], build }).module!, { now: () => 0n });
  instance.setData(data);
  const outcome = instance.evaluate(
    "p/r",
    '{"id": 7, "exponent": 1e0, "point": 1.0, "at": "1", "users": {"7": {"name": "carol"}}}',
  );
  expect(outcome.kind).toBe("result");
  return outcome.kind === "result" ? /^\[\{"result":(.*)\}\]$/u.exec(outcome.text)?.[1] : undefined;
}

test.each([
  ["r := data.users[7].name", '"alice"'],
  ["r := data.users[input.id].name", '"alice"'],
  ["r := data.users[input.id].roles[input.at]", '"admin"'],
  ["r := [x | x := data.users[_].roles[input.at]]", '["admin"]'],
  ["r := data.users[input.exponent].name", '"bob"'],
  ["r := data.users[input.point].name", undefined],
  ['r := data.list["1"]', '"one"'],
  ['r := data.list["01.0"]', '"one"'],
  ['r := data.list["-0"]', '"zero"'],
  ['r := data.list["1e0"]', undefined],
  ["r := data.list[input.exponent]", undefined],
  ["r := data.p.packed[input.id]", '"seven"'],
])("%s", (rule, value) => {
  expect(resultOf(rule)).toBe(value);
  expect(resultOf(rule, "portable")).toBe(value);
});

test.each([
  ["r := users[input.id].name if users := data.users", undefined],
  ["r := object.get(data.users, input.id, 0)", "0"],
  ["r := input.users[input.id].name", undefined],
  ["r := x if x := name with data.users as input.users", undefined],
  ['r := x if x := name with data.users as {"7": {"name": "carol"}}', undefined],
  ['r := x if x := data.users[7] with data.users as {"7": 1}', undefined],
  ["r := x if x := name with data.list as []", '"alice"'],
])("values, and what `with` puts there, have the keys that they have: %s", (rule, value) => {
  expect(resultOf(rule)).toBe(value);
});
