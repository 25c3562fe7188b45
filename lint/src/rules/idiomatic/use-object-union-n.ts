// `object.union(a, object.union(b, c))`
import type { LintFile } from "../../lint-file.ts";
import { nestedCalls } from "../../nested-calls.ts";
import { needsBuiltins } from "../../notices.ts";
import { type Found, fileRule } from "../../rule.ts";

export const useObjectUnionN = fileRule({
  name: "use-object-union-n",
  category: "idiomatic",
  description: "Prefer using `object.union_n` over nested `object.union` calls",
  notice: needsBuiltins(
    ["object.union", "object.union_n"],
    "Missing capability for built-in `object.union` and/or `object.union_n`",
  ),
  options: { "flag-all-union": false },
  *check(file: LintFile, { "flag-all-union": all }): Iterable<Found> {
    if (!file.builtins.has("object.union") || !file.builtins.has("object.union_n")) return;
    yield* nestedCalls(file, "object.union").map(({ operator }) => ({ range: operator }));
    if (!all) return;
    const message = "Prefer using `object.union_n` over `object.union`";
    yield* file.calls("object.union").map(({ operator }) => ({ range: operator, message }));
  },
});
