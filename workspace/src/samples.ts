// Sample inputs of a project: which files they are, and what stands beside them.
import { matchesGlob } from "./glob.ts";
import { basename, dirname, extension, relative } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

export interface Sample {
  /** The file's name, made unique by its folder where two share it: `clerk.conf`, `eu/clerk.conf`. */
  readonly name: string;
  readonly file: SourceFile;
  /** `NAME.expected.json` (or `.conf`) beside it. */
  readonly expected: SourceFile | undefined;
}

/** True for the files of expected decisions, which are never inputs. */
export function isExpectation(path: string): boolean {
  return /\.expected\.(?:json|conf|hocon|yaml|yml)$/u.test(path);
}

/** The samples below `root` in the order of their paths. */
export function findSamples(root: string, files: Iterable<SourceFile>, globs: readonly string[]): readonly Sample[] {
  const all = [...files];
  const byPath = new Map(all.map((file) => [file.path, file]));
  const found = all
    .filter((file) => !isExpectation(file.path) && basename(file.path) !== "rw.conf")
    .filter((file) => file.kind === "hocon" || file.kind === "json" || file.kind === "yaml")
    .filter((file) => globs.some((glob) => matchesGlob(relative(root, file.path), glob)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = new Map<string, number>();
  for (const file of found) count.set(basename(file.path), (count.get(basename(file.path)) ?? 0) + 1);
  return found.map((file) => {
    const stem = file.path.slice(0, file.path.length - extension(file.path).length - 1);
    const name = basename(file.path);
    return {
      name: count.get(name)! > 1 ? relative(root, file.path) : name,
      file,
      expected: ["json", "conf", "hocon"].map((ending) => byPath.get(`${stem}.expected.${ending}`)).find((f) => f !== undefined),
    };
  });
}

/** The samples in the order a reader expects to be offered them: those near a policy first. */
export function nearestFirst(samples: readonly Sample[], path: string): readonly Sample[] {
  const folders = dirname(path).split("/");
  const shared = (sample: Sample) => {
    const other = dirname(sample.file.path).split("/");
    let same = 0;
    while (same < folders.length && same < other.length && folders[same] === other[same]) same++;
    return same;
  };
  return [...samples].sort((a, b) => shared(b) - shared(a));
}
