// What several rules make of a file: made once while it is linted, and given up with its nodes.
import { oncePer } from "#grammars/once-per.ts";
import type { LintFile, Run } from "./lint-file.ts";

/** `make` that remembers what it gave for a file until the file is released. */
export function perRun<Value>(make: (file: LintFile) => Value): (file: LintFile) => Value {
  const made = oncePer(({ file }: Run) => make(file));
  return (file) => made(file.run);
}
