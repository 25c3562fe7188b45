// `rw withdraw`: a version that no channel serves is taken back.
import { versionAct } from "../version-act.ts";

export const withdraw = versionAct({
  act: "withdraw",
  summary: "Take back a version that no channel serves",
  details: `
No channel moves to it any more. What a channel serves is not withdrawn: move the channel first (\`rw rollback\`, \`rw promote\`).

    $ rw withdraw 1.4.2 -m "published by mistake"
`,
  said: () => "is withdrawn: no channel moves to it any more",
});
