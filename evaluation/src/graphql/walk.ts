// A walk over a query that finds the definition of everything and tells the rules, in gqlparser's order.
import {
  type Argument,
  type ArgumentDefinition,
  byName,
  type Definition,
  type Directive,
  type Field,
  type FragmentDefinition,
  type FragmentSpread,
  type GraphqlValue,
  type InlineFragment,
  type OperationDefinition,
  type Position,
  type QueryDocument,
  type Selection,
  typeName,
  type VariableDefinition,
  valueKinds,
} from "./ast.ts";
import { GraphqlFault } from "./fault.ts";
import { fieldOf, type Schema } from "./schema-shape.ts";

/** What a rule sees of the walk. */
export interface Walk {
  readonly schema: Schema;
  readonly document: QueryDocument;
  /** Undefined while fragments are walked by themselves. */
  readonly operation: OperationDefinition | undefined;
  report(message: string, position: Position | undefined): void;
}

/** A rule listens to what it needs; a new one is made for each query. */
export interface Rule {
  operation?(walk: Walk, operation: OperationDefinition): void;
  variable?(walk: Walk, variable: VariableDefinition): void;
  field?(walk: Walk, field: Field): void;
  fragment?(walk: Walk, fragment: FragmentDefinition): void;
  inline?(walk: Walk, fragment: InlineFragment): void;
  spread?(walk: Walk, spread: FragmentSpread): void;
  directive?(walk: Walk, directive: Directive): void;
  directives?(walk: Walk, directives: readonly Directive[]): void;
  value?(walk: Walk, value: GraphqlValue): void;
}

/** Nodes that one query may have, fragments counted where they are used. */
const mostNodes = 1_000_000;

export class Walker implements Walk {
  readonly schema: Schema;
  readonly document: QueryDocument;
  readonly report: (message: string, position: Position | undefined) => void;
  operation: OperationDefinition | undefined;
  private readonly rules: readonly Rule[];
  private visited = new Set<string>();
  private nodes = 0;

  constructor(schema: Schema, document: QueryDocument, rules: readonly Rule[], report: Walk["report"]) {
    this.schema = schema;
    this.document = document;
    this.rules = rules;
    this.report = report;
  }

  walk(): void {
    for (const operation of this.document.Operations) {
      this.visited = new Set();
      this.walkOperation(operation);
    }
    for (const fragment of this.document.Fragments) {
      this.visited = new Set();
      this.walkFragment(fragment);
    }
  }

  private typed(name: string): Definition | undefined {
    return this.schema.types.get(name);
  }

  private walkOperation(operation: OperationDefinition): void {
    this.operation = operation;
    for (const variable of operation.VariableDefinitions) {
      variable.definition = this.typed(typeName(variable.Type));
      for (const rule of this.rules) rule.variable?.(this, variable);
      if (variable.DefaultValue === undefined) continue;
      variable.DefaultValue.expected = variable.Type;
      variable.DefaultValue.definition = variable.definition;
    }
    const role = operation.Operation === "" ? "query" : operation.Operation;
    if (role !== "query" && role !== "mutation" && role !== "subscription")
      throw new GraphqlFault(`got unknown operation type "${role}"`);
    for (const variable of operation.VariableDefinitions) {
      if (variable.DefaultValue !== undefined) this.walkValue(variable.DefaultValue);
      this.walkDirectives(variable.Directives, "VARIABLE_DEFINITION");
    }
    this.walkDirectives(operation.Directives, role.toUpperCase());
    this.walkSelections(this.schema[role], operation.SelectionSet);
    for (const rule of this.rules) rule.operation?.(this, operation);
    this.operation = undefined;
  }

  private walkFragment(fragment: FragmentDefinition): void {
    fragment.definition = this.typed(fragment.TypeCondition);
    this.walkDirectives(fragment.Directives, "FRAGMENT_DEFINITION");
    this.walkSelections(fragment.definition, fragment.SelectionSet);
    for (const rule of this.rules) rule.fragment?.(this, fragment);
  }

  private walkDirectives(directives: readonly Directive[], location: string): void {
    for (const directive of directives) {
      directive.definition = this.schema.directives.get(directive.Name);
      directive.Location = location;
      this.walkArguments(directive.definition?.Arguments, directive.Arguments);
      for (const rule of this.rules) rule.directive?.(this, directive);
    }
    for (const rule of this.rules) rule.directives?.(this, directives);
  }

  private walkArguments(definitions: readonly ArgumentDefinition[] | undefined, args: readonly Argument[]): void {
    for (const { Name, Value } of args) {
      const definition = byName(definitions ?? [], Name);
      if (definition !== undefined) this.expect(Value, definition);
      this.walkValue(Value);
    }
  }

  /** What stands at the place of an argument or an input field. */
  private expect(value: GraphqlValue, { Type, DefaultValue }: Pick<ArgumentDefinition, "Type" | "DefaultValue">): void {
    value.expected = Type;
    value.ExpectedTypeHasDefault = DefaultValue !== undefined && DefaultValue.Kind !== valueKinds.null;
    value.definition = this.typed(typeName(Type));
  }

  private walkValue(value: GraphqlValue): void {
    this.count();
    if (value.Kind === valueKinds.variable && this.operation !== undefined) {
      value.variable = this.operation.VariableDefinitions.find((one) => one.Variable === value.Raw);
      if (value.variable !== undefined) value.variable.Used = true;
    }
    if (value.Kind === valueKinds.object)
      for (const child of value.Children) {
        const field = fieldOf(value.definition, child.Name);
        if (field !== undefined) this.expect(child.Value, field);
        this.walkValue(child.Value);
      }
    if (value.Kind === valueKinds.list)
      for (const child of value.Children) {
        if (value.expected?.Elem !== undefined) {
          child.Value.expected = value.expected.Elem;
          child.Value.definition = value.definition;
        }
        this.walkValue(child.Value);
      }
    for (const rule of this.rules) rule.value?.(this, value);
  }

  private walkSelections(parent: Definition | undefined, selections: readonly Selection[]): void {
    for (const selection of selections) {
      this.count();
      switch (selection.kind) {
        case "field":
          this.walkField(parent, selection);
          break;
        case "inline":
          this.walkInline(parent, selection);
          break;
        case "spread":
          this.walkSpread(parent, selection);
          break;
      }
    }
  }

  private walkField(parent: Definition | undefined, field: Field): void {
    field.definition =
      field.Name === "__typename"
        ? { Name: "__typename", Description: "", Arguments: [], Directives: [], Type: { NamedType: "String", NonNull: false } }
        : fieldOf(parent, field.Name);
    field.parent = parent;
    const type = field.definition === undefined ? undefined : this.typed(typeName(field.definition.Type));
    this.walkArguments(field.definition?.Arguments, field.Arguments);
    this.walkDirectives(field.Directives, "FIELD");
    this.walkSelections(type, field.SelectionSet);
    for (const rule of this.rules) rule.field?.(this, field);
  }

  private walkInline(parent: Definition | undefined, fragment: InlineFragment): void {
    fragment.parent = parent;
    const type = fragment.TypeCondition === "" ? parent : this.typed(fragment.TypeCondition);
    this.walkDirectives(fragment.Directives, "INLINE_FRAGMENT");
    this.walkSelections(type, fragment.SelectionSet);
    for (const rule of this.rules) rule.inline?.(this, fragment);
  }

  private walkSpread(parent: Definition | undefined, spread: FragmentSpread): void {
    const definition = byName(this.document.Fragments, spread.Name);
    spread.definition = definition;
    spread.parent = parent;
    this.walkDirectives(spread.Directives, "FRAGMENT_SPREAD");
    if (definition !== undefined && !this.visited.has(definition.Name)) {
      this.visited.add(definition.Name);
      this.walkDirectives(definition.Directives, "FRAGMENT_DEFINITION");
      this.walkSelections(this.typed(definition.TypeCondition), definition.SelectionSet);
    }
    for (const rule of this.rules) rule.spread?.(this, spread);
  }

  private count(): void {
    if (++this.nodes > mostNodes) throw new GraphqlFault("the query has too many parts");
  }
}
