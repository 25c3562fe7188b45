// Reads METADATA blocks, when asked for them or when a rule calls `rego.metadata.*`.
import { AnnotationSet, readAnnotations } from "../annotations.ts";
import { type Compilation, fail } from "../compilation.ts";

export function setAnnotations(compilation: Compilation): void {
  const called = compilation.modules.some(({ text }) => text.includes("rego.metadata"));
  if (!compilation.readsAnnotations && !called) {
    compilation.annotations = new AnnotationSet([]);
    return;
  }
  const { set, problems } = readAnnotations(compilation);
  compilation.annotations = set;
  for (const problem of problems) fail(compilation, problem);
}

/** One document or package must not be described twice. */
export function checkAnnotationSet(compilation: Compilation): void {
  for (const problem of compilation.annotations.problems) fail(compilation, problem);
}
