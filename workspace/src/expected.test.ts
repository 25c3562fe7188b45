// Expected decisions: reading, comparing, writing.
import { expect, test } from "vitest";
import { compareDecision, type Decision, readExpectations } from "./expected.ts";
import { bufferFile } from "./source-file.ts";

function compare(entry: object, decision: Decision): string | undefined {
  const text = JSON.stringify({ decisions: { "data.p.x": entry } });
  const { expectations } = readExpectations(bufferFile("/p/inputs/a.expected.json", text, 1), JSON.parse(text), []);
  return compareDecision(expectations[0]!, decision);
}

const value = (given: unknown): Decision => ({ kind: "value", value: given });

test.each<[object, Decision, string | undefined]>([
  [{ value: true }, value(true), undefined],
  [{ value: true }, value(false), "expected true, got false"],
  [{ value: { a: [1, 2] } }, value({ a: [1, 3] }), 'expected {"a":[1,2]}, got {"a":[1,3]}: they differ at a.1'],
  [{ value: { a: 1 }, only: true }, value({ a: 1, b: 2 }), undefined],
  [{ value: { a: 1 } }, value({ a: 1, b: 2 }), 'expected {"a":1}, got {"a":1,"b":2}: they differ at b'],
  [{ value: [{ at: 1 }], ignore: ["**.at"] }, value([{ at: 2 }]), undefined],
  [{ undefined: true }, { kind: "undefined" }, undefined],
  [{ undefined: true }, value(1), "expected undefined, got 1"],
  [{ error: "eval_conflict_error" }, { kind: "error", code: "eval_conflict_error", message: "x" }, undefined],
])("%j against %j", (entry, decision, message) => {
  expect(compare(entry, decision)).toBe(message);
});

test("an entry without an outcome, and a file without decisions, are reported at their place", () => {
  const text = '{"decisions": {"data.p.x": {}}}';
  const file = bufferFile("/p/a.expected.json", text, 1);
  expect(readExpectations(file, JSON.parse(text), []).diagnostics[0]).toMatchObject({ range: { start: 15, end: 25 } });
  expect(readExpectations(file, {}, []).diagnostics[0]?.message).toContain("needs an object `decisions`");
});

test.each<[object, string[]]>([
  [{ value: 1, only: false, ignore: ["a.*"], profile: "night" }, []],
  [
    { value: 1, ignor: ["at"] },
    ["`ignor` says nothing of an expected decision: `value`, `undefined`, `error`, `only`, `ignore`, `profile` do"],
  ],
  [{ value: 1, profile: "nigth" }, ["rw.conf has no profile nigth: it has night"]],
  [
    { value: 1, only: "yes", ignore: "at", profile: ["night"] },
    ["`only` must be true or false", "`ignore` must be a list of paths", "`profile` must be the name of a profile"],
  ],
])("what an entry of %j says wrongly is told", (entry, messages) => {
  const text = JSON.stringify({ decisions: { "data.p.x": entry } });
  const { diagnostics } = readExpectations(bufferFile("/p/inputs/a.expected.json", text, 1), JSON.parse(text), ["night"]);
  expect(diagnostics.map(({ message }) => message)).toEqual(messages);
});
