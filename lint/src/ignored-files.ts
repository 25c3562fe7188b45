// Patterns of files that are left out, as in `.gitignore`: `lib/` for folders, `*_tmp.rego` anywhere, `lib/old.rego` from the project's folder.
import { matchesGlob } from "#grammars/text/glob.ts";

/** True for the relative paths that one of the patterns means. */
export function ignoredFiles(patterns: readonly string[]): (relativePath: string) => boolean {
  const globs = patterns.filter((pattern) => pattern !== "").flatMap(globsOf);
  return (path) => globs.some((glob) => matchesGlob(path, glob));
}

function globsOf(pattern: string): readonly string[] {
  const isAnchored = pattern.replace(/\/$/u, "").includes("/");
  const glob = isAnchored ? pattern.replace(/^\//u, "") : `**/${pattern}`;
  if (glob.endsWith("**")) return [glob];
  // A name may be a file or a folder with all that is in it.
  return glob.endsWith("/") ? [`${glob}**`] : [glob, `${glob}/**`];
}
