// A file of mocked requests, or none, with one more request.
import { expect, test } from "vitest";
import { bufferFile } from "#workspace/source-file.ts";
import { withRequests } from "./unmocked-calls.ts";

test.each([
  ["m.conf", undefined, 'requests = [\n  {"n":1}\n]\n'],
  ["m.json", undefined, '[\n  {"n":1}\n]\n'],
  ["m.json", "[]", '[\n  {"n":1}\n]'],
  ["m.json", '[\n  {"a": 1}\n]', '[\n  {"a": 1},\n  {"n":1}\n]'],
  ["m.conf", "requests = [{ a = 1 }]", 'requests = [{ a = 1 },\n  {"n":1}]'],
  ["m.conf", "x = 1\nrequests = [\n]", 'x = 1\nrequests = [\n  {"n":1}\n\n]'],
  ["m.conf", "requests = [", undefined],
  ["m.conf", "requests = 1", undefined],
])("%s %j", (name, text, after) => {
  const kind = name.endsWith(".json") ? "json" : "hocon";
  const file = text === undefined ? undefined : bufferFile(`/p/${name}`, text, 0, kind);
  const edit = withRequests(`/p/${name}`, file, [{ n: 1 }]);
  const done = edit && `${(text ?? "").slice(0, edit.range.start)}${edit.newText}${(text ?? "").slice(edit.range.end)}`;
  expect(done).toBe(after);
});
