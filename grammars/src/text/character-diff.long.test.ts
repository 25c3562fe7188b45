import { expect, test } from "vitest";
import { characterDiff } from "./character-diff.ts";

/** `[-what goes-]` and `{+what comes+}` within what stays. */
function shown(before: string, after: string): string {
  return characterDiff(before, after)
    .map(({ kind, text }) => (kind === "equal" ? text : kind === "delete" ? `[-${text}-]` : `{+${text}+}`))
    .join("");
}

test("edits are the shortest, moved over small equal pieces", () => {
  expect(shown("", "")).toBe("");
  expect(shown("x=1", "x := 1")).toBe("x{+ :+}={+ +}1");
  expect(shown('{  "a":1}', '{"a": 1}')).toBe('{[-  -]"a":{+ +}1}');
  expect(shown("\n\n\n\ny", "\n\ny")).toBe("[-\n\n-]\n\ny");
});

test("of a piece that goes and one that comes with an end in common, both are told, and stay where they are", () => {
  expect(shown("aaaabbba ", "bbbaba")).toBe("[-aaaa-]{++}bbba[- -]{+ba+}");
});

test("characters are code points", () => {
  expect(shown("a\u{1f600}b", "a\u{1f601}b")).toBe("a[-\u{1f600}-]{+\u{1f601}+}b");
});

test("what stays and goes is the old text, what stays and comes the new one", () => {
  const before = "ab".repeat(3000);
  const after = "ba c".repeat(1500);
  const pieces = characterDiff(before, after);
  const of = (other: "delete" | "insert"): string =>
    pieces.map(({ kind, text }) => (kind === "equal" || kind === other ? text : "")).join("");
  expect(of("delete") === before && of("insert") === after).toBe(true);
});
