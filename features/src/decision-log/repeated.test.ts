// What is hidden of an input is hidden in the decision that repeats it.
import { expect, test } from "vitest";
import { canonicalJson, toJson } from "#bundles/canonical-json.ts";
import { hideRepeated } from "./repeated.ts";

const hide = (decision: unknown, ...hidden: readonly unknown[]): string => {
  const found = hideRepeated(
    toJson(decision),
    hidden.map((one) => toJson(one)),
    "***",
  );
  return found === undefined
    ? "nothing is left"
    : `${canonicalJson(found.value)} ${found.ignore.map((path) => path.join(".")).join(" ")}`.trim();
};

test.each([
  [
    "a text within another",
    { allow: false, why: ["no grant for ann@example.org"] },
    ["ann@example.org"],
    '{"allow":false,"why":["***"]} why.0',
  ],
  ["a number and its text", { id: 4711, text: "no 4711", n: 1 }, [4711], '{"id":"***","n":1,"text":"***"} id text'],
  ["what is short, alone", { a: "bo", b: "bob", n: 11 }, ["bo", 1], '{"a":"***","b":"bob","n":11} a'],
  ["all that a hidden object holds", ["bern", "basel"], [{ town: "bern" }], '["***","basel"] 0'],
  ["a key", { users: { "ann@example.org": true }, n: 1 }, ["ann@example.org"], '{"n":1,"users":"***"} users'],
  ["below a key that no path can name", { "a.b": { name: "annette" }, n: 1 }, ["annette"], "nothing is left"],
  ["the whole", "annette", ["annette"], "nothing is left"],
  ["nothing", { allow: true }, ["annette", true, null, ""], '{"allow":true}'],
])("%s", (_, decision, hidden, expected) => {
  expect(hide(decision, ...hidden)).toBe(expected);
});
