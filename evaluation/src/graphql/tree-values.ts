// GraphQL trees ⇄ values: empty members are left out; a tree that a policy hands in is read by its shape.
import { integerOf } from "../number.ts";
import { RegoNumber, RegoObject, typeOf, type Value } from "../value.ts";
import type { QueryDocument, SchemaDocument } from "./ast.ts";
import { GraphqlFault } from "./fault.ts";

/** The tree as OPA gives it. */
export function treeValue(tree: QueryDocument | SchemaDocument): RegoObject {
  return plain(tree) as RegoObject;
}

function plain(node: unknown): Value {
  if (typeof node === "number") return RegoNumber.of(node);
  if (typeof node === "string" || typeof node === "boolean") return node;
  if (Array.isArray(node)) return node.map(plain).filter((item) => !isEmpty(item));
  const entries = Object.entries(node as Readonly<Record<string, unknown>>)
    .filter(([key, item]) => item !== undefined && /^[A-Z]/u.test(key))
    .map(([key, item]) => [key, plain(item)] as const);
  return RegoObject.of(entries.filter(([, item]) => !isEmpty(item)));
}

function isEmpty(value: Value): boolean {
  return value instanceof RegoObject ? value.entries.length === 0 : Array.isArray(value) && value.length === 0;
}

/** `?` marks what may be missing without a default; in brackets stands the shape of a list's items. */
type Shape = Readonly<Record<string, "string" | "bool" | "int" | `${string}?` | readonly [string]>>;

const comments: Shape = { BeforeDescriptionComment: "Comment?", AfterDescriptionComment: "Comment?" };
const shapes: Readonly<Record<string, Shape>> = {
  Comment: { List: ["CommentLine"] },
  CommentLine: { Value: "string" },
  Type: { NamedType: "string", Elem: "Type?", NonNull: "bool" },
  Value: { Raw: "string", Children: ["Child"], Kind: "int", Comment: "Comment?", ExpectedTypeHasDefault: "bool" },
  Child: { Name: "string", Value: "Value?", Comment: "Comment?" },
  Argument: { Name: "string", Value: "Value?", Comment: "Comment?" },
  Directive: { Name: "string", Arguments: ["Argument"], Location: "string" },
  Field: { Alias: "string", Name: "string", Arguments: ["Argument"], Directives: ["Directive"], SelectionSet: ["Selection"] },
  Spread: { Name: "string", Directives: ["Directive"], Comment: "Comment?" },
  Inline: { TypeCondition: "string", Directives: ["Directive"], SelectionSet: ["Selection"] },
  Variable: {
    Variable: "string",
    Type: "Type?",
    DefaultValue: "Value?",
    Directives: ["Directive"],
    Comment: "Comment?",
    Used: "bool",
  },
  Operation: {
    Operation: "string",
    Name: "string",
    VariableDefinitions: ["Variable"],
    Directives: ["Directive"],
    SelectionSet: ["Selection"],
  },
  Fragment: {
    Name: "string",
    VariableDefinition: ["Variable"],
    TypeCondition: "string",
    Directives: ["Directive"],
    SelectionSet: ["Selection"],
  },
  Query: { Operations: ["Operation"], Fragments: ["Fragment"], Comment: "Comment?" },
  Entry: { Operation: "string", Type: "string", Comment: "Comment?" },
  SchemaDefinition: {
    Description: "string",
    Directives: ["Directive"],
    OperationTypes: ["Entry"],
    EndOfDefinitionComment: "Comment?",
    ...comments,
  },
  ArgumentDefinition: {
    Description: "string",
    Name: "string",
    DefaultValue: "Value?",
    Type: "Type?",
    Directives: ["Directive"],
    ...comments,
  },
  FieldDefinition: {
    Description: "string",
    Name: "string",
    Arguments: ["ArgumentDefinition"],
    DefaultValue: "Value?",
    Type: "Type?",
    Directives: ["Directive"],
    ...comments,
  },
  EnumValue: { Description: "string", Name: "string", Directives: ["Directive"], ...comments },
  Definition: {
    Kind: "string",
    Description: "string",
    Name: "string",
    Directives: ["Directive"],
    Interfaces: ["string"],
    Fields: ["FieldDefinition"],
    Types: ["string"],
    EnumValues: ["EnumValue"],
    BuiltIn: "bool",
    EndOfDefinitionComment: "Comment?",
    ...comments,
  },
  DirectiveDefinition: {
    Description: "string",
    Name: "string",
    Arguments: ["ArgumentDefinition"],
    Locations: ["string"],
    IsRepeatable: "bool",
    ...comments,
  },
  Schema: {
    Schema: ["SchemaDefinition"],
    SchemaExtension: ["SchemaDefinition"],
    Directives: ["DirectiveDefinition"],
    Definitions: ["Definition"],
    Extensions: ["Definition"],
    Comment: "Comment?",
  },
};
/** Members without which a node means nothing. */
const required: Readonly<Record<string, readonly string[]>> = {
  Child: ["Value"],
  Argument: ["Value"],
  Variable: ["Type"],
  ArgumentDefinition: ["Type"],
  FieldDefinition: ["Type"],
};
const deepest = 1_000;

/** Throws GraphqlFault for members of other types. */
export function queryOf(value: RegoObject): QueryDocument {
  return node("Query", value, 0) as unknown as QueryDocument;
}

export function schemaOf(value: RegoObject): SchemaDocument {
  return node("Schema", value, 0) as unknown as SchemaDocument;
}

function node(shape: string, value: Value, depth: number): Record<string, unknown> {
  if (depth > deepest) throw new GraphqlFault("the tree nests too deeply");
  if (!(value instanceof RegoObject)) throw wrongType(value, shape);
  const made: Record<string, unknown> = {};
  for (const [key, wanted] of Object.entries(shapes[shape]!)) {
    const found = member(value.get(key), wanted, depth, `${shape}.${key}`);
    if (found !== undefined) made[key] = found;
  }
  for (const key of required[shape] ?? [])
    if (made[key] === undefined) throw new GraphqlFault(`the tree has a ${shape} without ${key}`);
  return made;
}

/** A selection is read as the first of the three that it can be; most are fields. */
function selection(value: Value, depth: number): Record<string, unknown> | undefined {
  for (const [shape, kind] of [
    ["Field", "field"],
    ["Spread", "spread"],
    ["Inline", "inline"],
  ] as const)
    try {
      return { kind, ...node(shape, value, depth) };
    } catch (error) {
      if (!(error instanceof GraphqlFault)) throw error;
    }
  return undefined;
}

function member(value: Value | undefined, wanted: Shape[string], depth: number, path: string): unknown {
  const missing = value === undefined || value === null;
  if (Array.isArray(wanted)) {
    if (missing) return [];
    if (!Array.isArray(value)) throw wrongType(value, path);
    const [item] = wanted as readonly [string];
    if (item === "Selection")
      return (value as readonly Value[]).map((one) => selection(one, depth + 1)).filter((one) => one !== undefined);
    return (value as readonly Value[]).map((one) =>
      item === "string" ? member(one, "string", depth, path) : node(item, one, depth + 1),
    );
  }
  switch (wanted) {
    case "string":
      if (missing) return "";
      if (typeof value !== "string") throw wrongType(value, path);
      return value;
    case "bool":
      if (missing) return false;
      if (typeof value !== "boolean") throw wrongType(value, path);
      return value;
    case "int": {
      if (missing) return 0;
      const whole = value instanceof RegoNumber ? integerOf(value.text, 20) : undefined;
      if (whole === undefined) throw wrongType(value, path);
      if (whole < 0n || whole > 9n) throw new GraphqlFault(`unknown value kind ${whole}`);
      return Number(whole);
    }
    default:
      return missing ? undefined : node((wanted as string).slice(0, -1), value, depth + 1);
  }
}

function wrongType(value: Value, path: string): GraphqlFault {
  const name = typeOf(value);
  return new GraphqlFault(`json: cannot unmarshal ${name === "boolean" ? "bool" : name} into Go struct field ${path}`);
}
