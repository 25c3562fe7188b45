// `todo_test_…`: a test that is skipped.
import { headText, rulesOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const todoTest = fileRule({
  name: "todo-test",
  category: "testing",
  description: "TODO test encountered",
  check: (file) =>
    rulesOf(file)
      .filter((rule) => headText(rule).startsWith("todo_test_"))
      .map(headRange),
});
