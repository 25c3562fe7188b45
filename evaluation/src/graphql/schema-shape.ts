// What a schema is once its document is read: the types, directives and entry points by name.
import { byName, type Definition, type DirectiveDefinition } from "./ast.ts";

export interface Schema {
  query?: Definition;
  mutation?: Definition;
  subscription?: Definition;
  readonly types: Map<string, Definition>;
  readonly directives: Map<string, DirectiveDefinition>;
  /** The types that a value of an abstract type may have, the type itself for objects. */
  readonly possible: Map<string, Definition[]>;
}

export function fieldOf(definition: Definition | undefined, name: string): Definition["Fields"][number] | undefined {
  return definition === undefined ? undefined : byName(definition.Fields, name);
}
