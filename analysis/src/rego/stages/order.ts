// The stages in OPA's order. A stage that finds a hard error is the last one to run.
import type { Compilation } from "../compilation.ts";
import { checkAnnotationSet, setAnnotations } from "./00-annotations.ts";
import { resolveRefs } from "./01-resolve-refs.ts";
import { checkUnusedImports } from "./02-unused-imports.ts";
import { rewriteRuleHeadRefs } from "./04-rule-head-refs.ts";
import { checkKeywordOverrides } from "./05-keyword-overrides.ts";
import { checkDuplicateImports } from "./06-duplicate-imports.ts";
import { setRuleTree } from "./09-rule-tree.ts";
import { rewriteLocalVars } from "./10-local-vars.ts";
import { rewriteTemplateStrings } from "./11-template-strings.ts";
import { checkVoidCalls } from "./12-void-calls.ts";
import { rewritePrintCalls } from "./13-print-calls.ts";
import { rewriteExprTerms } from "./14-expr-terms.ts";
import { rewriteMetadataCalls } from "./17-metadata-calls.ts";
import { setGraph } from "./18-graph.ts";
import { rewriteComprehensionTerms } from "./19-comprehension-terms.ts";
import { rewriteRefsInHead } from "./20-refs-in-head.ts";
import { rewriteWithValues } from "./21-with-values.ts";
import { checkRuleConflicts } from "./22-rule-conflicts.ts";
import { checkUndefinedFunctions } from "./23-undefined-functions.ts";
import { checkSafetyOfHeads } from "./24-safety-heads.ts";
import { checkSafetyOfBodies } from "./25-safety-bodies.ts";
import { rewriteEquals } from "./26-equals.ts";
import { rewriteDynamicTerms } from "./27-dynamic-terms.ts";
import { checkRecursion } from "./29-recursion.ts";
import { checkTypes } from "./30-types.ts";
import { checkDeprecatedBuiltins } from "./32-deprecated-builtins.ts";

export const moduleStages: readonly ((compilation: Compilation) => void)[] = [
  setAnnotations,
  resolveRefs,
  checkUnusedImports,
  rewriteRuleHeadRefs,
  checkKeywordOverrides,
  checkDuplicateImports,
  setRuleTree,
  rewriteLocalVars,
  rewriteTemplateStrings,
  checkVoidCalls,
  rewritePrintCalls,
  rewriteExprTerms,
  checkAnnotationSet,
  rewriteMetadataCalls,
  setGraph,
  rewriteComprehensionTerms,
  rewriteRefsInHead,
  rewriteWithValues,
  checkRuleConflicts,
  checkUndefinedFunctions,
  checkSafetyOfHeads,
  checkSafetyOfBodies,
  rewriteEquals,
  rewriteDynamicTerms,
  checkRecursion,
  checkTypes,
  checkDeprecatedBuiltins,
];
