// `parse`, `inspect` and `deps` of projects written at random and of changed modules of the kit: the trees, packages, annotations, capabilities and dependencies that OPA shows.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, random } from "./random.ts";
import { type Answer, askOpa, askUs, putFiles } from "./rego-ask.ts";
import { changedModules } from "./rego-check.ts";
import { writtenProject } from "./rego-written.ts";

/** Differences that are printed. */
const mostShown = 40;
const queries = ["data", "data.a", "data.a.p", "data.b.q", "data.a.b.f(1, x)", "data.a.b.r[x] = input.b"];

/** Asks each project one thing for so long and prints every difference; 1 when there was one. */
export async function compareShown(seconds: number, first: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const end = performance.now() + seconds * 1000;
  const changed = changedModules();
  let [tried, different, seed] = [0, 0, first];
  try {
    for (; performance.now() < end; seed++, tried++) {
      const source = random(seed);
      const { files, flags } = source.below(2) === 0 ? writtenProject(source) : changed(source);
      putFiles(folder, files);
      const asked = question(Object.keys(files), source);
      if (flags.includes("--v0-compatible") && asked[0] !== "deps") asked.push("--v0-compatible");
      const ours = await askUs(folder, asked);
      let theirs = askOpa(folder, asked);
      // OPA reads the files of a bundle at the same time, and tells of the first that is wrong.
      const isAnyOf = ({ text }: Answer): boolean => text.startsWith("error: bundle .:");
      const isEqual = (): boolean =>
        theirs === undefined ||
        (theirs.code === ours.code && (steady(theirs) === steady(ours) || (isAnyOf(theirs) && isAnyOf(ours))));
      // OPA walks maps.
      for (let again = 0; again < 4 && !isEqual(); again++) theirs = askOpa(folder, asked);
      if (isEqual()) continue;
      if (++different > mostShown) continue;
      const texts = Object.entries(files).flatMap(([name, text]) => (name.endsWith(".rego") ? [`--- ${name}\n${text}`] : []));
      console.log(`--seed ${seed} ${asked.join(" ")}\n${linesApart(theirs?.text ?? "", ours.text)}\n${texts.join("\n")}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`rego-shown: ${tried} projects from seed ${first}, ${different} are shown otherwise than by OPA`);
  return different === 0 ? 0 : 1;
}

/** The text without the ways round in circles: OPA takes another one each time. */
function steady({ text }: Answer): string {
  return text.replaceAll(/(?<=is recursive: ).*/gu, "");
}

function question(names: readonly string[], source: Random): string[] {
  const modules = names.filter((name) => name.endsWith(".rego"));
  const annotated = source.pick([["-a"], []]);
  return source.pick([
    [
      "parse",
      "--format",
      "json",
      "--json-include",
      source.pick(["locations", "locations,-comments", "comments"]),
      source.pick(modules),
    ],
    ["parse", source.pick(modules)],
    ["inspect", "--format", "json", ...annotated, source.pick([...modules, "."])],
    ["inspect", ...annotated, source.pick([...modules, "."])],
    ["deps", "--format", source.pick(["json", "pretty"]), ...modules.flatMap((name) => ["-d", name]), source.pick(queries)],
  ]);
}

/** The lines around the first that differs, of both. */
function linesApart(theirs: string, ours: string): string {
  const [a, b] = [theirs.split("\n"), ours.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const from = Math.max((at < 0 ? a.length : at) - 4, 0);
  const shown = (lines: readonly string[]): string => lines.slice(from, from + 14).join("\n");
  return `OPA (line ${from + 1}):\n${shown(a)}\nwe:\n${shown(b)}`;
}
