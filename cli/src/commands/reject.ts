// `rw reject`: a version of somebody else that waits for an approval will not get it.
import { versionAct } from "../version-act.ts";

export const reject = versionAct({
  act: "reject",
  summary: "Reject a version of somebody else that waits for an approval",
  details: `
No channel ever moves to it; its author publishes what is mended as a new version.

    $ rw reject 1.4.2 -m "clerks would approve their own orders"
`,
  said: () => "is rejected: no channel moves to it",
});
