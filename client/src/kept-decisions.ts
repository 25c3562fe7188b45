// What is shown of a policy when the server tells its decisions: those of before stay where it has none.
import type { LiveParams } from "#protocol/messages.ts";

/** The decisions to show: old ones that are sent again stand where the edits since then have put their rules. */
export function keptDecisions(before: LiveParams | undefined, told: LiveParams): LiveParams {
  if (before === undefined) return told;
  // A server that was started again while the text is broken has decided nothing yet.
  const hasNone = told.problem !== undefined && told.rules.length === 0 && told.package === before.package;
  if (hasNone && before.rules.length > 0) return { ...before, version: told.version, stale: true, problem: told.problem };
  const isAgain = told.stale && before.at === told.at && before.rules.length === told.rules.length;
  return isAgain ? { ...told, rules: before.rules } : told;
}
