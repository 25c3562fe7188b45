// GraphQL schemas: type definitions, their extensions, directives and the schema's entry points.
import type {
  ArgumentDefinition,
  CommentGroup,
  Definition,
  Described,
  DirectiveDefinition,
  EnumValueDefinition,
  FieldDefinition,
  OperationTypeDefinition,
  Position,
  SchemaDefinition,
  SchemaDocument,
} from "./ast.ts";
import { directives, typeReference, value } from "./query-parser.ts";
import { TokenReader } from "./token-reader.ts";

const kinds: Readonly<Record<string, string>> = {
  scalar: "SCALAR",
  type: "OBJECT",
  interface: "INTERFACE",
  union: "UNION",
  enum: "ENUM",
  input: "INPUT_OBJECT",
};

const locations: readonly string[] = [
  "QUERY",
  "MUTATION",
  "SUBSCRIPTION",
  "FIELD",
  "FRAGMENT_DEFINITION",
  "FRAGMENT_SPREAD",
  "INLINE_FRAGMENT",
  "VARIABLE_DEFINITION",
  "SCHEMA",
  "SCALAR",
  "OBJECT",
  "FIELD_DEFINITION",
  "ARGUMENT_DEFINITION",
  "INTERFACE",
  "UNION",
  "ENUM",
  "ENUM_VALUE",
  "INPUT_OBJECT",
  "INPUT_FIELD_DEFINITION",
];

interface Description {
  readonly text: string;
  readonly comment: CommentGroup | undefined;
}

const undescribed: Description = { text: "", comment: undefined };

/** Throws GraphqlFault. `builtIn` marks the definitions as GraphQL's own. */
export function parseSchema(text: string, builtIn = false): SchemaDocument {
  const reader = new TokenReader(text);
  const document: SchemaDocument = { Schema: [], SchemaExtension: [], Directives: [], Definitions: [], Extensions: [] };
  while (!reader.is("<EOF>")) {
    const describing = reader.peek();
    const description = parseDescription(reader);
    const token = reader.peek();
    if (token.kind !== "Name") throw reader.unexpected();
    if (Object.hasOwn(kinds, token.value)) {
      const comment = reader.expectWord(token.value);
      document.Definitions.push({ ...definition(reader, token.value, description, comment), BuiltIn: builtIn });
    } else if (token.value === "schema") {
      const comment = reader.expectWord("schema");
      document.Schema.push(schemaDefinition(reader, description, comment));
    } else if (token.value === "directive") document.Directives.push(directiveDefinition(reader, description));
    else if (token.value === "extend") {
      if (description.text !== "") throw reader.unexpected(describing);
      extension(reader, document);
    } else throw reader.unexpected();
  }
  document.Comment = reader.comment;
  return document;
}

function parseDescription(reader: TokenReader): Description {
  if (!reader.is("BlockString") && !reader.is("String")) return undescribed;
  const { comment } = reader;
  return { text: reader.next().value, comment };
}

function described({ text, comment }: Description, after: CommentGroup | undefined, position: Position): Described {
  return { Description: text, BeforeDescriptionComment: comment, AfterDescriptionComment: after, position };
}

function schemaDefinition(reader: TokenReader, description: Description, comment: CommentGroup | undefined): SchemaDefinition {
  const head = described(description, comment, reader.position);
  const Directives = directives(reader, true);
  const OperationTypes: OperationTypeDefinition[] = [];
  const EndOfDefinitionComment = reader.some("{", "}", () => {
    const { position } = reader;
    const Comment = reader.comment;
    const operation = reader.next();
    if (!["query", "mutation", "subscription"].includes(operation.value)) throw reader.unexpected(operation);
    reader.expect(":");
    OperationTypes.push({ position, Comment, Operation: operation.value, Type: reader.name() });
  });
  return { ...head, Directives, OperationTypes, EndOfDefinitionComment };
}

/** What follows the keyword. */
function definition(
  reader: TokenReader,
  keyword: string,
  description: Description,
  comment: CommentGroup | undefined,
  extending = false,
): Definition {
  const head = described(description, comment, reader.position);
  const made: Definition = {
    ...head,
    Kind: kinds[keyword]!,
    Name: reader.name(),
    Directives: [],
    Interfaces: [],
    Fields: [],
    Types: [],
    EnumValues: [],
    BuiltIn: false,
  };
  if (keyword === "type" || (keyword === "interface" && !extending)) made.Interfaces = interfaces(reader);
  made.Directives = directives(reader, !(extending && keyword === "input"));
  switch (keyword) {
    case "type":
    case "interface":
    case "input":
      made.EndOfDefinitionComment = reader.some("{", "}", () => made.Fields.push(field(reader, keyword === "input")));
      break;
    case "union":
      [made.Types, made.memberPositions] = members(reader);
      break;
    case "enum":
      made.EndOfDefinitionComment = reader.some("{", "}", () => made.EnumValues.push(enumValue(reader)));
      break;
    default:
  }
  return made;
}

function interfaces(reader: TokenReader): string[] {
  if (reader.peek().value !== "implements") return [];
  reader.next();
  reader.skip("&");
  const names = [reader.name()];
  while (reader.skip("&")) names.push(reader.name());
  return names;
}

function members(reader: TokenReader): [string[], Position[]] {
  const names: string[] = [];
  const positions: Position[] = [];
  if (!reader.skip("=")) return [names, positions];
  reader.skip("|");
  do {
    positions.push(reader.position);
    names.push(reader.name());
  } while (reader.skip("|"));
  return [names, positions];
}

/** The description of a member; its comment counts only with a text. */
function memberHead(reader: TokenReader): Described {
  const description = parseDescription(reader);
  const { position } = reader;
  return described(description.text === "" ? undescribed : description, reader.comment, position);
}

function field(reader: TokenReader, isInput: boolean): FieldDefinition {
  const head = memberHead(reader);
  const Name = reader.name();
  const Arguments: ArgumentDefinition[] = [];
  if (!isInput) reader.some("(", ")", () => Arguments.push(argument(reader)));
  reader.expect(":");
  const Type = typeReference(reader);
  const DefaultValue = isInput && reader.skip("=") ? value(reader, true) : undefined;
  return { ...head, Name, Arguments, DefaultValue, Type, Directives: directives(reader, true) };
}

function argument(reader: TokenReader): ArgumentDefinition {
  const head = memberHead(reader);
  const Name = reader.name();
  reader.expect(":");
  const Type = typeReference(reader);
  const DefaultValue = reader.skip("=") ? value(reader, true) : undefined;
  return { ...head, Name, DefaultValue, Type, Directives: directives(reader, true) };
}

function enumValue(reader: TokenReader): EnumValueDefinition {
  const head = memberHead(reader);
  return { ...head, Name: reader.name(), Directives: directives(reader, true) };
}

function extension(reader: TokenReader, document: SchemaDocument): void {
  const comment = reader.expectWord("extend");
  const word = reader.peek().value;
  if (word === "schema") {
    reader.expectWord("schema");
    const made = schemaDefinition(reader, undescribed, comment);
    if (made.Directives.length === 0 && made.OperationTypes.length === 0) throw reader.unexpected();
    document.SchemaExtension.push(made);
  } else if (Object.hasOwn(kinds, word)) {
    reader.expectWord(word);
    const made = definition(reader, word, undescribed, comment, true);
    const { Directives, Interfaces, Fields, Types, EnumValues } = made;
    if (Directives.length + Interfaces.length + Fields.length + Types.length + EnumValues.length === 0) throw reader.unexpected();
    document.Extensions.push(made);
  } else throw reader.unexpected();
}

function directiveDefinition(reader: TokenReader, description: Description): DirectiveDefinition {
  const comment = reader.expectWord("directive");
  reader.expect("@");
  const head = described(description, comment, reader.position);
  const Name = reader.name();
  const Arguments: ArgumentDefinition[] = [];
  reader.some("(", ")", () => Arguments.push(argument(reader)));
  const IsRepeatable = reader.isWord("repeatable");
  if (IsRepeatable) reader.next();
  reader.expectWord("on");
  reader.skip("|");
  const Locations: string[] = [];
  do {
    const token = reader.expect("Name");
    if (!locations.includes(token.value)) throw reader.unexpected(token);
    Locations.push(token.value);
  } while (reader.skip("|"));
  return { ...head, Name, Arguments, Locations, IsRepeatable };
}
