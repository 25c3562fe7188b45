// Bundles as commands: of many policies, and of one policy with much data.
import { join } from "node:path";
import { processRows } from "./processes.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

export function bundleRows(generate: Generate, folder: string, opa: string | undefined, short: boolean): void {
  const subjects = [
    { name: "5.9 MB of data", sources: join(generate("w1-100000", "--users", "100000", "--roles", "200"), "index"), cpu: 0.5 },
    { name: "W3-200", sources: generate("w3-200", "--files", "200"), cpu: 0.2 },
  ];
  for (const { name, sources, cpu } of subjects) {
    const build = ["build", "-b", sources, "-o", join(folder, "built.tar.gz")] as const;
    processRows({
      operation: `bundle of ${name}`,
      ours: [process.execPath, "bin/rw", ...build],
      peer: opa === undefined ? undefined : { name: "opa build", command: [opa, ...build] },
      rounds: short ? 2 : 5,
      again: true,
      cpu,
    });
  }
}
