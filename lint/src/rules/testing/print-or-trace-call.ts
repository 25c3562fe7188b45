// `print(…)` and `trace(…)`: leftovers of debugging.
import { fileRule } from "../../rule.ts";

export const printOrTraceCall = fileRule({
  name: "print-or-trace-call",
  category: "testing",
  description: "Call to print or trace function",
  check: (file) => ["print", "trace"].flatMap((name) => file.calls(name)).map(({ operator }) => operator),
});
