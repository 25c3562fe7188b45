// Where OPA reports a ref that leads nowhere: names that are given a path share its first term, which stands where the last of them does.
import { expect, test } from "vitest";
import { parseModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { checkModules } from "../check.ts";

/** The row of each finding, and that where OPA reports it. */
function rows(text: string): readonly string[] {
  const source = `package t\n${text}`;
  const lines = new LineIndex(source);
  const found = checkModules([parseModule(source, { file: "p.rego" })]).diagnostics;
  return found.map(({ range, reported = range }) => `${lines.rowCol(range.start).row}→${lines.rowCol(reported.start).row}`);
}

test.each([
  ["names of rules, whichever they are", 'a := {"k": 1}\np := a.q\nq := 1\nr if q\n', ["3→5"]],
  ["paths as they are written stand for themselves", 'a := {"k": 1}\np := data.t.a.q\nq := a.k\n', ["3→3"]],
  [
    "an import has a path of its own",
    'import data.t.a as z\na := {"k": 1}\np := z.q\nr := a.x\ns := z.k\nt := a.k\n',
    ["4→6", "5→7"],
  ],
  ["the value of a rule comes before its body", 'a := {"k": 1}\np := a.q\nr := [\na.k] if { a.k }\n', ["3→5"]],
  ["a comprehension's head comes before its body", 'a := {"k": 1}\np := a.q\nr := [x |\nx := 1\na.k\n]\n', ["3→6"]],
  ["objects by their keys, sets by their items", 'a := {"k": 1}\np := a.q\nr := {"b": a.k,\n"a": a.k}\n', ["3→4"]],
  ["a local hides a rule", 'a := {"k": 1}\np := a.q\nr if { a := 1; a == 2 }\n', ["3→3"]],
  ["what a call gives stands where it stands", 'f(1) := "a"\nq := f(1).b\nr := f(1)\n', ["3→3"]],
])("%s", (_title, text, expected) => {
  expect(rows(text)).toEqual(expected);
});
