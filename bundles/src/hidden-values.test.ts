// What a decision log hides of a result is hidden of another result, too.
import { expect, test } from "vitest";
import { canonicalJson, type Json, readJson } from "./canonical-json.ts";
import { resultAsLogged } from "./hidden-values.ts";

const json = (text: string): Json => {
  const read = readJson(text);
  if ("fault" in read) throw new Error(read.fault);
  return read.value;
};

const shown = (result: string, erased: readonly string[], masked: readonly string[] = [], logged?: string): string => {
  const left = resultAsLogged(json(result), { erased, masked }, logged === undefined ? undefined : json(logged));
  return left === undefined ? "nothing" : canonicalJson(left);
};

test("erased values are left out, masked ones stand for themselves or as the log has them", () => {
  expect(shown('{"a":1,"b":{"c":2}}', ["/result/b/c"])).toBe('{"a":1,"b":{}}');
  expect(shown('{"a":1,"b":{"c":2}}', ["/input/a", "/result/no"])).toBe('{"a":1,"b":{"c":2}}');
  expect(shown('{"a":1}', [], ["/result/a"])).toBe('{"a":"***"}');
  expect(shown('{"a":1}', [], ["/result/a"], '{"a":"(hidden)"}')).toBe('{"a":"(hidden)"}');
  expect(shown('{"a":1}', ["/result"])).toBe("nothing");
  expect(shown("1", [], ["/result"])).toBe('"***"');
});

test("erased items of an array are counted one after the other, as OPA takes them out", () => {
  expect(shown('["a","b","c"]', ["/result/0", "/result/1"])).toBe('["b"]');
});

test("an item that was masked before another was erased, or behind it, is hidden either way", () => {
  expect(shown('["a","secret","c"]', ["/result/0"], ["/result/1"])).toBe('["***","***"]');
  expect(shown('["a","b","secret"]', ["/result/0"], ["/result/1"])).toBe('["***","***"]');
});
