// Rules about fragments: they exist, stand on types that can be there, are used, and do not go round in circles.
import { byName, type Definition, type Field, type FragmentSpread, isComposite, type Selection } from "./ast.ts";
import { quoted, similarNames, suggestion } from "./suggestions.ts";
import type { Rule, Walk } from "./walk.ts";

export const fragmentsOnCompositeTypes = (): Rule => ({
  inline: (walk, { TypeCondition, position }) => {
    const type = walk.schema.types.get(TypeCondition);
    if (type !== undefined && !isComposite(type))
      walk.report(`Fragment cannot condition on non composite type "${TypeCondition}".`, position);
  },
  fragment: (walk, { Name, TypeCondition, definition, position }) => {
    if (definition !== undefined && TypeCondition !== "" && !isComposite(definition))
      walk.report(`Fragment "${Name}" cannot condition on non composite type "${TypeCondition}".`, position);
  },
});

export const knownFragmentNames = (): Rule => ({
  spread: (walk, { Name, definition, position }) => {
    if (definition === undefined) walk.report(`Unknown fragment "${Name}".`, position);
  },
});

export const knownTypeNames = (): Rule => ({
  variable: (walk, variable) => {
    if (variable.definition !== undefined) return;
    let type = variable.Type;
    while (type.NamedType === "" && type.Elem !== undefined) type = type.Elem;
    walk.report(`Unknown type "${type.NamedType}".`, variable.position);
  },
  inline: (walk, { TypeCondition, position }) => {
    if (TypeCondition !== "" && !walk.schema.types.has(TypeCondition)) walk.report(`Unknown type "${TypeCondition}".`, position);
  },
  fragment: (walk, { TypeCondition, position }) => {
    if (walk.schema.types.has(TypeCondition)) return;
    const names = similarNames(TypeCondition, [...walk.schema.types.keys()]);
    walk.report(`Unknown type "${TypeCondition}".${suggestion("Did you mean", quoted(names))}`, position);
  },
});

export const noFragmentCycles = (): Rule => {
  const visited = new Set<string>();
  return {
    fragment: (walk, start) => {
      const path: FragmentSpread[] = [];
      const placeOf = new Map<string, number>();
      const visit = (fragment: typeof start): void => {
        if (visited.has(fragment.Name)) return;
        visited.add(fragment.Name);
        placeOf.set(fragment.Name, path.length);
        for (const spread of spreadsIn(fragment.SelectionSet)) {
          const place = placeOf.get(spread.Name);
          path.push(spread);
          if (place === undefined) {
            const next = byName(walk.document.Fragments, spread.Name);
            if (next !== undefined) visit(next);
          } else {
            const via = path.slice(place, -1).map((one) => `"${one.Name}"`);
            const by = via.length > 0 ? ` via ${via.join(", ")}` : "";
            walk.report(`Cannot spread fragment "${spread.Name}" within itself${by}.`, spread.position);
          }
          path.pop();
        }
        placeOf.delete(fragment.Name);
      };
      visit(start);
    },
  };
};

/** The spreads of a selection set, the deepest sets of a level last. */
function spreadsIn(selections: readonly Selection[]): readonly FragmentSpread[] {
  const spreads: FragmentSpread[] = [];
  const waiting: (readonly Selection[])[] = [selections];
  for (let set = waiting.pop(); set !== undefined; set = waiting.pop())
    for (const selection of set) {
      if (selection.kind === "spread") spreads.push(selection);
      else waiting.push(selection.SelectionSet);
    }
  return spreads;
}

export const noUnusedFragments = (): Rule => {
  const used = new Set<string>();
  let inFragments = false;
  return {
    spread: (_walk, { Name }) => {
      if (!inFragments) used.add(Name);
    },
    fragment: (walk, { Name, position }) => {
      inFragments = true;
      if (!used.has(Name)) walk.report(`Fragment "${Name}" is never used.`, position);
    },
  };
};

export const uniqueFragmentNames = (): Rule => {
  const seen = new Set<string>();
  return {
    fragment: (walk, { Name, position }) => {
      if (seen.has(Name)) walk.report(`There can be only one fragment named "${Name}".`, position);
      seen.add(Name);
    },
  };
};

export const possibleFragmentSpreads = (): Rule => ({
  inline: (walk, { parent, TypeCondition, position }) => {
    if (parent !== undefined && !canBe(walk, parent, TypeCondition))
      walk.report(
        `Fragment cannot be spread here as objects of type "${parent.Name}" can never be of type "${TypeCondition}".`,
        position,
      );
  },
  spread: (walk, { Name, parent, definition, position }) => {
    if (parent !== undefined && definition !== undefined && !canBe(walk, parent, definition.TypeCondition))
      walk.report(
        `Fragment "${Name}" cannot be spread here as objects of type "${parent.Name}" can never be of type "${definition.TypeCondition}".`,
        position,
      );
  },
});

function canBe({ schema }: Walk, parent: Definition, name: string): boolean {
  const type = schema.types.get(name);
  if (!isComposite(parent) || type === undefined || !isComposite(type)) return true;
  const parents = parent.Kind === "OBJECT" ? [parent] : (schema.possible.get(parent.Name) ?? []);
  const possible = new Set((schema.possible.get(type.Name) ?? []).map((one) => one.Name));
  return parents.some((one) => possible.has(one.Name));
}

/** Lists of introspection that may stand inside of one another. */
const mostLists = 3;
const lists = ["fields", "interfaces", "possibleTypes", "inputFields"];

export const maxIntrospectionDepth = (): Rule => ({
  field: (walk, field) => {
    if ((field.Name === "__schema" || field.Name === "__type") && tooDeep(field, new Set(), 0))
      walk.report("Maximum introspection depth exceeded", field.position);
  },
});

function tooDeep(field: Field, open: Set<string>, depth: number): boolean {
  const below = lists.includes(field.Name) ? depth + 1 : depth;
  return below >= mostLists || selectionsTooDeep(field.SelectionSet, open, below);
}

function selectionsTooDeep(selections: readonly Selection[], open: Set<string>, depth: number): boolean {
  return selections.some((selection) => {
    if (selection.kind === "field") return tooDeep(selection, open, depth);
    if (selection.kind === "inline") return selectionsTooDeep(selection.SelectionSet, open, depth);
    if (selection.definition === undefined || open.has(selection.Name)) return false;
    open.add(selection.Name);
    const deep = selectionsTooDeep(selection.definition.SelectionSet, open, depth);
    open.delete(selection.Name);
    return deep;
  });
}
