import { expect, test } from "vitest";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import { keptDecisions } from "./kept-decisions.ts";

const rule = (name: string, text: string, line: number): LiveRule => ({
  range: { start: { line, character: 0 }, end: { line, character: 5 } },
  path: `data.shop.${name}`,
  name,
  kind: "value",
  text,
  full: text,
  entrypoint: true,
});

const decided: LiveParams = {
  uri: "file:///shop.rego",
  version: 3,
  root: "file:///",
  package: "shop",
  sample: "clerk.conf",
  sampleUri: "file:///inputs/clerk.conf",
  profile: undefined,
  stale: false,
  at: 1000,
  rules: [rule("allow", "true", 4)],
  prints: [],
  ms: 2,
};

/** What a server tells that has only seen the broken text. */
const nothing: LiveParams = { ...decided, version: 1, sample: "guest.conf", at: 9000, rules: [], ms: 0 };
const problem = "shop.rego:5: missing `}`";

const shown = ({ sample, stale, rules, problem }: LiveParams): string =>
  [
    sample,
    ...(stale ? ["stale"] : []),
    ...rules.map(({ name, text, range }) => `${name} = ${text} at ${range.start.line}`),
    problem,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");

test("a server that was started again on broken text leaves the last decisions, as old ones for the input of then", () => {
  const kept = keptDecisions(decided, { ...nothing, stale: true, problem });
  expect(shown(kept)).toBe("clerk.conf · stale · allow = true at 4 · shop.rego:5: missing `}`");
  expect(kept).toMatchObject({ version: 1, at: 1000 });
});

test("a decision that took too long there leaves them too", () => {
  const kept = keptDecisions(decided, { ...nothing, problem: "the limit of 5 s is reached" });
  expect(shown(kept)).toBe("clerk.conf · stale · allow = true at 4 · the limit of 5 s is reached");
});

test("text that is mended shows what it decides now", () => {
  const kept = keptDecisions({ ...decided, stale: true, problem }, { ...nothing, rules: [rule("allow", "false", 4)] });
  expect(shown(kept)).toBe("guest.conf · allow = false at 4");
});

test("a policy without rules has no decisions, whatever it had before", () => {
  expect(shown(keptDecisions(decided, nothing))).toBe("guest.conf");
});

test("the first text of a policy that is broken has none either", () => {
  expect(shown(keptDecisions(undefined, { ...nothing, stale: true, problem }))).toBe(
    "guest.conf · stale · shop.rego:5: missing `}`",
  );
});

test("old decisions that are sent again stay where edits have moved their rules", () => {
  const moved = { ...decided, rules: [rule("allow", "true", 9)] };
  expect(shown(keptDecisions(moved, { ...decided, stale: true, problem }))).toBe(
    "clerk.conf · stale · allow = true at 9 · shop.rego:5: missing `}`",
  );
});
