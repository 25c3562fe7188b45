// A changed decision as clients are told it.
import type { ChangedDecision } from "#protocol/publishing.ts";
import { changeOf, type JoinedChange, membersOf } from "#publishing/decisions.ts";

export function changedDecision(change: JoinedChange): ChangedDecision {
  const { samples, entrypoint, before, after } = change;
  const members = membersOf(change);
  return {
    samples,
    entrypoint: entrypoint.replace(/^data\./u, ""),
    group: changeOf(change),
    before,
    after,
    ...(members === undefined ? {} : { members }),
  };
}
