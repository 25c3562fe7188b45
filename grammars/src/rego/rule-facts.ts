// A rule with what the tree does not say of it.
import type { Body, Head, Range, Rule } from "./ast.ts";

/** A rule with what the tree does not say but the checks of Rego v1 ask. */
export interface RuleFacts {
  readonly rule: Rule;
  readonly hasIf: boolean;
  readonly hasContains: boolean;
  /** True when there is no written body. */
  readonly bodyless: boolean;
  /** True when the value `true` was filled in. */
  readonly valueless: boolean;
  readonly else?: RuleFacts;
}

/** One that is no default, from its head to its end. */
export function factsOf(
  head: Head,
  body: Body | undefined,
  { start, end }: Range,
  said: {
    readonly hasIf: boolean;
    readonly valueless: boolean;
    readonly else?: RuleFacts | undefined;
    /** True for a further body of the rule above. */
    readonly chained?: boolean;
  },
): RuleFacts {
  const { hasIf, valueless, else: otherwise, chained = false } = said;
  const rule: Rule = { kind: "rule", default: false, head, body, else: otherwise?.rule, chained, start, end };
  return {
    rule: hasIf ? { ...rule, hasIf } : rule,
    hasIf,
    hasContains: head.contains,
    bodyless: body === undefined,
    valueless,
    ...(otherwise === undefined ? {} : { else: otherwise }),
  };
}
