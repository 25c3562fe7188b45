// Moving entries of objects.
import { expect, test } from "vitest";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { moveEntry } from "./move.ts";

function move(text: string, direction: "up" | "down"): string {
  const offset = text.indexOf("$0");
  const plain = text.replace("$0", "");
  const moved = moveEntry(parseHocon(plain, { file: "a.conf" }), offset, direction);
  if ("refusal" in moved) return moved.refusal;
  let after = plain;
  for (const { range, newText } of [...moved.edits].sort((a, b) => b.range.start - a.range.start))
    after = after.slice(0, range.start) + newText + after.slice(range.end);
  return `${after.slice(0, moved.cursor)}$0${after.slice(moved.cursor)}`;
}

test("an entry takes its comments along", () => {
  expect(move("a = 1\n# of b\nb$0 = 2\nc = 3\n", "up")).toBe("# of b\nb$0 = 2\na = 1\nc = 3\n");
  expect(move("a = 1\nb$0 = 2\n# of c\nc { d = 1 }\n", "down")).toBe("a = 1\n# of c\nc { d = 1 }\nb$0 = 2\n");
});

test("commas stay between entries", () => {
  expect(move('{\n  "a": 1,\n  "b$0": 2\n}\n', "up")).toBe('{\n  "b$0": 2,\n  "a": 1\n}\n');
});

test("a last line without an end keeps none", () => {
  expect(move("a = 1\nb$0 = 2", "up")).toBe("b$0 = 2\na = 1");
});

test("past the edge an entry leaves its object with its path", () => {
  expect(move("long.er {\n  # note\n  a$0 = 1\n}\n", "up")).toBe("# note\nlong.er.a$0 = 1\nlong.er {\n}\n");
  expect(move("x = 1\no {\n  a$0 = 1\n  b = 2\n}\n", "up")).toBe("x = 1\no.a$0 = 1\no {\n  b = 2\n}\n");
  expect(move("o {\n  a = 1\n  b$0 = 2\n}\ny = 1\n", "down")).toBe("o {\n  a = 1\n}\no.b$0 = 2\ny = 1\n");
});

test("the first and last entries of a file, and entries on one line, stay", () => {
  expect(move("a$0 = 1\nb = 2\n", "up")).toBe("this is the first entry");
  expect(move("o { a = 1, b$0 = 2 }\n", "up")).toBe("entries that share a line cannot be moved");
});
