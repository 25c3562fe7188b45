// What a schema uses must be there: names, types, arguments and directives in a schema.
import {
  type ArgumentDefinition,
  byName,
  type Directive,
  type DirectiveDefinition,
  isInput,
  type Position,
  type Type,
  typeName,
  typeText,
  valueKinds,
} from "./ast.ts";
import { faultAt } from "./fault.ts";
import type { Schema } from "./schema-shape.ts";

export function checkName(position: Position | undefined, name: string): void {
  if (name.startsWith("__"))
    throw faultAt(position, `Name "${name}" must not begin with "__", which is reserved by GraphQL introspection.`);
}

export function checkTypeReference(schema: Schema, type: Type): void {
  const name = typeName(type);
  if (!schema.types.has(name)) throw faultAt(type.position, `Undefined type ${name}.`);
}

export function checkArguments(
  schema: Schema,
  args: readonly ArgumentDefinition[],
  directive: DirectiveDefinition | undefined,
): void {
  for (const argument of args) {
    checkName(argument.position, argument.Name);
    checkTypeReference(schema, argument.Type);
    const definition = schema.types.get(typeName(argument.Type))!;
    if (!isInput(definition))
      throw faultAt(
        argument.position,
        `cannot use ${typeText(argument.Type)} as argument ${argument.Name} because ${definition.Kind} is not a valid input type`,
      );
    checkDirectives(schema, argument.Directives, "ARGUMENT_DEFINITION", { once: true, inside: directive });
  }
}

/** `once`: the directives stand at one place, where one that does not repeat may stand once. */
export function checkDirectives(
  schema: Schema,
  directives: readonly Directive[],
  location: string,
  options: { readonly once: boolean; readonly inside?: DirectiveDefinition | undefined },
): void {
  const seen = new Set<string>();
  for (const { Name, Arguments, position } of directives) {
    checkName(position, Name);
    if (options.inside?.Name === Name) throw faultAt(position, `Directive ${Name} cannot refer to itself.`);
    const definition = schema.directives.get(Name);
    if (definition === undefined) throw faultAt(position, `Undefined directive ${Name}.`);
    if (options.once && seen.has(Name) && !definition.IsRepeatable)
      throw faultAt(position, `The directive ${Name} can only be used once at this location.`);
    seen.add(Name);
    if (!definition.Locations.includes(location)) throw faultAt(position, `Directive ${Name} is not applicable on ${location}.`);
    for (const argument of Arguments)
      if (byName(definition.Arguments, argument.Name) === undefined)
        throw faultAt(argument.position, `Undefined argument ${argument.Name} for directive ${Name}.`);
    for (const wanted of definition.Arguments) {
      const given = byName(Arguments, wanted.Name);
      const missing = given === undefined || given.Value.Kind === valueKinds.null;
      if (wanted.Type.NonNull && wanted.DefaultValue === undefined && missing)
        throw faultAt(position, `Argument ${wanted.Name} for directive ${Name} cannot be null.`);
    }
  }
}
