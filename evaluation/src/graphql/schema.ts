// A GraphQL schema document with the prelude → the schema that queries are checked against; the first fault ends it.
import type { Definition, Position, SchemaDefinition, SchemaDocument } from "./ast.ts";
import { faultAt, GraphqlFault } from "./fault.ts";
import { prelude } from "./prelude.ts";
import { parseSchema } from "./schema-parser.ts";
import type { Schema } from "./schema-shape.ts";
import { checkInputCycles, checkType } from "./schema-types.ts";
import { checkArguments, checkDirectives, checkName } from "./schema-uses.ts";

/** Directives that a schema may define again; the first definition counts. */
const ownDirectives = ["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"];

/** Throws GraphqlFault. The document is not changed. */
export function buildSchema(document: SchemaDocument): Schema {
  try {
    return build(document);
  } catch (error) {
    if (error instanceof GraphqlFault)
      throw new GraphqlFault(`Error in gqlparser SchemaDocument to Schema conversion: ${error.message}`);
    throw error;
  }
}

function build(document: SchemaDocument): Schema {
  const own = parseSchema(prelude, true);
  const schema: Schema = { types: new Map(), directives: new Map(), possible: new Map() };
  for (const definition of [...own.Definitions, ...document.Definitions]) {
    if (schema.types.has(definition.Name)) throw faultAt(definition.position, `Cannot redeclare type ${definition.Name}.`);
    schema.types.set(definition.Name, { ...definition });
  }
  for (const extension of document.Extensions) extend(schema, extension);
  for (const definition of schema.types.values()) addPossible(schema, definition);
  for (const directive of [...own.Directives, ...document.Directives]) {
    if (schema.directives.has(directive.Name) && !ownDirectives.includes(directive.Name))
      throw faultAt(directive.position, `Cannot redeclare directive ${directive.Name}.`);
    schema.directives.set(directive.Name, directive);
  }
  if (document.Schema.length > 1)
    throw faultAt(document.Schema[1]!.position, "Cannot have multiple schema entry points, consider schema extensions instead.");
  for (const entry of [...document.Schema, ...document.SchemaExtension]) enter(schema, entry);
  checkAll(schema);
  if (document.Schema.length === 0) inferRoots(schema);
  if (schema.query !== undefined) addIntrospection(schema.query);
  return schema;
}

function extend(schema: Schema, extension: Definition): void {
  const base: Definition = schema.types.get(extension.Name) ?? {
    ...extension,
    Description: "",
    Directives: [],
    Interfaces: [],
    Fields: [],
    Types: [],
    EnumValues: [],
    BuiltIn: false,
    memberPositions: [],
  };
  if (base.Kind !== extension.Kind)
    throw faultAt(
      extension.position,
      `Cannot extend type ${extension.Name} because the base type is a ${base.Kind}, not ${extension.Kind}.`,
    );
  schema.types.set(extension.Name, {
    ...base,
    Directives: [...base.Directives, ...extension.Directives],
    Interfaces: [...base.Interfaces, ...extension.Interfaces],
    Fields: [...base.Fields, ...extension.Fields],
    Types: [...base.Types, ...extension.Types],
    EnumValues: [...base.EnumValues, ...extension.EnumValues],
    memberPositions: [...(base.memberPositions ?? []), ...(extension.memberPositions ?? [])],
  });
}

function addPossible(schema: Schema, definition: Definition): void {
  const add = (name: string, possible: Definition | undefined): void => {
    if (possible !== undefined) schema.possible.set(name, [...(schema.possible.get(name) ?? []), possible]);
  };
  switch (definition.Kind) {
    case "UNION":
      for (const member of definition.Types) add(definition.Name, schema.types.get(member));
      break;
    case "OBJECT":
    case "INPUT_OBJECT":
      for (const name of definition.Interfaces) add(name, definition);
      add(definition.Name, definition);
      break;
    case "INTERFACE":
      for (const name of definition.Interfaces) add(name, definition);
      break;
    default:
  }
}

function enter(schema: Schema, entry: SchemaDefinition): void {
  for (const { Operation, Type, position } of entry.OperationTypes) {
    const definition = schema.types.get(Type);
    if (definition === undefined)
      throw faultAt(position, `Schema root ${Operation} refers to a type ${Type} that does not exist.`);
    if (Operation === "query" || Operation === "mutation" || Operation === "subscription") schema[Operation] = definition;
  }
  checkDirectives(schema, entry.Directives, "SCHEMA", { once: true });
}

function checkAll(schema: Schema): void {
  const names = [...schema.types.keys()].sort();
  for (const name of names) checkType(schema, schema.types.get(name)!);
  checkInputCycles(schema, names);
  for (const name of [...schema.directives.keys()].sort()) {
    const directive = schema.directives.get(name)!;
    checkName(directive.position, directive.Name);
    checkArguments(schema, directive.Arguments, directive);
  }
}

/** Without a schema definition the types of these names are the entry points. */
function inferRoots(schema: Schema): void {
  for (const [role, name] of [
    ["query", "Query"],
    ["mutation", "Mutation"],
    ["subscription", "Subscription"],
  ] as const) {
    const definition = schema.types.get(name);
    if (schema[role] === undefined && definition !== undefined) schema[role] = definition;
  }
}

function addIntrospection(query: Definition): void {
  const position: Position | undefined = undefined;
  const plain = { Description: "", Directives: [], position };
  const name = { ...plain, Name: "name", Type: { NamedType: "String", NonNull: true } };
  query.Fields = [
    ...query.Fields,
    { ...plain, Name: "__schema", Arguments: [], Type: { NamedType: "__Schema", NonNull: true } },
    { ...plain, Name: "__type", Arguments: [name], Type: { NamedType: "__Type", NonNull: false } },
  ];
}
