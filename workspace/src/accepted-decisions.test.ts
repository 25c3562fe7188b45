// What a file of expected decisions says once decisions are accepted: the new outcomes, and all else as it was.
import { expect, test } from "vitest";
import { type AcceptedDecision, acceptedText } from "./accepted-decisions.ts";

const x = (value: unknown, more: Partial<AcceptedDecision> = {}): AcceptedDecision => ({
  query: "data.p.x",
  decision: { kind: "value", value },
  ...more,
});

/** The entries after one of `data.p.x` was accepted. */
function entries(before: object | undefined, accepted: AcceptedDecision): unknown {
  const made = acceptedText(before && JSON.stringify({ decisions: before }), [accepted]);
  return "text" in made ? (JSON.parse(made.text) as Record<string, unknown>)["decisions"] : made.problem;
}

test("other entries and fields stay", () => {
  const before = '{"decisions": {"data.p.x": {"value": 1, "ignore": ["at"]}, "data.p.y": {"value": 2}}}';
  const made = acceptedText(before, [x(3)]);
  expect("text" in made && JSON.parse(made.text)).toEqual({
    $schema: "rw://expected-1",
    decisions: { "data.p.x": { value: 3, ignore: ["at"] }, "data.p.y": { value: 2 } },
  });
});

test.each<[string, object | undefined, AcceptedDecision, object]>([
  ["a new file", undefined, x(true), { "data.p.x": { value: true } }],
  ["an entry under its other name", { "p/x": { value: 1 } }, x(2), { "p/x": { value: 2 } }],
  [
    "another kind of outcome",
    { "data.p.x": { value: 1 } },
    x(0, { decision: { kind: "undefined" } }),
    { "data.p.x": { undefined: true } },
  ],
  ["a profile", undefined, x(1, { profile: "eu" }), { "data.p.x": { value: 1, profile: "eu" } }],
  [
    "`only`: what it does not name stays out",
    { "data.p.x": { value: { a: 1, b: { c: 2 } }, only: true } },
    x({ a: 5, b: { c: 6, d: 7 }, e: 8 }),
    { "data.p.x": { value: { a: 5, b: { c: 6 } }, only: true } },
  ],
])("%s", (_, before, accepted, after) => {
  expect(entries(before, accepted)).toEqual(after);
});

test("a file that is no JSON stays as it is", () => {
  expect(acceptedText("decisions { p/x { value = 1 } } # ours\n", [x(2)])).toEqual({
    problem: "it is no JSON: write the decisions there by hand",
  });
});
