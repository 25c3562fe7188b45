// Checking whole sets of policies: in one process, and as the command beside `opa check`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { alternate } from "./measure.ts";
import { processRows } from "./processes.ts";
import { printRow } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

interface Subject {
  readonly name: string;
  readonly folder: string;
  /** The ratio to `opa check` that each of the two ways should reach. */
  readonly inProcess: number | undefined;
  readonly asCommand: number | undefined;
}

/** Prints both rows of every set; `opa` is undefined where it is not installed. */
export async function checkRows(generate: Generate, opa: string | undefined, short: boolean): Promise<void> {
  const subjects: readonly Subject[] = [
    { name: "W2", folder: join(generate("w2"), "src"), inProcess: undefined, asCommand: 1 },
    { name: "W3-50", folder: generate("w3-50", "--files", "50"), inProcess: undefined, asCommand: 1 },
    { name: "W3-200", folder: generate("w3-200", "--files", "200"), inProcess: 0.5, asCommand: 1 },
    { name: "W4 1 MB", folder: generate("w4", "--json", "1000", "--depth", "10"), inProcess: 0.5, asCommand: undefined },
  ];
  for (const { name, folder, inProcess, asCommand } of subjects) {
    const policies = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".rego"));
    const texts = policies.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
    const check = (): void => {
      const { diagnostics } = checkModules(texts.map(({ file, text }) => parseModule(text, { file })));
      if (diagnostics.length > 0) throw new Error(`${name}: ${diagnostics[0]?.message}`);
    };
    check();
    const rounds = short ? 3 : 7;
    const theirs = opa === undefined ? [] : [() => spawnSync(opa, ["check", folder], { stdio: "ignore" })];
    const [warm, reference] = await alternate([check, ...theirs], rounds);
    printRow({
      operation: `${name} parse, compile and types`,
      ours: warm!,
      ...(reference === undefined ? {} : { reference: { name: "opa check", value: reference } }),
      ...(inProcess === undefined ? {} : { goal: inProcess }),
    });
    if (asCommand === undefined) continue;
    processRows({
      operation: `${name} check as a process`,
      ours: [process.execPath, "bin/rw", "check", folder],
      peer: opa === undefined ? undefined : { name: "opa check", command: [opa, "check", folder] },
      rounds,
      again: true,
      wall: asCommand,
    });
  }
}
