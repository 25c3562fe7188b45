// What the planner of one function asks of the plan around it.
import type { Range } from "#grammars/rego/ast.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { AskedKeys } from "./asked-keys.ts";
import type { Generation, Mock } from "./generation.ts";
import type { Mark } from "./marks.ts";
import type { Program } from "./program.ts";
import type { RuleIndex } from "./rule-index.ts";
import type { PlannedRule, TrieNode } from "./rule-trie.ts";

/** Whether bodies are tried only when the index of their rules lets them: for coverage, which tells what was tried. */
export type Indexing = "always" | "never";

/** What a construct that is not there yet gives instead of a wrong plan. */
export interface Unsupported {
  readonly file: number;
  readonly range: Range;
  readonly what: string;
}

export interface Surroundings {
  readonly program: Program;
  /** Where all rules begin. */
  readonly root: TrieNode;
  /** By the number of the file. */
  readonly lines: readonly (LineIndex | undefined)[];
  readonly indexing: Indexing | undefined;
  readonly earlyExit: boolean | undefined;
  /** The marks so far, where the plan is to have some. */
  readonly marks: Mark[] | undefined;
  /** Whether marks or prints may tell in which order things happen. */
  readonly tells: boolean;
  /** Whether `with` may replace something in a base document that is read as a whole. */
  readonly replacesInside: boolean;
  readonly unsupported: Unsupported[];
  /** The generation for what `with` replaces, with so many locals for values of mocks. */
  generation(mocks: ReadonlyMap<string, Mock>, replaced: readonly (readonly string[])[], slots: number): Generation;
  indexOf(node: TrieNode): RuleIndex;
  /** The name of the function for a node, planned now or soon; `rules` are those of its rules that a ref can mean, `asked` the keys that it gives; `isWanted`: it only looks for a value that it is given. */
  functionFor(
    node: TrieNode,
    generation: Generation,
    rules?: readonly PlannedRule[],
    asked?: AskedKeys,
    isWanted?: boolean,
  ): string;
}
