// A sample and changes of its value in; its text with them out.
import { expect, test } from "vitest";
import { bufferFile } from "#workspace/source-file.ts";
import type { Change } from "./change.ts";
import { sampleEdits } from "./sample-edit.ts";

const role: Change = { kind: "set", path: ["user", "role"], value: "boss" };
const more: Change = { kind: "add", path: ["tags"], value: "b" };
const first: Change = { kind: "set", path: ["users", 0, "age"], value: 7 };
const gone: Change = { kind: "remove", path: ["gone"] };

test.each<[string, string, unknown, readonly Change[], string | undefined]>([
  ["a.json", '{"user": {"role": "clerk"}}', { user: { role: "clerk" } }, [role], '{"user": {"role": "boss"}}'],
  ["a.json", '{\n  "a": 1\n}', { a: 1 }, [role], '{\n  "a": 1,\n  "user": {"role":"boss"}\n}'],
  ["a.json", '{"user": {"n": 1}}', { user: { n: 1 } }, [role], '{"user": {"n": 1, "role": "boss"}}'],
  ["a.json", '{"gone": 1, "a": 2}', { gone: 1, a: 2 }, [gone], '{"a": 2}'],
  ["a.json", '{"a": 2, "gone": 1}', { gone: 1, a: 2 }, [gone], '{"a": 2}'],
  ["a.json", '{"users": [{"age": 1}]}', { users: [{ age: 1 }] }, [first], '{"users": [{"age":7}]}'],
  ["a.json", "{}", {}, [more], '{"tags": ["b"]}'],
  ["a.conf", "user { role = clerk } # who\n", { user: { role: "clerk" } }, [role], 'user { role = "boss" } # who\n'],
  ["a.conf", "user.role = clerk", { user: { role: "clerk" } }, [role], 'user.role = "boss"'],
  ["a.conf", "a = 1\n", { a: 1 }, [role, more], 'a = 1\nuser.role = "boss"\ntags = ["b"]\n'],
  ["a.conf", "{\n  a = 1\n}\n", { a: 1 }, [role], '{\n  a = 1\nuser.role = "boss"\n}\n'],
  [
    "a.conf",
    "user { n = 1 }\ntags = [a]\ntags += c\n",
    { tags: ["a", "c"] },
    [more],
    'user { n = 1 }\ntags = [a]\ntags = ["a","c","b"]\n',
  ],
  ["a.conf", "a = 1", { gone: 1 }, [gone], undefined],
  ["a.yaml", "a: 1", { a: 1 }, [role], undefined],
])("%s %j", (name, text, input, changes, after) => {
  const kind = name.endsWith(".json") ? "json" : name.endsWith(".yaml") ? "yaml" : "hocon";
  const edits = sampleEdits(bufferFile(`/p/${name}`, text, 0, kind), input, changes);
  const done = edits
    ?.toReversed()
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((all, { range, newText }) => `${all.slice(0, range.start)}${newText}${all.slice(range.end)}`, text);
  expect(done).toBe(after);
});
