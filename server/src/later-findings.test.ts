// Findings stay with the words that they are about while somebody types before them.
import { expect, test } from "vitest";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { bufferFile } from "#workspace/source-file.ts";
import { LaterFindings } from "./later-findings.ts";

/** The word that a finding about `word` marks once the text has become `after`; undefined where it is gone. */
function marked(before: string, word: string, after: string): string | undefined {
  const start = before.indexOf(word);
  const finding: Diagnostic = {
    file: "/a",
    range: { start, end: start + word.length },
    severity: "warning",
    code: "c",
    message: "m",
  };
  const file = (text: string) => bufferFile("/a", text, 1, "rego");
  const [now] = new LaterFindings(new Map([["/a", [finding]]]), () => file(before)).at("/a", file(after));
  return now === undefined ? undefined : after.slice(now.range.start, now.range.end);
}

test("what is written before or behind moves nothing away from its word", () => {
  expect(marked("a := 1\nb := 2", "b", "a := 100\n\nb := 2")).toBe("b");
  expect(marked("a := 1\nb := 2", "a", "a := 1\nb := 25")).toBe("a");
  expect(marked("a := 1\nb := 2", "b", "a := 1\nb := 2")).toBe("b");
});

test("a finding whose own words change is gone until it is made again", () => {
  expect(marked("not_admin", "not_admin", "not_an_admin")).toBe(undefined);
});
