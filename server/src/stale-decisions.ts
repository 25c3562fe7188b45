// The last decisions of a policy while there can be none: they stand where their rules are now, and go with rules that are gone.
import type { LiveParams, LiveRule, Range } from "#protocol/messages.ts";

export interface RulesNow {
  /** Where each rule that can be read begins, by its path. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** True while the text has syntax errors: rules that cannot be read may be among what is typed. */
  readonly isBroken: boolean;
}

/** They keep the input that they were made for. `nothing` is what is told of the policy without decisions. */
export function staleDecisions(before: LiveParams | undefined, nothing: LiveParams, now: RulesNow, problem: string): LiveParams {
  const told = { ...nothing, stale: true, problem };
  if (before === undefined || isOther(before, nothing, now)) return told;
  const { sample, sampleUri, at, prints, ms } = before;
  return { ...told, package: before.package, sample, sampleUri, at, prints, ms, rules: standing(before.rules, now) };
}

/** Of a text that is about another package nothing is known yet. */
function isOther(before: LiveParams, nothing: LiveParams, { isBroken }: RulesNow): boolean {
  return before.package !== nothing.package && !(isBroken && nothing.package === "");
}

/** A rule that cannot be read moves with the one above it. */
function standing(rules: readonly LiveRule[], { ranges, isBroken }: RulesNow): readonly LiveRule[] {
  let lines = 0;
  return rules.flatMap((rule) => {
    const range = ranges.get(rule.path);
    if (range === undefined) return isBroken ? [{ ...rule, range: shifted(rule.range, lines) }] : [];
    lines = range.start.line - rule.range.start.line;
    return [{ ...rule, range }];
  });
}

const shifted = ({ start, end }: Range, lines: number): Range => ({
  start: { ...start, line: start.line + lines },
  end: { ...end, line: end.line + lines },
});
