// Which entrypoints keep people out, and what a decision of either kind says.
import { expect, test } from "vitest";
import { isYes, refusalsOf } from "./refusals.ts";

test("refusals are told by the last name of the rule, or by the owner of the policy alone", () => {
  const refusals = [
    "d/deny",
    "d/x/violation",
    "d/violations",
    "d/deny_reasons",
    "d/denyReasons",
    "d/denied",
    "d/forbidden",
    "d/blocked",
    "d/reject",
  ];
  const others = ["d/allow", "deny/allow", "d/denylist", "d/blocker", "d/undeniable", "d/not_denied", "d/violationless"];
  expect(refusalsOf([...others, ...refusals], undefined)).toEqual(refusals.toSorted());
  expect(refusalsOf(["d/allow", "d/deny", "d/stop"], ["d/stop", "d/gone"])).toEqual(["d/stop"]);
  expect(refusalsOf(["d/deny"], [])).toEqual([]);
});

test.each([
  ["true", "in", "out"],
  ["false", "out", "in"],
  ["undefined", "out", "in"],
  ["[]", "out", "in"],
  ["{}", "out", "in"],
  ['""', "out", "in"],
  ['["too late"]', "out", "out"],
  ['{"msg":"too late"}', "out", "out"],
  ['{"allow":true,"by":"role"}', "in", "in"],
  ['{"allowed":true}', "in", "in"],
  ['{"allow":false}', "out", "out"],
  ['{"allow":"no","allowed":true}', "in", "in"],
  ['"true"', "out", "out"],
  ["error: eval_conflict_error", "out", "out"],
])("%s lets in whoever asks by an entrypoint that admits: %s; by one that refuses: %s", (decision, admitting, refusing) => {
  const told = [isYes(decision, false), isYes(decision, true)].map((yes) => (yes ? "in" : "out"));
  expect(told).toEqual([admitting, refusing]);
});
