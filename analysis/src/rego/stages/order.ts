// The stages in OPA's order, in groups between which all modules have to be known. A stage that finds a hard error is the last one to run.
import type { Compilation } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { restoreHeadOfRules } from "../shared-heads.ts";
import { resolveRefs } from "./01-resolve-refs.ts";
import { checkUnusedImports } from "./02-unused-imports.ts";
import { rewriteRuleHeadRefs } from "./04-rule-head-refs.ts";
import { checkKeywordOverrides } from "./05-keyword-overrides.ts";
import { checkDuplicateImports } from "./06-duplicate-imports.ts";
import { rewriteLocalVars } from "./10-local-vars.ts";
import { rewriteTemplateStrings } from "./11-template-strings.ts";
import { checkVoidCalls } from "./12-void-calls.ts";
import { rewritePrintCalls } from "./13-print-calls.ts";
import { rewriteExprTerms } from "./14-expr-terms.ts";
import { rewriteMetadataCalls } from "./17-metadata-calls.ts";
import { collectRefs } from "./18-graph.ts";
import { rewriteComprehensionTerms } from "./19-comprehension-terms.ts";
import { rewriteRefsInHead } from "./20-refs-in-head.ts";
import { rewriteWithValues } from "./21-with-values.ts";
import { checkUndefinedFunctions } from "./23-undefined-functions.ts";
import { checkSafetyOfHeads } from "./24-safety-heads.ts";
import { checkSafetyOfBodies } from "./25-safety-bodies.ts";
import { rewriteEquals } from "./26-equals.ts";
import { rewriteDynamicTerms } from "./27-dynamic-terms.ts";
import { checkDeprecatedBuiltins } from "./32-deprecated-builtins.ts";

/** A stage that works on one module, or on some rules of it; of the others it sees the names of rules, and once it is there the rule tree. */
export interface ModuleStage {
  /** Its place among all stages: of what they find, the findings of the earliest one that fails are the last to be told. */
  readonly at: number;
  readonly run: (compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]) => void;
}

/**
 * Places of the stages that work on all modules together, and of that whose findings depend on them. What is wrong with the schema of `input` is told with what the first stage finds;
 * METADATA is read before them all, or where it is only wanted for calls of `rego.metadata`, in a stage of its own.
 */
export const stageOf = {
  annotations: 0,
  inputSchema: 1,
  metadataBlocks: 15,
  annotationSet: 16,
  conflicts: 22,
  recursion: 29,
  types: 30,
  deprecated: 32,
} as const;

/** The group whose stages each look at one rule after the other. They take some rules at a time, so that the trees are at hand for the next stage. */
export const groupByRules = 2;

/** Groups of stages: before the rule tree, before the check of conflicts, before the check of recursion, after that of types. */
export const moduleStages: readonly (readonly ModuleStage[])[] = [
  [
    { at: 1, run: resolveRefs },
    { at: 2, run: checkUnusedImports },
    { at: 4, run: rewriteRuleHeadRefs },
    { at: 5, run: checkKeywordOverrides },
    { at: 6, run: checkDuplicateImports },
  ],
  [
    { at: 10, run: rewriteLocalVars },
    { at: 11, run: rewriteTemplateStrings },
    { at: 12, run: checkVoidCalls },
    { at: 13, run: rewritePrintCalls },
    { at: 14, run: rewriteExprTerms },
    { at: 17, run: rewriteMetadataCalls },
    { at: 18, run: collectRefs },
    { at: 19, run: rewriteComprehensionTerms },
    { at: 20, run: rewriteRefsInHead },
    { at: 21, run: rewriteWithValues },
    { at: 22, run: restoreHeadOfRules },
  ],
  [
    { at: 23, run: checkUndefinedFunctions },
    { at: 24, run: checkSafetyOfHeads },
    { at: 25, run: checkSafetyOfBodies },
    { at: 26, run: rewriteEquals },
    { at: 27, run: rewriteDynamicTerms },
  ],
  [{ at: stageOf.deprecated, run: checkDeprecatedBuiltins }],
];
