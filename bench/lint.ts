// Lint as a command, beside Regal.
import { join } from "node:path";
import { type Command, processRows } from "./processes.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

/** Findings are no failure here. */
const told = (...command: Command): Command => ["sh", "-c", '"$@"; test $? -eq 3 -o $? -eq 0', "sh", ...command];

export function lintRows(generate: Generate, regal: string | undefined, short: boolean): void {
  const subjects = [
    { name: "W2", sources: join(generate("w2"), "src"), rounds: short ? 2 : 5 },
    { name: "W3-200", sources: generate("w3-200", "--files", "200"), rounds: short ? 1 : 2 },
  ];
  for (const { name, sources, rounds } of subjects) {
    processRows({
      operation: `${name} lint as a process`,
      ours: told(process.execPath, "bin/rw", "lint", sources),
      peer: regal === undefined ? undefined : { name: "regal lint", command: told(regal, "lint", sources) },
      rounds,
      again: true,
      cpu: 0.1,
    });
  }
}
