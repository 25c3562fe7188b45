// Rules about values: they have the type that is expected at their place.
import { byName, type Definition, type GraphqlValue, type Type, typeText, valueKinds } from "./ast.ts";
import { quoted, similarNames, suggestion } from "./suggestions.ts";
import { valueText } from "./value-text.ts";
import type { Rule, Walk } from "./walk.ts";

export const uniqueInputFieldNames = (): Rule => ({
  value: (walk, value) => {
    if (value.Kind !== valueKinds.object) return;
    const seen = new Set<string>();
    for (const { Name, position } of value.Children) {
      if (seen.has(Name)) walk.report(`There can be only one input field named "${Name}".`, position);
      seen.add(Name);
    }
  },
});

const ownScalars = ["Int", "Float", "String", "Boolean", "ID"];

export const valuesOfCorrectType = (): Rule => ({
  value: (walk, value) => {
    const { definition, expected } = value;
    if (definition === undefined || expected === undefined) return;
    if (value.Kind === valueKinds.null && expected.NonNull)
      walk.report(`Expected value of type "${typeText(expected)}", found ${valueText(value)}.`, value.position);
    // A scalar of the schema's own takes anything.
    if (definition.Kind === "SCALAR" && !ownScalars.includes(definition.Name)) return;
    checkNumber(walk, value, definition, expected);
    checkValue(walk, value, definition, expected);
  },
});

/** An integer beyond 64 bits or a float beyond double precision cannot be read. */
function checkNumber(walk: Walk, value: GraphqlValue, definition: Definition, expected: Type): void {
  if (numbersIn(value).some((one) => !isReadable(one))) report(walk, value, definition, expected);
}

function numbersIn(value: GraphqlValue): readonly GraphqlValue[] {
  return value.Children.length === 0 ? [value] : value.Children.flatMap((child) => numbersIn(child.Value));
}

function isReadable({ Kind, Raw }: GraphqlValue): boolean {
  if (Kind === valueKinds.float) return Number.isFinite(Number(Raw));
  if (Kind !== valueKinds.int || !/^-?[0-9]+$/u.test(Raw)) return true;
  return BigInt(Raw) === BigInt.asIntN(64, BigInt(Raw));
}

function checkValue(walk: Walk, value: GraphqlValue, definition: Definition, expected: Type): void {
  const isOneOf = (...names: readonly string[]): boolean => names.includes(definition.Name);
  switch (value.Kind) {
    case valueKinds.variable:
    case valueKinds.null:
      return;
    case valueKinds.list:
      if (expected.Elem === undefined) report(walk, value, definition, expected);
      return;
    case valueKinds.int:
      if (!isOneOf("Int", "Float", "ID")) report(walk, value, definition, expected);
      return;
    case valueKinds.float:
      if (!isOneOf("Float")) report(walk, value, definition, expected);
      return;
    case valueKinds.boolean:
      if (!isOneOf("Boolean")) report(walk, value, definition, expected);
      return;
    case valueKinds.string:
    case valueKinds.block:
      if (definition.Kind === "ENUM")
        walk.report(
          `Enum "${typeText(expected)}" cannot represent non-enum value: ${valueText(value)}.${enumHint(value, definition)}`,
          value.position,
        );
      else if (!isOneOf("String", "ID")) report(walk, value, definition, expected);
      return;
    case valueKinds.enum:
      if (definition.Kind !== "ENUM") report(walk, value, definition, expected);
      else if (byName(definition.EnumValues, value.Raw) === undefined)
        walk.report(
          `Value "${valueText(value)}" does not exist in "${typeText(expected)}" enum.${enumHint(value, definition)}`,
          value.position,
        );
      return;
    case valueKinds.object:
      checkObject(walk, value, definition);
  }
}

function enumHint({ Raw }: GraphqlValue, { EnumValues }: Definition): string {
  const names = similarNames(
    Raw,
    EnumValues.map((one) => one.Name),
  );
  return suggestion("Did you mean the enum value", quoted(names));
}

function checkObject(walk: Walk, value: GraphqlValue, definition: Definition): void {
  for (const field of definition.Fields)
    if (field.Type.NonNull && field.DefaultValue === undefined && byName(value.Children, field.Name) === undefined)
      walk.report(
        `Field "${definition.Name}.${field.Name}" of required type "${typeText(field.Type)}" was not provided.`,
        value.position,
      );
  for (const { Name } of definition.Directives) if (Name === "oneOf") checkOneOf(walk, value, definition);
  const names = definition.Fields.map((field) => field.Name);
  for (const { Name, position } of value.Children)
    if (!names.includes(Name))
      walk.report(
        `Field "${Name}" is not defined by type "${definition.Name}".${suggestion("Did you mean", quoted(similarNames(Name, names)))}`,
        position,
      );
}

function checkOneOf(walk: Walk, value: GraphqlValue, definition: Definition): void {
  const [only, ...more] = value.Children;
  if (only === undefined || more.length > 0)
    return walk.report(`OneOf Input Object "${definition.Name}" must specify exactly one key.`, value.position);
  if (only.Value.Kind === valueKinds.null)
    walk.report(`Field "${definition.Name}.${definition.Fields[0]?.Name ?? ""}" must be non-null.`, only.Value.position);
}

function report(walk: Walk, value: GraphqlValue, definition: Definition, expected: Type): void {
  walk.report(unexpected(value, definition, typeText(expected)), value.position);
}

function unexpected(value: GraphqlValue, definition: Definition, type: string): string {
  const text = valueText(value);
  switch (type) {
    case "Int":
    case "Int!":
      return /^[-+]?[0-9]+$/u.test(value.Raw) && BigInt(value.Raw) !== BigInt.asIntN(32, BigInt(value.Raw))
        ? `Int cannot represent non 32-bit signed integer value: ${text}`
        : `Int cannot represent non-integer value: ${text}`;
    case "String":
    case "String!":
    case "[String]":
      return `String cannot represent a non string value: ${text}`;
    case "Boolean":
    case "Boolean!":
      return `Boolean cannot represent a non boolean value: ${text}`;
    case "Float":
    case "Float!":
      return `Float cannot represent non numeric value: ${text}`;
    case "ID":
    case "ID!":
      return `ID cannot represent a non-string and non-integer value: ${text}`;
    default:
      return definition.Kind === "ENUM"
        ? `Enum "${type}" cannot represent non-enum value: ${text}.`
        : `Expected value of type "${type}", found ${text}.`;
  }
}
