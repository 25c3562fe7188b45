// Each type of a schema by itself: its members, its interfaces, its directives.
import { goQuote } from "#grammars/text/go-quote.ts";
import { byName, type Definition, type FieldDefinition, isCompatible, type Type, typeName, typeText } from "./ast.ts";
import { faultAt } from "./fault.ts";
import type { Schema } from "./schema-shape.ts";
import { checkArguments, checkDirectives, checkName, checkTypeReference } from "./schema-uses.ts";

export function checkType(schema: Schema, definition: Definition): void {
  for (const field of definition.Fields) checkField(schema, definition, field);
  for (const name of definition.Types) checkMember(schema, definition, name);
  for (const name of definition.Interfaces) checkImplements(schema, definition, name);
  checkKind(schema, definition);
  checkUnique(definition);
  if (!definition.BuiltIn) checkName(definition.position, definition.Name);
  checkDirectives(schema, definition.Directives, definition.Kind, { once: false });
}

function checkField(schema: Schema, definition: Definition, field: FieldDefinition): void {
  checkName(field.position, field.Name);
  checkTypeReference(schema, field.Type);
  checkArguments(schema, field.Arguments, undefined);
  const location = definition.Kind === "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION";
  checkDirectives(schema, field.Directives, location, { once: true });
}

function checkMember(schema: Schema, definition: Definition, name: string): void {
  const member = schema.types.get(name);
  if (member === undefined) throw faultAt(definition.position, `Undefined type ${goQuote(name)}.`);
  if (member.Kind !== "OBJECT") throw faultAt(definition.position, `${definition.Kind} type ${goQuote(name)} must be OBJECT.`);
}

const outputKinds = ["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM"];
const inputKinds = ["SCALAR", "ENUM", "INPUT_OBJECT"];

function checkKind(schema: Schema, definition: Definition): void {
  const { Kind, Name, position } = definition;
  switch (Kind) {
    case "OBJECT":
    case "INTERFACE":
      if (definition.Fields.length === 0) throw faultAt(position, `${Kind} ${Name}: must define one or more fields.`);
      for (const field of definition.Fields) {
        const type = schema.types.get(typeName(field.Type));
        if (type !== undefined && !outputKinds.includes(type.Kind))
          throw faultAt(field.position, `${Kind} ${Name}: field must be one of ${outputKinds.join(", ")}.`);
      }
      break;
    case "ENUM":
      if (definition.EnumValues.length === 0)
        throw faultAt(position, `${Kind} ${Name}: must define one or more unique enum values.`);
      for (const value of definition.EnumValues) {
        if (["true", "false", "null"].includes(value.Name))
          throw faultAt(position, `${Kind} ${Name}: non-enum value ${value.Name}.`);
        checkDirectives(schema, value.Directives, "ENUM_VALUE", { once: true });
      }
      break;
    case "INPUT_OBJECT":
      if (definition.Fields.length === 0) throw faultAt(position, `${Kind} ${Name}: must define one or more input fields.`);
      for (const field of definition.Fields) {
        const type = schema.types.get(typeName(field.Type));
        if (type !== undefined && !inputKinds.includes(type.Kind))
          throw faultAt(field.position, `${type.Kind} ${field.Name}: field must be one of ${inputKinds.join(", ")}.`);
      }
      break;
    default:
  }
}

function checkUnique({ Name, Fields, EnumValues, Types, memberPositions, position }: Definition): void {
  const field = repeated(Fields, (item) => item.Name);
  if (field !== undefined)
    throw faultAt(Fields[field]!.position, `Field ${Name}.${Fields[field]!.Name} can only be defined once.`);
  const value = repeated(EnumValues, (item) => item.Name);
  if (value !== undefined)
    throw faultAt(EnumValues[value]!.position, `Enum value ${Name}.${EnumValues[value]!.Name} can only be defined once.`);
  const member = repeated(Types, (item) => item);
  if (member === undefined) return;
  const at = memberPositions?.length === Types.length ? memberPositions[member] : position;
  throw faultAt(at, `Union type ${Name} can only include type ${Types[member]!} once.`);
}

/** The second place of the earliest item that is there twice. */
function repeated<T>(items: readonly T[], name: (item: T) => string): number | undefined {
  const names = items.map(name);
  const first = names.findIndex((one, at) => names.indexOf(one, at + 1) >= 0);
  return first < 0 ? undefined : names.indexOf(names[first]!, first + 1);
}

function checkImplements(schema: Schema, definition: Definition, name: string): void {
  const wanted = schema.types.get(name);
  if (wanted === undefined) throw faultAt(definition.position, `Undefined type ${goQuote(name)}.`);
  if (wanted.Kind !== "INTERFACE") throw faultAt(definition.position, `${goQuote(name)} is a non interface type ${wanted.Kind}.`);
  const start = `For ${definition.Name} to implement ${wanted.Name}`;
  for (const field of wanted.Fields) {
    const found = byName(definition.Fields, field.Name);
    if (found === undefined) throw faultAt(definition.position, `${start} it must have a field called ${field.Name}.`);
    if (!isCovariant(schema, field.Type, found.Type))
      throw faultAt(found.position, `${start} the field ${field.Name} must have type ${typeText(field.Type)}.`);
    checkSameArguments(start, field, found);
  }
  for (const inherited of wanted.Interfaces) {
    if (definition.Interfaces.includes(inherited)) continue;
    throw faultAt(
      definition.position,
      inherited === definition.Name
        ? `Type ${definition.Name} cannot implement ${name} because it would create a circular reference.`
        : `Type ${definition.Name} must implement ${inherited} because it is implemented by ${name}.`,
    );
  }
}

function checkSameArguments(start: string, wanted: FieldDefinition, found: FieldDefinition): void {
  const same = `${start} the field ${wanted.Name} must have the same arguments but`;
  for (const argument of wanted.Arguments) {
    const given = byName(found.Arguments, argument.Name);
    if (given === undefined) throw faultAt(found.position, `${same} it is missing ${argument.Name}.`);
    if (!isCompatible(argument.Type, given.Type)) throw faultAt(given.position, `${same} ${argument.Name} has the wrong type.`);
  }
  for (const argument of found.Arguments)
    if (byName(wanted.Arguments, argument.Name) === undefined && argument.Type.NonNull && argument.DefaultValue === undefined)
      throw faultAt(
        argument.position,
        `${start} any additional arguments on ${found.Name} must be optional or have a default value but ${argument.Name} is required.`,
      );
}

function isCovariant(schema: Schema, wanted: Type, actual: Type): boolean {
  if (wanted.NonNull && !actual.NonNull) return false;
  if (wanted.NamedType !== "" || wanted.Elem === undefined)
    return (
      wanted.NamedType === actual.NamedType ||
      (schema.possible.get(wanted.NamedType) ?? []).some((type) => type.Name === actual.NamedType)
    );
  return actual.Elem !== undefined && isCovariant(schema, wanted.Elem, actual.Elem);
}

/** An input object that must hold itself could never be written. */
export function checkInputCycles(schema: Schema, names: readonly string[]): void {
  const visited = new Set<string>();
  const path: FieldDefinition[] = [];
  const placeOf = new Map<string, number>();
  const visit = (definition: Definition): void => {
    if (visited.has(definition.Name)) return;
    visited.add(definition.Name);
    placeOf.set(definition.Name, path.length);
    for (const field of definition.Fields) {
      if (!field.Type.NonNull || field.Type.NamedType === "") continue;
      const type = schema.types.get(field.Type.NamedType);
      if (type?.Kind !== "INPUT_OBJECT") continue;
      path.push(field);
      const place = placeOf.get(type.Name);
      if (place !== undefined) {
        const cycle = path.slice(place);
        throw faultAt(
          cycle[0]!.position,
          `Cannot reference Input Object ${goQuote(type.Name)} within itself through a series of non-null fields: ${goQuote(cycle.map((one) => one.Name).join("."))}.`,
        );
      }
      visit(type);
      path.pop();
    }
    placeOf.delete(definition.Name);
  };
  for (const name of names) {
    const definition = schema.types.get(name)!;
    if (definition.Kind === "INPUT_OBJECT") visit(definition);
  }
}
