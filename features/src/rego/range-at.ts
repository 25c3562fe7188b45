// Which of many ranges, sorted and apart, holds an offset.
import { firstIndex } from "#grammars/first-index.ts";
import type { Range } from "#grammars/rego/ast.ts";

export function rangeAt<T extends Range>(ranges: readonly T[], offset: number): T | undefined {
  const found = ranges[firstIndex(ranges.length, (at) => ranges[at]!.start <= offset) - 1];
  return found !== undefined && offset < found.end ? found : undefined;
}
