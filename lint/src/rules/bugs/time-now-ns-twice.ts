// `time.now_ns()` more than once in a rule: it is the same time however often it is asked for.
import type { Range } from "#grammars/rego/ast.ts";
import { fileRule } from "../../rule.ts";

export const timeNowNsTwice = fileRule({
  name: "time-now-ns-twice",
  category: "bugs",
  description: "Repeated calls to `time.now_ns`",
  *check(file) {
    // As in Regal, places are put in order as text.
    const place = ({ start }: Range) => Object.values(file.lines.rowCol(start)).join(":");
    const calls = Map.groupBy(file.calls("time.now_ns"), (call) => file.ruleOf(call));
    for (const ofRule of calls.values()) {
      const [, ...repeated] = ofRule.map(({ operator }) => operator).sort((a, b) => (place(a) < place(b) ? -1 : 1));
      yield* repeated;
    }
  },
});
