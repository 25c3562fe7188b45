// Checking whole sets of policies: in one process, and as the command beside `opa check`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { alternate } from "./measure.ts";
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
    const command =
      (program: string, ...args: readonly string[]) =>
      (): void => {
        const { status, stdout } = spawnSync(program, [...args, "check", folder], { encoding: "utf8" });
        if (status !== 0) throw new Error(`${name}: ${stdout}`);
      };
    const theirs = opa === undefined ? [] : [command(opa)];
    check();
    const rounds = short ? 3 : 7;
    const [warm, reference] = await alternate([check, ...theirs], rounds);
    const peer = (value: number | undefined) => (value === undefined ? {} : { reference: { name: "opa check", value } });
    printRow({
      operation: `${name} parse, compile and types`,
      ours: warm!,
      ...peer(reference),
      ...(inProcess === undefined ? {} : { goal: inProcess }),
    });
    if (asCommand === undefined) continue;
    const [ours, other] = await alternate([command(process.execPath, "bin/rw"), ...theirs], rounds);
    printRow({ operation: `${name} check as a process`, ours: ours!, ...peer(other), goal: asCommand });
  }
}
