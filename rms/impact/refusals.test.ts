// Which entrypoints keep people out.
import { expect, test } from "vitest";
import { refusalsOf } from "./refusals.ts";

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
