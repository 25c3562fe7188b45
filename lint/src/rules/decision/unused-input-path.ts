// A path that a sample writes and that no rule reads: a name that was mistyped, or a fact that the policies forgot to look at.
import { matchesGlob } from "../../dotted-glob.ts";
import { type InputRead, inputReads, isOnPath } from "../../input-reads.ts";
import { decisionRule } from "../../rule.ts";

export const unusedInputPath = decisionRule({
  name: "unused-input-path",
  category: "decision",
  description: "Path of the input that no rule reads",
  level: "ignore",
  options: { "except-paths": [] as readonly string[] },
  *decide({ files, samples }, { "except-paths": excepted }) {
    if (samples.length === 0 || files.length === 0) return;
    const reads = distinct(files.filter(({ packageName }) => !packageName.endsWith("_test")).flatMap(inputReads));
    for (const { document, keys, used } of samples) {
      /** Nothing is said of what is below these. */
      const said: string[] = [];
      for (const { path, range } of keys) {
        const name = ["input", ...path].join(".");
        if (said.some((above) => name === above || name.startsWith(`${above}.`))) continue;
        if ([...reads, ...used].some((read) => isOnPath(read, path))) continue;
        said.push(name);
        if (excepted.some((pattern) => matchesGlob(name, pattern))) continue;
        yield { file: document, range, message: `No rule reads ${name}` };
      }
    }
  },
});

function distinct(reads: readonly InputRead[]): readonly InputRead[] {
  return [...new Map(reads.map((read) => [JSON.stringify(read), read])).values()];
}
