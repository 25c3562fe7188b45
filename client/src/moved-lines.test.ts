// Decisions stay at their rules while lines come and go.
import { expect, test } from "vitest";
import { moved } from "./moved-lines.ts";

const range = (line: number, from: number, endLine: number, to: number) => ({
  start: { line, character: from },
  end: { line: endLine, character: to },
});

/** The line of a rule's head at line 5, columns 0 to 8, after an edit. */
test.each([
  ["a line typed above", range(2, 4, 2, 4), "\nx", 6],
  ["Enter at the start of its own line", range(5, 0, 5, 0), "\n", 6],
  ["Enter behind it", range(5, 8, 5, 8), "\n\t", 5],
  ["a line below", range(9, 0, 9, 0), "a\nb\n", 5],
  ["two lines taken away above", range(1, 0, 3, 0), "", 3],
  ["lines joined up to it", range(3, 2, 5, 0), "", 3],
  ["the line itself taken away", range(4, 0, 6, 0), "", 4],
  ["windows line ends", range(0, 0, 0, 0), "a\r\nb\r\n", 7],
  ["a word in its own line", range(5, 3, 5, 4), "xyz", 5],
])("%s", (_, replaced, text, line) => {
  expect(moved(range(5, 0, 5, 8), { range: replaced, text }).start.line).toBe(line);
});
