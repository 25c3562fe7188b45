// `rw history`: which version a channel had, from when to when, who moved it and why.
import type { Move } from "#publishing/rms-client.ts";
import { columns, expectChannel, rmsCommand } from "../rms-command.ts";

export const history = rmsCommand({
  name: "history",
  usage: "history [channel] [flags]",
  summary: "Show which version a channel had when, and who moved it",
  details: `
Without a channel that of rw.conf is shown. With --at only what was in force at that time; \`rw pull\` has the files of that version,
\`rw decide --at\` and \`rw access --at\` what it decided and who could do what. RMS tells the last 200 moves.

    $ rw history prod
    $ rw history prod --at 2026-03-02T12:00:00Z
    $ rw rollback prod --to-seq 7 -m "as on Monday"
`,
  positionals: [0, 1],
  flags: [{ name: "at", kind: "time", help: "what was in force at this time, such as 2026-03-02T12:00:00Z" }],
  run: async (target) => {
    const { call, project, print, fail } = target;
    const [channel = project.config.rms.channel] = call.positionals;
    if (channel === undefined) return fail("name a channel, or rms.channel in rw.conf");
    const moves = (await expectChannel(target, channel)).history ?? [];
    const at = call.flag("at");
    const shown = at === undefined ? moves : moves.filter((_, index) => wasInForce(moves, index, Date.parse(at)));
    const rows = shown.map((move) => [
      String(move.seq),
      move.version,
      move.at,
      moves[moves.indexOf(move) - 1]?.at ?? "",
      move.actor,
      move.reason,
    ]);
    const table = columns([["SEQ", "VERSION", "FROM", "UNTIL", "BY", "WHY"], ...rows]);
    const first = moves.length < knownMoves ? "nothing was in force then" : `RMS tells nothing from before ${moves.at(-1)?.at}`;
    return print(shown, shown.length === 0 ? `${channel}: ${first}\n` : table);
  },
});

/** How many moves RMS tells. */
const knownMoves = 200;

function wasInForce(moves: readonly Move[], index: number, at: number): boolean {
  const next = moves[index - 1];
  return Date.parse(moves[index]!.at) <= at && (next === undefined || at < Date.parse(next.at));
}
