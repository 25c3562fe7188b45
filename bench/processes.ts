// Whole processes: their wall time, and the processor time that they and what they start take.
import { spawnSync } from "node:child_process";
import { median } from "./measure.ts";
import { printRow } from "./report.ts";

/** A command line that must succeed. */
export type Command = readonly [program: string, ...args: readonly string[]];

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

export interface Compared {
  readonly operation: string;
  readonly ours: Command;
  readonly peer: { readonly name: string; readonly command: Command } | undefined;
  readonly rounds: number;
  /** True for a command that answers at once where nothing changed since it was run: it gets rows for that too. */
  readonly again?: boolean;
  /** The ratios to reach, where the design names them. */
  readonly wall?: number;
  readonly cpu?: number;
}

/** Prints a row of wall time and one of processor time, the commands taken in turn. */
export function processRows({ operation, ours, peer, rounds, again = false, wall, cpu }: Compared): void {
  const own: Spent[] = [];
  const repeated: Spent[] = [];
  const other: Spent[] = [];
  if (again) run(ours, "on");
  for (let round = 0; round < rounds; round++) {
    own.push(run(ours, "code"));
    if (again) repeated.push(run(ours, "on"));
    if (peer !== undefined) other.push(run(peer.command, "code"));
  }
  for (const [name, spent] of [
    [operation, own],
    [`${operation}, again`, repeated],
  ] as const) {
    if (spent.length === 0) continue;
    for (const [kind, goal] of [
      ["wall", wall],
      ["cpu", cpu],
    ] as const) {
      const [mine, theirs] = [spent, other].map((all) => median(all.map((one) => one[kind])));
      printRow({
        operation: kind === "wall" ? name : `${name}, CPU`,
        ours: mine!,
        ...(peer === undefined ? {} : { reference: { name: peer.name, value: theirs! } }),
        ...(goal === undefined ? {} : { goal }),
      });
    }
  }
}

/** Runs under a shell, which tells at its end what its children took. With `code` no run of before is repeated. */
function run(command: Command, cache: "code" | "on"): Spent {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync("sh", ["-c", '"$@" >/dev/null || exit 1; times', "sh", ...command], {
    encoding: "utf8",
    env: { ...process.env, RW_CACHE: cache },
  });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  const times = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/gu)];
  return { wall, cpu: times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0) };
}
