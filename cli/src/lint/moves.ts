// Where `rw fix` moves policies whose folder is not that of their package, and what stands in the way.
import type { Fixed } from "#lint/fixing.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { basename, nearestFolder, relative, resolve } from "#workspace/paths.ts";

export interface Moves {
  /** The new paths, written as the old ones are: from the working directory where that is. */
  readonly moves: ReadonlyMap<LintFile, string>;
  /** A sentence for each file that cannot go where it belongs. */
  readonly conflicts: readonly string[];
}

export interface MovePlaces {
  readonly cwd: string;
  /** Folders that packages are seen from; the nearest one around a file is its root. */
  readonly roots: readonly string[];
  readonly exists: (path: string) => boolean;
  /** Gives a file whose place is taken another name, `policy_1.rego`. */
  readonly renames: boolean;
}

export function plannedMoves(fixes: readonly Fixed[], places: MovePlaces): Moves {
  const moves = new Map<LintFile, string>();
  const conflicts: string[] = [];
  const taken = new Set<string>();
  for (const { before: file, moveTo } of fixes) {
    if (file.absolutePath === undefined || moveTo === undefined) continue;
    const from = file.absolutePath;
    const root = nearestFolder(from, places.roots);
    const wanted = root === undefined ? from : resolve(root, `${moveTo}/${basename(from)}`);
    if (wanted === from) continue;
    const isFree = (path: string): boolean => !taken.has(path) && !places.exists(path);
    const to = isFree(wanted) ? wanted : places.renames ? numbered(wanted, isFree) : undefined;
    if (to === undefined) {
      const why = taken.has(wanted) ? "another file is to go there" : "there is such a file";
      conflicts.push(`${file.path} cannot be moved to ${relative(places.cwd, wanted)}: ${why}`);
      continue;
    }
    taken.add(to);
    moves.set(file, relative(places.cwd, to));
  }
  return { moves, conflicts };
}

function numbered(path: string, isFree: (path: string) => boolean): string {
  const [, stem = path, test = "", end = ""] = /^(.*?)(_test)?(\.rego)$/su.exec(path) ?? [];
  for (let number = 1; ; number++) {
    const other = `${stem}_${number}${test}${end}`;
    if (isFree(other)) return other;
  }
}
