// `rw approve`: one person's approval of a version of somebody else.
import { versionAct } from "../version-act.ts";

export const approve = versionAct({
  act: "approve",
  summary: "Approve a version of somebody else that waits for it",
  details: `
A policy may ask that one or two persons beside the author approve a version before a channel moves to it. \`rw diff\` shows what it
changes, \`rw versions --state awaiting_approval\` what waits.

    $ rw diff prod 1.4.2
    $ rw approve 1.4.2 -m "looked at with the desk, ticket 42"
    $ rw promote prod 1.4.2
`,
  said: ({ state, approvedBy = [] }) =>
    state === "published"
      ? "is approved: a channel can move to it"
      : `is approved by ${approvedBy.join(", ")}, and waits for more`,
});
