// `npm run conformance [-- PATH…]`: judges every case of the kits, or of the given files and folders, and prints passed/total per file.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readFlags } from "../developer-flags.ts";
import type { BrowserRun } from "./browser.ts";
import { parseCases } from "./case-file.ts";
import type { CaseFile, CaseResult } from "./format.ts";
import { formats } from "./formats/index.ts";
import { portable } from "./portable.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const fixtures = join(root, "test-fixtures", "conformance");
const exclusionsPath = join(fixtures, "exclusions.txt");

const given = readFlags(
  process.argv.slice(2),
  "npm run conformance [-- PATH…]: judges every case of the kits, or of the given files and folders",
  {
    verbose: { type: "boolean", help: "print every case that fails" },
    portable: {
      type: "boolean",
      help: "the portable build under the plain SDK: the evaluation cases that need nothing from their host",
    },
    browser: { type: "boolean", help: "the cases of the Rego kits in a worker of a browser" },
    "write-exclusions": {
      type: "boolean",
      help: "rewrite the list of exclusions from this run; only shorter lists may be committed",
    },
  },
);
const verbose = given.has("verbose");
const rewrite = given.has("write-exclusions");
const onlyPortable = given.has("portable");
const browser: BrowserRun | undefined = given.has("browser")
  ? await (await import("./browser.ts")).BrowserRun.start()
  : undefined;
const partial = onlyPortable || browser !== undefined;
const paths = given.rest;
const targets = paths.length > 0 ? paths.map((path) => resolve(process.cwd(), path)) : [fixtures];

interface Tally {
  passed: number;
  failed: number;
  excluded: number;
  unsupported: number;
}

const faults: string[] = [];
const tallies = new Map<string, Tally>();
const newExclusions: string[] = [];
const exclusions = readExclusions();
const seenExclusions = new Set<string>();

for (const target of targets) if (!existsSync(target)) faults.push(`${target}: no such file or folder`);
const files = targets.filter((target) => existsSync(target)).flatMap((target) => list(target, target !== fixtures));
if (files.length === 0) faults.push("no case files found");
browser?.begin(
  files.map(readCases).filter((file) => typeof file !== "string" && browser.recognises(file)) as readonly CaseFile[],
);
for (const path of files) await judge(path);
await browser?.close();
if (paths.length === 0 && !partial) {
  for (const id of exclusions.keys())
    if (!seenExclusions.has(id)) faults.push(`${id}: is excluded but no such case exists: remove this line`);
}
if (rewrite)
  writeFileSync(exclusionsPath, `${exclusionsHeader()}${newExclusions.sort().join("\n")}${newExclusions.length > 0 ? "\n" : ""}`);
report();

async function judge(path: string): Promise<void> {
  const file = readCases(path);
  if (typeof file === "string") {
    faults.push(`${path}: ${file}`);
    return;
  }
  const format = (onlyPortable ? [portable] : formats).find((one) => one.recognises(file));
  if (format === undefined || browser?.recognises(file) === false) {
    if (partial) return;
    faults.push(`${path}: not a file of a format of the kits`);
    return;
  }
  const mine = path.startsWith(fixtures);
  const tally: Tally = { passed: 0, failed: 0, excluded: 0, unsupported: 0 };
  tallies.set(mine ? relative(fixtures, path) : path, tally);
  let count = 0;
  for await (const result of (await browser?.run(file)) ?? format.run(file)) {
    count++;
    tallyResult(tally, mine ? relative(fixtures, path) : path, result, mine);
  }
  if (count === 0 && onlyPortable) tallies.delete(mine ? relative(fixtures, path) : path);
  else if (count === 0) faults.push(`${path}: holds no case`);
}

function tallyResult(tally: Tally, file: string, result: CaseResult, mine: boolean): void {
  const id = `${file}#${result.id}`;
  const excluded = mine && !onlyPortable && exclusions.has(id);
  if (excluded) seenExclusions.add(id);
  if (result.outcome === "passed") {
    tally.passed++;
    if (excluded && !rewrite) {
      tally.failed++;
      tally.passed--;
      faults.push(`${id}: passes now: remove this line from ${relative(root, exclusionsPath)}`);
    }
    return;
  }
  if (rewrite) newExclusions.push(`${id}\t${result.outcome}: ${(result.why ?? "").replace(/\s+/g, " ").slice(0, 100)}`);
  if (excluded) {
    tally.excluded++;
    return;
  }
  tally.failed++;
  if (result.outcome === "unsupported") tally.unsupported++;
  if (verbose || faults.length < 200) faults.push(`${id}: ${result.outcome}: ${result.why ?? ""}`);
}

function report(): void {
  const total: Tally = { passed: 0, failed: 0, excluded: 0, unsupported: 0 };
  const folders = new Map<string, Tally>();
  for (const [file, tally] of tallies) {
    const folder = folders.get(dirname(file)) ?? { passed: 0, failed: 0, excluded: 0, unsupported: 0 };
    folders.set(dirname(file), folder);
    for (const key of Object.keys(total) as (keyof Tally)[]) {
      total[key] += tally[key];
      folder[key] += tally[key];
    }
    if (verbose) console.log(row(file, tally));
  }
  for (const fault of faults.slice(0, verbose ? undefined : 60)) console.error(fault);
  if (!verbose && faults.length > 60) console.error(`… and ${faults.length - 60} more (--verbose shows all)`);
  for (const [folder, tally] of folders) console.log(row(folder, tally));
  // A fault that belongs to no case (unreadable file, empty set) is a failure of the run.
  const failed = Math.max(total.failed, faults.length > 0 ? 1 : 0);
  console.log(`excluded: ${total.excluded}, not supported yet: ${total.unsupported}, wrong: ${failed - total.unsupported}`);
  console.log(`${total.passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function row(name: string, tally: Tally): string {
  const all = tally.passed + tally.failed + tally.excluded;
  return `${`${tally.passed}/${all}`.padStart(12)}  ${name}${tally.excluded > 0 ? `  (${tally.excluded} excluded)` : ""}`;
}

/** The case files below a folder. Inside a given folder every file must be one; in the kits their READMEs and data folders are passed over. */
function list(path: string, strict: boolean): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = join(path, entry.name);
      if (entry.isDirectory()) return isDataFolder(full) ? [] : list(full, strict);
      if (entry.name === "_index.json" || !/\.jsonl?$/.test(entry.name)) return [];
      return [full];
    });
}

/** A folder beside a `cases.jsonl` holds the documents that its cases name. */
function isDataFolder(path: string): boolean {
  return existsSync(join(dirname(path), "cases.jsonl")) && basename(dirname(path)) !== "hocon";
}

function readCases(path: string): CaseFile | string {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  return parseCases(path, source);
}

function readExclusions(): ReadonlyMap<string, string> {
  if (!existsSync(exclusionsPath)) return new Map();
  return new Map(
    readFileSync(exclusionsPath, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [id = "", why = ""] = line.split("\t");
        return [id, why] as const;
      }),
  );
}

function exclusionsHeader(): string {
  return "# Cases that do not pass yet: id, tab, why. This list may only shrink; a listed case that passes fails the run.\n";
}
