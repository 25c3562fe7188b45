// What a row of the decision diff says: who gains and who loses, and not two long lists to compare by eye.
import { expect, test } from "vitest";
import { changeOf, joinedChanges, type MemberChange, membersOf } from "./decisions.ts";

const members = (before: string, after: string): MemberChange | undefined => membersOf({ before, after });

test("a set names those who left and those who came", () => {
  expect(members('["ann","bob"]', '["bob","dora"]')).toEqual({ lost: ['"ann"'], gained: ['"dora"'], changed: [] });
});

test("members of a set that are objects are compared whole", () => {
  expect(members('[{"user":"ann","role":"clerk"}]', '[{"user":"ann","role":"manager"}]')).toEqual({
    lost: ['{"role":"clerk","user":"ann"}'],
    gained: ['{"role":"manager","user":"ann"}'],
    changed: [],
  });
});

test("an object names its keys, and those whose value is another one", () => {
  expect(members('{"ann":["clerk"],"bob":["clerk"]}', '{"bob":["manager"],"dora":["clerk"]}')).toEqual({
    lost: ["ann"],
    gained: ["dora"],
    changed: ['bob: ["clerk"] → ["manager"]'],
  });
});

test("what has no members to name is told by both values: no collections, other kinds, another order, undefined", () => {
  expect(members("true", "false")).toBeUndefined();
  expect(members('["a"]', '{"a":1}')).toBeUndefined();
  expect(members('["a","b"]', '["b","a"]')).toBeUndefined();
  expect(members("undefined", '["a"]')).toBeUndefined();
  expect(members("error: division by zero", "[]")).toBeUndefined();
});

test("decisions that became true, those that are true no longer, errors, undefined and other ones are groups", () => {
  expect(changeOf({ before: "false", after: "true" })).toBe("true");
  expect(changeOf({ before: "undefined", after: "true" })).toBe("true");
  expect(changeOf({ before: "true", after: "error: x" })).toBe("noLongerTrue");
  expect(changeOf({ before: "[]", after: "error: x" })).toBe("error");
  expect(changeOf({ before: "false", after: "undefined" })).toBe("undefined");
  expect(changeOf({ before: "error: x", after: "false" })).toBe("other");
  expect(changeOf({ before: "[]", after: '["a"]' })).toBe("other");
});

test("one change of a set that many inputs see is one row; who may do something no longer stands each in a row of its own", () => {
  const change = (sample: string, entrypoint: string, before: string, after: string) => ({ sample, entrypoint, before, after });
  const rows = joinedChanges([
    change("ann.conf", "data.a.allow", "true", "false"),
    change("ann.conf", "data.a.readers", '["ann"]', "[]"),
    change("bob.conf", "data.a.allow", "true", "false"),
    change("bob.conf", "data.a.readers", '["ann"]', "[]"),
    change("carl.conf", "data.a.readers", '["ann"]', '["carl"]'),
  ]);
  expect(rows.map(({ samples, entrypoint, after }) => [samples.join(" "), entrypoint, after])).toEqual([
    ["ann.conf", "data.a.allow", "false"],
    ["ann.conf bob.conf", "data.a.readers", "[]"],
    ["bob.conf", "data.a.allow", "false"],
    ["carl.conf", "data.a.readers", '["carl"]'],
  ]);
});
