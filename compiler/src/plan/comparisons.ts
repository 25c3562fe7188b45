// Builtins that are no more than a look at their arguments: they become instructions or calls of the runtime's core.
export const COMPARISONS: ReadonlySet<string> = new Set([
  "eq",
  "equal",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "internal.member_2",
  "internal.member_3",
]);
