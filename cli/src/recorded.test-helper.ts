// Command lines with what a real OPA printed for them (test-fixtures/cli/cases), and a command run inside this process.
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { heardIo } from "./heard-io.test-helper.ts";
import { main } from "./main.ts";

export const fixtures = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "test-fixtures/cli");

export interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Recorded extends Printed {
  readonly line: string;
}

/** The files of cases by name. */
export function caseFiles(): readonly string[] {
  return readdirSync(join(fixtures, "cases"))
    .filter((name) => name.endsWith(".txt"))
    .sort();
}

/** Reads `$ line`, `exit 0`, and lines after `| ` (output) and `! ` (errors). */
export function readCases(name: string): readonly Recorded[] {
  const cases: { line: string; code: number; out: string; err: string }[] = [];
  for (const row of readFileSync(join(fixtures, "cases", name), "utf8").split("\n")) {
    const last = cases.at(-1);
    if (row.startsWith("$ ")) cases.push({ line: row.slice(2), code: 0, out: "", err: "" });
    else if (last === undefined) continue;
    else if (row.startsWith("exit ")) last.code = Number(row.slice(5));
    else if (row.startsWith("|")) last.out += `${row.slice(2)}\n`;
    else if (row.startsWith("!")) last.err += `${row.slice(2)}\n`;
  }
  return cases;
}

/** The text of a file of cases. */
export function writeCases(cases: readonly Recorded[]): string {
  const marked = (mark: string, text: string): string =>
    text === ""
      ? ""
      : `${text
          .replace(/\n$/u, "")
          .split("\n")
          .map((row) => `${mark} ${row}`.trimEnd())
          .join("\n")}\n`;
  return cases.map(({ line, code, out, err }) => `$ ${line}\nexit ${code}\n${marked("|", out)}${marked("!", err)}`).join("\n");
}

/** Words of a line; quotes keep blanks together. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** What differs between two runs of one program: times, and the order of tests in threads, and of variables and modules in maps. */
export function comparable({ code, out, err }: Printed): Printed {
  return { code, out: steady(sortedModules(sortedTests(out))), err: steady(sortedVariables(err)) };
}

/** The rules that are left of a query, by their packages. */
function sortedModules(text: string): string {
  const [queries, ...modules] = text.split(/^# Module \d+$/mu);
  return [queries, ...modules.map((module) => `${module.trimEnd()}\n`).sort()].join("# Module");
}

/** Unsafe variables of one place. */
function sortedVariables(text: string): string {
  return text.replace(
    /(?:^(\d+:\d+: )rego_unsafe_var_error: .*\n)(?:^\1rego_unsafe_var_error: .*\n)+/gmu,
    (rows) => `${rows.trimEnd().split("\n").sort().join("\n")}\n`,
  );
}

function steady(text: string): string {
  return text
    .replace(/\b[\d.]+(?:ns|µs|ms|s)\b/gu, "<time>")
    .replace(/"(duration|timer_\w+)": \d+/gu, '"$1": 0')
    .replace(/^( +opa|Run 'opa)/gmu, (found) => found.replace("opa", "rw"))
    .replaceAll('for "opa"', 'for "rw"')
    .split("\n")
    .map((row) => row.trimEnd())
    .join("\n");
}

/** The tests of JSON output by their place. */
function sortedTests(text: string): string {
  if (!text.startsWith("[")) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const isTests = Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null && "location" in item);
  if (!isTests) return text;
  (value as Placed[]).sort((a, b) => compareText(a.location.file, b.location.file) || a.location.row - b.location.row);
  return `${JSON.stringify(value, null, 2)}\n`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Placed {
  readonly location: { readonly file: string; readonly row: number };
}

/** Runs a command line in the folder of the fixtures. */
export async function runHere(words: readonly string[], stdin = ""): Promise<Printed> {
  const at = (path: string): string => resolve(fixtures, path);
  const { io, printed } = heardIo({
    cwd: fixtures,
    readStdin: async () => stdin,
    kind: (path) => (existsSync(at(path)) ? (statSync(at(path)).isDirectory() ? "folder" : "file") : undefined),
    readFile: (path) => readFileSync(at(path)),
    realPath: (path) => (existsSync(at(path)) ? realpathSync(at(path)) : at(path)),
    isLink: (path) => lstatSync(at(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
    writeFile: (path) => {
      throw new Error(`${path} is not to be written`);
    },
    list: (path) => readdirSync(at(path)).sort(),
  });
  const code = await main(words, io);
  return { code, ...printed() };
}
