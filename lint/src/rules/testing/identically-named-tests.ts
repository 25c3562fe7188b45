// Two tests with one name: they are one rule, and fail or pass together. Of each name the last test is told.
import { headText, testsOf } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const identicallyNamedTests = fileRule({
  name: "identically-named-tests",
  category: "testing",
  description: "Multiple tests with same name",
  check(file) {
    const byName = Map.groupBy(testsOf(file), headText);
    return [...byName.values()].filter((tests) => tests.length > 1).map((tests) => headRange(tests.at(-1)!));
  },
});
