// Rules about operations, their variables and directives.
import { goQuote } from "#grammars/text/go-quote.ts";
import { byName, isCompatible, isInput, type Position, type Selection, typeText, valueKinds } from "./ast.ts";
import { valueText } from "./value-text.ts";
import type { Rule } from "./walk.ts";

export const knownDirectives = (): Rule => {
  const seen = new Set<string>();
  return {
    directive: (walk, { Name, Location, definition, position }) => {
      if (definition === undefined) return walk.report(`Unknown directive "@${Name}".`, position);
      if (definition.Locations.includes(Location)) return;
      const key = `${Name} ${position?.line} ${position?.column}`;
      if (!seen.has(key)) walk.report(`Directive "@${Name}" may not be used on ${Location}.`, position);
      seen.add(key);
    },
  };
};

export const uniqueDirectivesPerLocation = (): Rule => ({
  directives: (walk, directives) => {
    const seen = new Set<string>();
    for (const { Name, definition, position } of directives) {
      if (definition?.IsRepeatable !== true && seen.has(Name))
        walk.report(`The directive "@${Name}" can only be used once at this location.`, position);
      seen.add(Name);
    }
  },
});

export const knownRootType = (): Rule => ({
  operation: (walk, { Operation, position }) => {
    const role = Operation === "mutation" || Operation === "subscription" ? Operation : "query";
    if (walk.schema[role] === undefined) walk.report(`Schema does not support operation type "${Operation}"`, position);
  },
});

export const loneAnonymousOperation = (): Rule => ({
  operation: (walk, { Name, position }) => {
    if (Name === "" && walk.document.Operations.length > 1)
      walk.report("This anonymous operation must be the only defined operation.", position);
  },
});

export const uniqueOperationNames = (): Rule => {
  const seen = new Set<string>();
  return {
    operation: (walk, { Name, position }) => {
      if (seen.has(Name)) walk.report(`There can be only one operation named "${Name}".`, position);
      seen.add(Name);
    },
  };
};

export const singleFieldSubscriptions = (): Rule => ({
  operation: (walk, { Operation, Name, SelectionSet }) => {
    if (walk.schema.subscription === undefined || Operation !== "subscription") return;
    const fields = topFields(SelectionSet);
    const name = Name === "" ? "Anonymous Subscription" : `Subscription ${goQuote(Name)}`;
    const [, second] = [...fields.values()];
    if (fields.size > 1) walk.report(`${name} must select only one top level field.`, second);
    for (const [field, position] of fields)
      if (field.startsWith("__")) walk.report(`${name} must not select an introspection top level field.`, position);
  },
});

/** Fields by name, with the place of the first one. */
function topFields(selections: readonly Selection[]): ReadonlyMap<string, Position | undefined> {
  const fields = new Map<string, Position | undefined>();
  const open = new Set<string>();
  const visit = (set: readonly Selection[]): void => {
    for (const selection of set) {
      if (selection.kind === "field") {
        if (!fields.has(selection.Name)) fields.set(selection.Name, selection.position);
      } else if (selection.kind === "inline") visit(selection.SelectionSet);
      else if (selection.definition === undefined) return;
      else if (!open.has(selection.definition.Name)) {
        open.add(selection.definition.Name);
        visit(selection.definition.SelectionSet);
      }
    }
  };
  visit(selections);
  return fields;
}

export const noUndefinedVariables = (): Rule => ({
  value: (walk, value) => {
    if (walk.operation === undefined || value.Kind !== valueKinds.variable || value.variable !== undefined) return;
    const by = walk.operation.Name === "" ? "" : ` by operation "${walk.operation.Name}"`;
    walk.report(`Variable "$${value.Raw}" is not defined${by}.`, value.position);
  },
});

export const noUnusedVariables = (): Rule => ({
  operation: (walk, { Name, VariableDefinitions }) => {
    for (const { Variable, Used, position } of VariableDefinitions)
      if (!Used) walk.report(`Variable "$${Variable}" is never used${Name === "" ? "" : ` in operation "${Name}"`}.`, position);
  },
});

export const uniqueVariableNames = (): Rule => ({
  operation: (walk, { VariableDefinitions }) => {
    const counts = new Map<string, number>();
    for (const { Variable, position } of VariableDefinitions) {
      const count = counts.get(Variable) ?? 0;
      if (count === 1) walk.report(`There can be only one variable named "$${Variable}".`, position);
      counts.set(Variable, count + 1);
    }
  },
});

export const variablesAreInputTypes = (): Rule => ({
  operation: (walk, { VariableDefinitions }) => {
    for (const { Variable, Type, definition, position } of VariableDefinitions)
      if (definition !== undefined && !isInput(definition))
        walk.report(`Variable "$${Variable}" cannot be non-input type "${typeText(Type)}".`, position);
  },
});

export const variablesInAllowedPosition = (): Rule => ({
  value: (walk, value) => {
    const { variable, expected } = value;
    if (value.Kind !== valueKinds.variable || expected === undefined || variable === undefined || walk.operation === undefined)
      return;
    const hasDefault = variable.DefaultValue !== undefined && variable.DefaultValue.Kind !== valueKinds.null;
    const wanted = hasDefault || value.ExpectedTypeHasDefault ? { ...expected, NonNull: false } : expected;
    if (!isCompatible(variable.Type, wanted))
      walk.report(
        `Variable "${valueText(value)}" of type "${typeText(variable.Type)}" used in position expecting type "${typeText(expected)}".`,
        value.position,
      );
  },
});

export const variablesInOneOf = (): Rule => ({
  value: (walk, value) => {
    const { definition } = value;
    if (value.Kind !== valueKinds.object || definition === undefined) return;
    if (byName(definition.Directives, "oneOf") === undefined) return;
    for (const { Value } of value.Children) {
      const { variable } = Value;
      if (Value.Kind !== valueKinds.variable || variable === undefined || variable.Type.NonNull) continue;
      walk.report(
        `Variable "${valueText(Value)}" is of type "${typeText(variable.Type)}" but must be non-nullable to be used for OneOf Input Object "${definition.Name}".`,
        variable.position,
      );
    }
  },
});
