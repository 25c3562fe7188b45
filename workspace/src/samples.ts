// Sample inputs of a project: which files they are, and what stands beside them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { matchesGlob } from "#grammars/text/glob.ts";
import { basename, dirname, extension, relative } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

export interface Sample {
  /** The file's name, made unique by its folder where two share it: `clerk.conf`, `eu/clerk.conf`. */
  readonly name: string;
  readonly file: SourceFile;
  /** `NAME.expected.json` (or one of the other endings) beside it. */
  readonly expected: SourceFile | undefined;
}

/** Of two beside one sample the first is read. */
const expectationEndings: readonly string[] = ["json", "conf", "hocon", "yaml", "yml"];
const expectationName = new RegExp(`\\.expected\\.(?:${expectationEndings.join("|")})$`, "u");

/** True for the files of expected decisions, which are never inputs. */
export function isExpectation(path: string): boolean {
  return expectationName.test(path);
}

/** The samples below `root` in the order of their paths. */
export function findSamples(root: string, files: Iterable<SourceFile>, globs: readonly string[]): readonly Sample[] {
  const documents = [...files].filter(({ kind }) => kind === "hocon" || kind === "json" || kind === "yaml");
  const byPath = new Map(documents.map((file) => [file.path, file]));
  const found = documents
    .filter((file) => !isExpectation(file.path) && basename(file.path) !== "rw.conf")
    .filter((file) => globs.some((glob) => matchesGlob(relative(root, file.path), glob)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = new Map<string, number>();
  for (const file of found) count.set(basename(file.path), (count.get(basename(file.path)) ?? 0) + 1);
  return found.map((file) => {
    const stem = stemOf(file.path);
    const name = basename(file.path);
    return {
      name: count.get(name)! > 1 ? relative(root, file.path) : name,
      file,
      expected: expectationEndings.map((ending) => byPath.get(`${stem}.expected.${ending}`)).find((f) => f !== undefined),
    };
  });
}

/** Files of expected decisions that belong to no sample: nobody is asked what they say. */
export function strayExpectations(files: Iterable<SourceFile>, samples: readonly Sample[]): readonly Diagnostic[] {
  const read = new Map(samples.flatMap(({ file, expected }) => (expected === undefined ? [] : [[stemOf(file.path), expected]])));
  const taken = new Set(read.values());
  return [...files]
    .filter((file) => isExpectation(file.path) && !taken.has(file) && /\bdecisions\b/u.test(file.text))
    .map((file): Diagnostic => {
      const stem = file.path.replace(expectationName, "");
      const other = read.get(stem);
      const message =
        other === undefined
          ? `nothing is decided by this file: no sample input ${basename(stem)} (.conf, .json or .yaml) stands beside it`
          : `nothing is decided by this file: ${basename(other.path)} beside it says what is expected`;
      return { file: file.path, range: { start: 0, end: 0 }, severity: "warning", code: "rw_expected_error", message };
    });
}

const stemOf = (path: string): string => path.slice(0, path.length - extension(path).length - 1);

/** What the order of samples goes by, besides the folder of a policy. */
export interface Nearness {
  readonly packageName?: string;
  /** The files that were chosen before, the latest first. */
  readonly recent?: readonly string[];
}

/** The samples in the order a reader expects to be offered them: by folder, then those named for the package, then those used lately. */
export function nearestFirst(
  samples: readonly Sample[],
  path: string,
  { packageName = "", recent = [] }: Nearness = {},
): readonly Sample[] {
  const folders = dirname(path).split("/");
  const name = packageName.slice(packageName.lastIndexOf(".") + 1).replace(/_test$/u, "");
  const ranked = samples.map((sample) => {
    const parts = sample.file.path.split("/");
    let shared = 0;
    while (shared < folders.length && shared < parts.length - 1 && folders[shared] === parts[shared]) shared++;
    const used = recent.indexOf(sample.file.path);
    return { sample, shared, named: isNamedFor(parts.slice(shared), name) ? 1 : 0, used: used < 0 ? recent.length : used };
  });
  ranked.sort((a, b) => b.shared - a.shared || b.named - a.named || a.used - b.used);
  return ranked.map(({ sample }) => sample);
}

/** True when a folder, the file or a word in their names is called so: `orders/clerk.conf`, `orders.json`, `clerk-orders.json`. */
function isNamedFor(parts: readonly string[], name: string): boolean {
  return parts.some((part) => part.split(/[.-]/u).includes(name) || part.split(/[^\p{L}\p{N}]+/u).includes(name));
}
