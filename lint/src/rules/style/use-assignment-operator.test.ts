// Which equals sign is the one before a value.
import { expect, test } from "vitest";
import { foundIn } from "../../found.test-helper.ts";
import { useAssignmentOperator } from "./use-assignment-operator.ts";

const found = (text: string) => foundIn(useAssignmentOperator, `package p\n\n${text}`);

test("what stands before it in the line does not count", () => {
  expect(found('f("a=b") = 1\n\ng["="] := 2')).toEqual(["3: ="]);
  expect(found('f(x) := 1 if x == "=" else = 2')).toEqual(["3: ="]);
});

test("a value may stand on the next line, and in parentheses", () => {
  expect(found("a =\n\t1\n\nb = (1 + 2)")).toEqual(["3: =", "6: ="]);
});

test("rules without a value have none", () => {
  expect(found("a if input.x = 1\n\nb contains x if x = 1")).toEqual([]);
});
