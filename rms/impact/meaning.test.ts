// What a decision of an entrypoint that admits, and of one that refuses, says of access.
import { expect, test } from "vitest";
import { meaningOf } from "./meaning.ts";

test.each([
  ["true", "in", "out"],
  ["false", "out", "in"],
  ["null", "out", "in"],
  ["undefined", "out", "in"],
  ["error: eval_conflict_error", "out", "out"],
  ['{"allow":true,"by":"role"}', "in", "in"],
  ['{"allowed":true}', "in", "in"],
  ['{"allow":false,"decision":"allow"}', "out", "out"],
  ['{"allow":"no","allowed":true}', "in", "in"],
  ['{"decision":"deny","why":"late"}', "out", "out"],
  ['{"decision":"Permit"}', "in", "in"],
  ['{"effect":"allow","result":true}', "in", "in"],
  ['{"outcome":null}', "out", "out"],
  ['"ALLOW"', "in", "out"],
  ['"denied"', "out", "out"],
  ["[]", "?", "in"],
  ["{}", "?", "in"],
  ['""', "?", "in"],
  ['["too late"]', "?", "out"],
  ['{"msg":"too late"}', "?", "out"],
  ['{"effect":"allow","result":"deny"}', "?", "out"],
  ['{"decision":"NotApplicable"}', "?", "out"],
  ['"true"', "?", "out"],
  ["1", "?", "out"],
  ["unknown", "?", "?"],
])("%s lets in whoever asks by an entrypoint that admits: %s; by one that refuses: %s", (decision, admitting, refusing) => {
  expect([false, true].map((isRefusal) => meaningOf(decision, isRefusal) ?? "?")).toEqual([admitting, refusing]);
});
