// The GraphQL tree in the shape that OPA shows it: names of fields as in gqlparser; what starts in lower case is for checking only.

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters; below 1 behind a block string. */
  readonly column: number;
}

export interface CommentGroup {
  readonly List: readonly { readonly Value: string }[];
}

export interface Type {
  NamedType: string;
  Elem?: Type;
  NonNull: boolean;
  position?: Position | undefined;
}

/** 0 variable, 1 integer, 2 float, 3 string, 4 block string, 5 boolean, 6 null, 7 enum, 8 list, 9 object. */
export type ValueKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export const valueKinds = {
  variable: 0,
  int: 1,
  float: 2,
  string: 3,
  block: 4,
  boolean: 5,
  null: 6,
  enum: 7,
  list: 8,
  object: 9,
} as const;

export interface GraphqlValue {
  Raw: string;
  Children: ChildValue[];
  Kind: ValueKind;
  Comment?: CommentGroup | undefined;
  ExpectedTypeHasDefault: boolean;
  position?: Position | undefined;
  definition?: Definition | undefined;
  variable?: VariableDefinition | undefined;
  expected?: Type | undefined;
}

export interface ChildValue {
  Name: string;
  Value: GraphqlValue;
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
}

export interface Argument {
  Name: string;
  Value: GraphqlValue;
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
}

export interface Directive {
  Name: string;
  Arguments: Argument[];
  Location: string;
  position?: Position | undefined;
  definition?: DirectiveDefinition | undefined;
}

export interface Field {
  readonly kind: "field";
  Alias: string;
  Name: string;
  Arguments: Argument[];
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
  definition?: FieldDefinition | undefined;
  parent?: Definition | undefined;
}

export interface FragmentSpread {
  readonly kind: "spread";
  Name: string;
  Directives: Directive[];
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
  definition?: FragmentDefinition | undefined;
  parent?: Definition | undefined;
}

export interface InlineFragment {
  readonly kind: "inline";
  TypeCondition: string;
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
  parent?: Definition | undefined;
}

export type Selection = Field | FragmentSpread | InlineFragment;

export interface FragmentDefinition {
  Name: string;
  VariableDefinition: VariableDefinition[];
  TypeCondition: string;
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
  definition?: Definition | undefined;
}

export interface OperationDefinition {
  Operation: string;
  Name: string;
  VariableDefinitions: VariableDefinition[];
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
}

export interface VariableDefinition {
  Variable: string;
  Type: Type;
  DefaultValue?: GraphqlValue | undefined;
  Directives: Directive[];
  Comment?: CommentGroup | undefined;
  Used: boolean;
  position?: Position | undefined;
  definition?: Definition | undefined;
}

export interface QueryDocument {
  Operations: OperationDefinition[];
  Fragments: FragmentDefinition[];
  Comment?: CommentGroup | undefined;
}

export interface Described {
  Description: string;
  BeforeDescriptionComment?: CommentGroup | undefined;
  AfterDescriptionComment?: CommentGroup | undefined;
  position?: Position | undefined;
}

export interface SchemaDefinition extends Described {
  Directives: Directive[];
  OperationTypes: OperationTypeDefinition[];
  EndOfDefinitionComment?: CommentGroup | undefined;
}

export interface OperationTypeDefinition {
  Operation: string;
  Type: string;
  Comment?: CommentGroup | undefined;
  position?: Position | undefined;
}

export interface Definition extends Described {
  /** SCALAR, OBJECT, INTERFACE, UNION, ENUM or INPUT_OBJECT. */
  Kind: string;
  Name: string;
  Directives: Directive[];
  Interfaces: string[];
  Fields: FieldDefinition[];
  Types: string[];
  EnumValues: EnumValueDefinition[];
  BuiltIn: boolean;
  EndOfDefinitionComment?: CommentGroup | undefined;
  memberPositions?: Position[];
}

export interface FieldDefinition extends Described {
  Name: string;
  Arguments: ArgumentDefinition[];
  DefaultValue?: GraphqlValue | undefined;
  Type: Type;
  Directives: Directive[];
}

export interface ArgumentDefinition extends Described {
  Name: string;
  DefaultValue?: GraphqlValue | undefined;
  Type: Type;
  Directives: Directive[];
}

export interface EnumValueDefinition extends Described {
  Name: string;
  Directives: Directive[];
}

export interface DirectiveDefinition extends Described {
  Name: string;
  Arguments: ArgumentDefinition[];
  Locations: string[];
  IsRepeatable: boolean;
}

export interface SchemaDocument {
  Schema: SchemaDefinition[];
  SchemaExtension: SchemaDefinition[];
  Directives: DirectiveDefinition[];
  Definitions: Definition[];
  Extensions: Definition[];
  Comment?: CommentGroup | undefined;
}

export function byName<T extends { readonly Name: string }>(list: readonly T[], name: string): T | undefined {
  return list.find((item) => item.Name === name);
}

/** The named type inside of lists. */
export function typeName(type: Type): string {
  return type.NamedType !== "" || type.Elem === undefined ? type.NamedType : typeName(type.Elem);
}

export function typeText(type: Type): string {
  const inner = type.NamedType !== "" || type.Elem === undefined ? type.NamedType : `[${typeText(type.Elem)}]`;
  return type.NonNull ? `${inner}!` : inner;
}

/** Whether a value of the type may stand where the other one is wanted. */
export function isCompatible(type: Type, wanted: Type): boolean {
  if (type.NamedType !== wanted.NamedType) return false;
  if (type.Elem !== undefined && (wanted.Elem === undefined || !isCompatible(type.Elem, wanted.Elem))) return false;
  return !wanted.NonNull || type.NonNull;
}

export function isComposite({ Kind }: Definition): boolean {
  return Kind === "OBJECT" || Kind === "INTERFACE" || Kind === "UNION";
}

export function isLeaf({ Kind }: Definition): boolean {
  return Kind === "ENUM" || Kind === "SCALAR";
}

export function isInput({ Kind }: Definition): boolean {
  return Kind === "ENUM" || Kind === "SCALAR" || Kind === "INPUT_OBJECT";
}
