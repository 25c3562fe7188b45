// Rules about fields and their arguments: they exist, are given once, have what they need, and are leaves or not.
import {
  type Argument,
  type ArgumentDefinition,
  byName,
  type Definition,
  type Field,
  isLeaf,
  typeName,
  typeText,
} from "./ast.ts";
import { quoted, similarNames, suggestion } from "./suggestions.ts";
import type { Rule, Walk } from "./walk.ts";

export const fieldsOnCorrectType = (): Rule => ({
  field: (walk, { Name, parent, definition, position }) => {
    if (parent === undefined || definition !== undefined) return;
    const types = typesWithField(walk, parent, Name);
    const hint =
      types.length > 0
        ? suggestion("Did you mean to use an inline fragment on", quoted(types))
        : suggestion("Did you mean", quoted(fieldsLike(parent, Name)));
    walk.report(`Cannot query field "${Name}" on type "${parent.Name}".${hint}`, position);
  },
});

/** Types of an abstract one that have the field, interfaces first by how many of them share it. */
function typesWithField({ schema }: Walk, parent: Definition, name: string): readonly string[] {
  if (parent.Kind !== "INTERFACE" && parent.Kind !== "UNION") return [];
  const objects: string[] = [];
  const usage = new Map<string, number>();
  for (const possible of schema.possible.get(parent.Name) ?? []) {
    if (byName(possible.Fields, name) === undefined) continue;
    objects.push(possible.Name);
    for (const one of possible.Interfaces) {
      const definition = schema.types.get(one);
      if (definition !== undefined && byName(definition.Fields, name) !== undefined) usage.set(one, (usage.get(one) ?? 0) + 1);
    }
  }
  const order = (a: string, b: string): number => (usage.get(b) ?? 0) - (usage.get(a) ?? 0) || (a < b ? -1 : a > b ? 1 : 0);
  return [...usage.keys(), ...objects].sort(order);
}

function fieldsLike(parent: Definition, name: string): readonly string[] {
  if (parent.Kind !== "OBJECT" && parent.Kind !== "INTERFACE") return [];
  return similarNames(
    name,
    parent.Fields.map((field) => field.Name),
  );
}

export const knownArgumentNames = (): Rule => {
  const check = (
    walk: Walk,
    args: readonly Argument[],
    definitions: readonly ArgumentDefinition[],
    where: string,
    position: Field["position"],
  ): void => {
    const names = definitions.map((one) => one.Name);
    for (const { Name } of args)
      if (!names.includes(Name))
        walk.report(
          `Unknown argument "${Name}" on ${where}.${suggestion("Did you mean", quoted(similarNames(Name, names)))}`,
          position,
        );
  };
  return {
    field: (walk, { Name, Arguments, definition, parent, position }) => {
      if (definition !== undefined && parent !== undefined)
        check(walk, Arguments, definition.Arguments, `field "${parent.Name}.${Name}"`, position);
    },
    directive: (walk, { Name, Arguments, definition, position }) => {
      if (definition !== undefined) check(walk, Arguments, definition.Arguments, `directive "@${Name}"`, position);
    },
  };
};

export const providedRequiredArguments = (): Rule => {
  const check = (
    walk: Walk,
    args: readonly Argument[],
    definitions: readonly ArgumentDefinition[],
    where: string,
    position: Field["position"],
  ): void => {
    for (const { Name, Type, DefaultValue } of definitions)
      if (Type.NonNull && DefaultValue === undefined && byName(args, Name) === undefined)
        walk.report(`${where} argument "${Name}" of type "${typeText(Type)}" is required, but it was not provided.`, position);
  };
  return {
    field: (walk, { Name, Arguments, definition, position }) => {
      if (definition !== undefined) check(walk, Arguments, definition.Arguments, `Field "${Name}"`, position);
    },
    directive: (walk, { Arguments, definition, position }) => {
      if (definition !== undefined) check(walk, Arguments, definition.Arguments, `Directive "@${definition.Name}"`, position);
    },
  };
};

export const uniqueArgumentNames = (): Rule => {
  const check = (walk: Walk, args: readonly Argument[]): void => {
    const counts = new Map<string, number>();
    for (const { Name, position } of args) {
      const count = counts.get(Name) ?? 0;
      if (count === 1) walk.report(`There can be only one argument named "${Name}".`, position);
      counts.set(Name, count + 1);
    }
  };
  return {
    field: (walk, field) => check(walk, field.Arguments),
    directive: (walk, directive) => check(walk, directive.Arguments),
  };
};

export const scalarLeafs = (): Rule => ({
  field: (walk, { Name, definition, SelectionSet, position }) => {
    const type = definition === undefined ? undefined : walk.schema.types.get(typeName(definition.Type));
    if (definition === undefined || type === undefined) return;
    if (isLeaf(type) && SelectionSet.length > 0)
      walk.report(`Field "${Name}" must not have a selection since type "${type.Name}" has no subfields.`, position);
    if (!isLeaf(type) && SelectionSet.length === 0)
      walk.report(
        `Field "${Name}" of type "${typeText(definition.Type)}" must have a selection of subfields. Did you mean "${Name} { ... }"?`,
        position,
      );
  },
});
