// HOCON rows: documents parsed, resolved and written as JSON; beside the reference on a warmed JVM when HOCON_ORACLE names its runner.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveHocon, toJsonText } from "#analysis/hocon/resolve.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { alternate } from "./measure.ts";
import { printRow } from "./report.ts";

const documents = [
  { file: "doc-100k.conf", shown: "HOCON 100 kB: text to JSON", goal: 1 },
  { file: "doc-1m.conf", shown: "HOCON 1 MB: text to JSON", goal: 1 },
  { file: "doc-10m.conf", shown: "HOCON 10 MB: text to JSON", goal: 1 },
  { file: "refs-2000.conf", shown: "HOCON with 2,000 references", goal: 1 },
  { file: "refs-20000.conf", shown: "HOCON with 20,000 references", goal: 1 },
] as const;

/** Prints the rows and gives the folder of the documents; `generate` makes the folder of a workload. */
export async function hoconRows(
  generate: (workload: string, ...args: readonly string[]) => string,
  short: boolean,
): Promise<string> {
  const folder = generate("hocon", ...(short ? [] : ["--big"]));
  for (const { file, shown, goal } of documents) {
    if (short && file.includes("10m")) continue;
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const work = () => toJsonText(resolveHocon(parseHocon(text, { file })).value);
    warm(work);
    const [ours] = await alternate([work], short ? 5 : 9);
    const reference = referenceTime(path, short);
    printRow({
      operation: shown,
      ours: ours!,
      ...(reference === undefined ? {} : { reference: { name: "JVM", value: reference }, goal }),
    });
  }
  return folder;
}

/** Runs some work until its code is compiled, as the reference's is when its clock counts: for a second, or twice. */
function warm(work: () => unknown): void {
  const end = performance.now() + 1000;
  for (let runs = 0; runs < 2 || performance.now() < end; runs++) work();
}

/** Milliseconds of the reference on a warmed JVM; undefined without it. */
function referenceTime(path: string, short: boolean): number | undefined {
  const runner = process.env["HOCON_ORACLE"];
  if (runner === undefined) return undefined;
  const env = { ...process.env, HOCON_JAVA_OPTS: "-Xss64m -Xmx3g" };
  const { stdout } = spawnSync(runner, ["bench", path, short ? "5" : "40"], { encoding: "utf8", env, maxBuffer: 1 << 26 });
  const found = /"totalMs":([\d.]+)/u.exec(stdout ?? "");
  return found === null ? undefined : Number(found[1]);
}
