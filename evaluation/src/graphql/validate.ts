// A query against a schema: all rules on one walk, by name, as gqlparser orders them.
import type { QueryDocument } from "./ast.ts";
import { GraphqlFault, placed } from "./fault.ts";
import {
  fieldsOnCorrectType,
  knownArgumentNames,
  providedRequiredArguments,
  scalarLeafs,
  uniqueArgumentNames,
} from "./rules-fields.ts";
import {
  fragmentsOnCompositeTypes,
  knownFragmentNames,
  knownTypeNames,
  maxIntrospectionDepth,
  noFragmentCycles,
  noUnusedFragments,
  possibleFragmentSpreads,
  uniqueFragmentNames,
} from "./rules-fragments.ts";
import {
  knownDirectives,
  knownRootType,
  loneAnonymousOperation,
  noUndefinedVariables,
  noUnusedVariables,
  singleFieldSubscriptions,
  uniqueDirectivesPerLocation,
  uniqueOperationNames,
  uniqueVariableNames,
  variablesAreInputTypes,
  variablesInAllowedPosition,
  variablesInOneOf,
} from "./rules-operations.ts";
import { overlappingFieldsCanBeMerged } from "./rules-overlaps.ts";
import { uniqueInputFieldNames, valuesOfCorrectType } from "./rules-values.ts";
import type { Schema } from "./schema-shape.ts";
import { type Rule, Walker } from "./walk.ts";

const rules: readonly (() => Rule)[] = [
  fieldsOnCorrectType,
  fragmentsOnCompositeTypes,
  knownArgumentNames,
  knownDirectives,
  knownFragmentNames,
  knownRootType,
  knownTypeNames,
  loneAnonymousOperation,
  maxIntrospectionDepth,
  noFragmentCycles,
  noUndefinedVariables,
  noUnusedFragments,
  noUnusedVariables,
  overlappingFieldsCanBeMerged,
  possibleFragmentSpreads,
  providedRequiredArguments,
  scalarLeafs,
  singleFieldSubscriptions,
  uniqueArgumentNames,
  uniqueDirectivesPerLocation,
  uniqueFragmentNames,
  uniqueInputFieldNames,
  uniqueOperationNames,
  uniqueVariableNames,
  valuesOfCorrectType,
  variablesAreInputTypes,
  variablesInAllowedPosition,
  variablesInOneOf,
];

/** Throws GraphqlFault with all findings, a line each. */
export function validateQuery(schema: Schema, document: QueryDocument): void {
  const findings: string[] = [];
  const made = rules.map((rule) => rule());
  new Walker(schema, document, made, (message, position) => findings.push(placed(position, message))).walk();
  if (findings.length > 0) throw new GraphqlFault(findings.map((finding) => `${finding}\n`).join(""));
}
