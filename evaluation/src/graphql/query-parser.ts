// GraphQL queries: operations, fragments, selections, and the values and directives that schemas share.
import {
  type Argument,
  type Directive,
  type Field,
  type FragmentDefinition,
  type GraphqlValue,
  type OperationDefinition,
  type QueryDocument,
  type Selection,
  type Type,
  type ValueKind,
  type VariableDefinition,
  valueKinds,
} from "./ast.ts";
import { faultAt } from "./fault.ts";
import { TokenReader } from "./token-reader.ts";

/** Throws GraphqlFault. */
export function parseQuery(text: string): QueryDocument {
  const reader = new TokenReader(text);
  const document: QueryDocument = { Operations: [], Fragments: [] };
  while (!reader.is("<EOF>")) {
    if (reader.is("{") || ["query", "mutation", "subscription"].some((word) => reader.isWord(word)))
      document.Operations.push(operation(reader));
    else if (reader.isWord("fragment")) document.Fragments.push(fragmentDefinition(reader));
    else throw reader.unexpected();
  }
  return document;
}

function operation(reader: TokenReader): OperationDefinition {
  const { position } = reader;
  const { comment } = reader;
  // The comment before an operation without a keyword is lost in gqlparser.
  if (reader.is("{"))
    return {
      position,
      Operation: "query",
      Name: "",
      VariableDefinitions: [],
      Directives: [],
      SelectionSet: requiredSelections(reader),
    };
  const Operation = reader.next().value;
  const Name = reader.is("Name") ? reader.next().value : "";
  const VariableDefinitions = variableDefinitions(reader);
  const Directives = directives(reader, false);
  return {
    position,
    Comment: comment,
    Operation,
    Name,
    VariableDefinitions,
    Directives,
    SelectionSet: requiredSelections(reader),
  };
}

function variableDefinitions(reader: TokenReader): VariableDefinition[] {
  const list: VariableDefinition[] = [];
  reader.some("(", ")", () => {
    const { position } = reader;
    const { comment } = reader;
    const Variable = variable(reader);
    reader.expect(":");
    const Type = typeReference(reader);
    const DefaultValue = reader.skip("=") ? value(reader, true) : undefined;
    list.push({ position, Comment: comment, Variable, Type, DefaultValue, Directives: directives(reader, false), Used: false });
  });
  return list;
}

function variable(reader: TokenReader): string {
  reader.expect("$");
  return reader.name();
}

function requiredSelections(reader: TokenReader): Selection[] {
  if (!reader.is("{")) throw faultAt(reader.position, `Expected {, found ${reader.peek().kind}`);
  return selections(reader);
}

function selections(reader: TokenReader): Selection[] {
  return reader.nested(() => {
    const list: Selection[] = [];
    reader.some("{", "}", () => list.push(reader.is("...") ? fragment(reader) : field(reader)));
    return list;
  });
}

function field(reader: TokenReader): Field {
  const { position } = reader;
  const { comment } = reader;
  const Alias = reader.name();
  const Name = reader.skip(":") ? reader.name() : Alias;
  const Arguments = args(reader, false);
  const Directives = directives(reader, false);
  const SelectionSet = reader.is("{") ? selections(reader) : [];
  return { kind: "field", position, Comment: comment, Alias, Name, Arguments, Directives, SelectionSet };
}

function args(reader: TokenReader, constant: boolean): Argument[] {
  const list: Argument[] = [];
  reader.some("(", ")", () => {
    const { position } = reader;
    const { comment } = reader;
    const Name = reader.name();
    reader.expect(":");
    list.push({ position, Comment: comment, Name, Value: value(reader, constant) });
  });
  return list;
}

function fragment(reader: TokenReader): Selection {
  reader.peek();
  const { comment } = reader;
  reader.expect("...");
  const { position } = reader;
  if (reader.is("Name") && !reader.isWord("on"))
    return { kind: "spread", position, Comment: comment, Name: fragmentName(reader), Directives: directives(reader, false) };
  let TypeCondition = "";
  if (reader.peek().value === "on") {
    reader.next();
    TypeCondition = reader.name();
  }
  const Directives = directives(reader, false);
  return { kind: "inline", position, Comment: comment, TypeCondition, Directives, SelectionSet: requiredSelections(reader) };
}

function fragmentDefinition(reader: TokenReader): FragmentDefinition {
  const { position } = reader;
  const { comment } = reader;
  reader.expectWord("fragment");
  const Name = fragmentName(reader);
  const VariableDefinition = variableDefinitions(reader);
  reader.expectWord("on");
  const TypeCondition = reader.name();
  const Directives = directives(reader, false);
  const SelectionSet = requiredSelections(reader);
  return { position, Comment: comment, Name, VariableDefinition, TypeCondition, Directives, SelectionSet };
}

function fragmentName(reader: TokenReader): string {
  if (reader.peek().value === "on") throw reader.unexpected();
  return reader.name();
}

/** A constant value holds no variables. */
export function value(reader: TokenReader, constant: boolean): GraphqlValue {
  const token = reader.peek();
  const { position } = token;
  const { comment } = reader;
  const made = (Kind: ValueKind, Raw: string, Comment = comment): GraphqlValue => ({
    Raw,
    Children: [],
    Kind,
    Comment,
    ExpectedTypeHasDefault: false,
    position,
  });
  switch (token.kind) {
    case "[":
    case "{":
      return reader.nested(() => {
        const whole = made(token.kind === "[" ? valueKinds.list : valueKinds.object, "");
        if (token.kind === "[") reader.many("[", "]", () => whole.Children.push({ Name: "", Value: value(reader, constant) }));
        else
          reader.many("{", "}", () => {
            const at = reader.position;
            const Comment = reader.comment;
            const Name = reader.name();
            reader.expect(":");
            whole.Children.push({ position: at, Comment, Name, Value: value(reader, constant) });
          });
        return whole;
      });
    case "$":
      if (constant) throw reader.unexpected();
      return { ...made(valueKinds.variable, variable(reader)), Comment: undefined };
    case "Int":
    case "Float":
    case "String":
    case "BlockString":
    case "Name": {
      const kind = scalarKind(token.kind, token.value);
      reader.next();
      return made(kind, token.value, reader.comment);
    }
    default:
      throw reader.unexpected();
  }
}

function scalarKind(token: "Int" | "Float" | "String" | "BlockString" | "Name", text: string): ValueKind {
  switch (token) {
    case "Int":
      return valueKinds.int;
    case "Float":
      return valueKinds.float;
    case "String":
      return valueKinds.string;
    case "BlockString":
      return valueKinds.block;
    case "Name":
      return text === "true" || text === "false" ? valueKinds.boolean : text === "null" ? valueKinds.null : valueKinds.enum;
  }
}

export function directives(reader: TokenReader, constant: boolean): Directive[] {
  const list: Directive[] = [];
  while (reader.skip("@")) {
    const { position } = reader;
    list.push({ position, Name: reader.name(), Arguments: args(reader, constant), Location: "" });
  }
  return list;
}

export function typeReference(reader: TokenReader): Type {
  return reader.nested(() => {
    const list = reader.skip("[");
    const { position } = reader;
    const type: Type = { NamedType: "", NonNull: false, position };
    if (list) {
      type.Elem = typeReference(reader);
      reader.expect("]");
    } else type.NamedType = reader.name();
    type.NonNull = reader.skip("!");
    return type;
  });
}
