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
  /** The ratios to reach, where the design names them. */
  readonly wall?: number;
  readonly cpu?: number;
}

/** Prints a row of wall time and one of processor time, the two commands taken in turn. */
export function processRows({ operation, ours, peer, rounds, wall, cpu }: Compared): void {
  const own: Spent[] = [];
  const other: Spent[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(run(ours));
    if (peer !== undefined) other.push(run(peer.command));
  }
  for (const [kind, goal] of [
    ["wall", wall],
    ["cpu", cpu],
  ] as const) {
    const [mine, theirs] = [own, other].map((spent) => median(spent.map((one) => one[kind])));
    printRow({
      operation: kind === "wall" ? operation : `${operation}, CPU`,
      ours: mine!,
      ...(peer === undefined ? {} : { reference: { name: peer.name, value: theirs! } }),
      ...(goal === undefined ? {} : { goal }),
    });
  }
}

/** Runs under a shell, which tells at its end what its children took. */
function run(command: Command): Spent {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync("sh", ["-c", '"$@" >/dev/null || exit 1; times', "sh", ...command], {
    encoding: "utf8",
  });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  const times = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/gu)];
  return { wall, cpu: times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0) };
}
