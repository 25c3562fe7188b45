// Decisions of an earlier text, and where its rules are in the text of now; out: what is still shown.
import { expect, test } from "vitest";
import type { LiveParams, LiveRule, Range } from "#protocol/messages.ts";
import { staleDecisions } from "./stale-decisions.ts";

const at = (line: number): Range => ({ start: { line, character: 0 }, end: { line, character: 5 } });

const rule = (name: string, line: number): LiveRule => ({
  ...{ range: at(line), path: `data.bank.${name}`, name, kind: "value", text: "true", full: "true", entrypoint: false },
});

const said = { uri: "file:///p/bank.rego", root: "file:///p", profile: undefined, prints: [], ms: 1 };

const decided: LiveParams = {
  ...said,
  ...{ version: 3, package: "bank", sample: "ann.conf", sampleUri: "file:///p/inputs/ann.conf", stale: false, at: 1000 },
  rules: [rule("allow", 2), rule("limit", 4), rule("reasons", 6)],
};

function shown(lines: Readonly<Record<string, number>>, { isBroken = false, name = "bank", before = [decided] } = {}): string {
  const nothing: LiveParams = { ...decided, version: 4, package: name, sample: "eve.conf", at: 2000, rules: [] };
  const ranges = new Map(Object.entries(lines).map(([rule, line]) => [`data.bank.${rule}`, at(line)]));
  const told = staleDecisions(before[0], nothing, { ranges, isBroken }, "bank.rego:9: var x is unsafe");
  expect(told).toMatchObject({ version: 4, stale: true, problem: "bank.rego:9: var x is unsafe" });
  return [told.sample, ...told.rules.map((one) => `${one.range.start.line} ${one.name}`)].join(", ");
}

test("they stand where their rules are now, for the input of then", () => {
  expect(shown({ allow: 2, limit: 9, reasons: 11 })).toBe("ann.conf, 2 allow, 9 limit, 11 reasons");
});

test("a rule that is gone takes its decision with it", () => {
  expect(shown({ allow: 2, reasons: 4 })).toBe("ann.conf, 2 allow, 4 reasons");
});

test("one that cannot be read yet moves with the one above it", () => {
  expect(shown({ allow: 5, reasons: 10 }, { isBroken: true })).toBe("ann.conf, 5 allow, 7 limit, 10 reasons");
  expect(shown({}, { isBroken: true })).toBe("ann.conf, 2 allow, 4 limit, 6 reasons");
});

test("another package has none, but a package that is being typed keeps them", () => {
  expect(shown({ allow: 2 }, { name: "shop" })).toBe("eve.conf");
  expect(shown({}, { name: "shop", isBroken: true })).toBe("eve.conf");
  expect(shown({}, { name: "", isBroken: true })).toBe("ann.conf, 2 allow, 4 limit, 6 reasons");
});

test("nothing was decided yet", () => {
  expect(shown({ allow: 2 }, { before: [] })).toBe("eve.conf");
});
