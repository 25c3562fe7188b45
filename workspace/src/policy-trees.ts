// The tree of each policy, read once for each text and dialect, whatever projects the file stands in.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseSteps } from "#grammars/rego/parse.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { SourceFile } from "./source-file.ts";
import { memoryOf } from "./statement-memories.ts";

interface Parsed {
  readonly version: RegoVersion;
  readonly parsed: ParsedModule;
}

const trees = new WeakMap<SourceFile, Parsed>();

/** The tree that is there already. */
export function knownTree(file: SourceFile, version: RegoVersion): ParsedModule | undefined {
  const known = trees.get(file);
  return known?.version === version ? known.parsed : undefined;
}

/** The tree, read in short steps where it is not there. */
export function* treeSteps(file: SourceFile, version: RegoVersion): Steps<ParsedModule> {
  const known = knownTree(file, version);
  if (known !== undefined) return known;
  const options = { file: file.path, version, allStatements: true, isBuiltin: isBuiltinName, memory: memoryOf(file) };
  const parsed = yield* parseSteps(file.text, options);
  trees.set(file, { version, parsed });
  return parsed;
}
