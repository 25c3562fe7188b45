// `array.concat(a, array.concat(b, c))`
import type { LintFile } from "../../lint-file.ts";
import { nestedCalls } from "../../nested-calls.ts";
import { needsBuiltins } from "../../notices.ts";
import { type Found, fileRule } from "../../rule.ts";

export const useArrayFlatten = fileRule({
  name: "use-array-flatten",
  category: "idiomatic",
  description: "Prefer using `array.flatten` over nested `array.concat` calls",
  notice: needsBuiltins(
    ["array.flatten", "array.concat"],
    "Missing capability for built-in `array.flatten` and/or `array.concat`",
  ),
  options: { "flag-all-concat": false, "flag-wrapped-concat": false },
  *check(file: LintFile, { "flag-all-concat": all, "flag-wrapped-concat": wrapped }): Iterable<Found> {
    if (!file.builtins.has("array.flatten") || !file.builtins.has("array.concat")) return;
    const calls = file.calls("array.concat");
    if (all) {
      yield* calls.map(({ operator }) => ({ range: operator, message: "Prefer using `array.flatten` over `array.concat`" }));
      return;
    }
    yield* nestedCalls(file, "array.concat").map(({ operator }) => ({ range: operator }));
    if (!wrapped) return;
    const message = "Prefer `array.flatten` over `array.concat` with array literals wrapping arguments";
    for (const { args, operator } of calls)
      if (args.slice(0, 2).some(({ kind }) => kind === "array")) yield { range: operator, message };
  },
});
