// Parsing and formatting: in a warm process beside OPA as a library, `fmt` as a command, and how the cost of one module grows with its size.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkModules } from "#analysis/rego/check.ts";
import { formatModule } from "#grammars/rego/format/module.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { alternate } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { processRows } from "./processes.ts";
import { printRow } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

interface Source {
  readonly file: string;
  readonly text: string;
}

const parse = ({ file, text }: Source): unknown => parseModule(text, { file });
const format = ({ file, text }: Source): unknown => formatModule(parseModule(text, { file }));
const check = ({ file, text }: Source): unknown => checkModules([parseModule(text, { file })]);

export async function textRows(generate: Generate, peers: Peers, short: boolean): Promise<void> {
  const policy = read(join(generate("w2"), "src", "policy.rego"));
  const huge = hugeModule(generate, 1);
  await besideLibrary("W4 1 MB parse", "parse", huge, peers, short ? 9 : 25, 0.5);
  await besideLibrary("W2 format", "format", policy, peers, short ? 25 : 75, 1);
  await besideLibrary("W4 1 MB format", "format", huge, peers, short ? 3 : 9, 1);
  const workspace = generate("w3-50", "--files", "50");
  processRows({
    operation: "W3-50 fmt -l as a process",
    ours: [process.execPath, "bin/rw", "fmt", "-l", workspace],
    peer: peers.opa === undefined ? undefined : { name: "opa fmt -l", command: [peers.opa, "fmt", "-l", workspace] },
    rounds: short ? 3 : 7,
    again: true,
    cpu: 1.5,
  });
  await growth(generate, short);
}

async function besideLibrary(
  operation: string,
  work: "parse" | "format",
  source: Source,
  peers: Peers,
  rounds: number,
  goal: number,
): Promise<void> {
  const run = (): unknown => (work === "parse" ? parse : format)(source);
  for (let warm = 0; warm < rounds; warm++) run();
  const [ours] = await alternate([run], rounds);
  const theirs = peers.text(work, source.file, rounds);
  printRow({
    operation,
    ours: ours!,
    ...(theirs === undefined ? {} : { reference: { name: "OPA in process", value: theirs } }),
    goal,
  });
}

/** One module of 1 to 10 MB. */
async function growth(generate: Generate, short: boolean): Promise<void> {
  const sizes = short ? [1, 2] : [1, 2, 5, 10];
  const sources = sizes.map((size) => hugeModule(generate, size));
  for (const [what, run] of Object.entries({ parse, format, check })) {
    run(sources[0]!);
    const times = await alternate(
      sources.map((source) => () => run(source)),
      3,
    );
    printRow({
      operation: `W4 ${what}: ${sizes.join(" → ")} MB`,
      ours: times.at(-1)!,
      reference: { name: "linear from the first", value: times[0]! * sizes.at(-1)! },
      goal: 1.2,
    });
  }
}

function hugeModule(generate: Generate, megabytes: number): Source {
  const size = ["--bytes", `${megabytes}000000`, "--json", "1000", "--depth", "10"];
  return read(join(generate(`w4-${megabytes}`, ...size), "huge.rego"));
}

function read(file: string): Source {
  return { file, text: readFileSync(file, "utf8") };
}
