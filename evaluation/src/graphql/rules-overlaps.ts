// The rule that fields with the same response name must be the same field with the same arguments and a type that fits.
import {
  type Argument,
  type Field,
  type FragmentSpread,
  type GraphqlValue,
  type Selection,
  type Type,
  typeText,
  valueKinds,
} from "./ast.ts";
import { GraphqlFault } from "./fault.ts";
import type { Rule, Walk } from "./walk.ts";

interface Conflict {
  readonly name: string;
  readonly message: string;
  readonly inner: readonly Conflict[];
  readonly position: Field["position"];
}

/** Comparisons of fields that one query may take. */
const mostComparisons = 500_000;

export const overlappingFieldsCanBeMerged = (): Rule => {
  const comparison = new Comparison();
  const check = (walk: Walk, selections: readonly Selection[]): void => {
    for (const conflict of comparison.within(walk, selections))
      walk.report(
        `Fields "${conflict.name}" conflict because ${reason(conflict)}. Use different aliases on the fields to fetch both if this was intentional.`,
        conflict.position,
      );
  };
  return {
    operation: (walk, { SelectionSet }) => check(walk, SelectionSet),
    field: (walk, { SelectionSet }) => {
      // Fragments are checked where operations use them.
      if (walk.operation !== undefined) check(walk, SelectionSet);
    },
    inline: (walk, { SelectionSet }) => check(walk, SelectionSet),
    fragment: (walk, { SelectionSet }) => check(walk, SelectionSet),
  };
};

function reason({ message, inner }: Conflict): string {
  if (inner.length === 0) return message;
  return inner.map((one) => `subfields "${one.name}" conflict because ${reason(one)}`).join(" and ");
}

/** The fields of a selection set by response name, inline fragments included, and the fragments that it spreads. */
interface Collected {
  readonly fields: ReadonlyMap<string, readonly Field[]>;
  readonly spreads: readonly FragmentSpread[];
}

function collect(selections: readonly Selection[]): Collected {
  const fields = new Map<string, Field[]>();
  const spreads: FragmentSpread[] = [];
  const visit = (set: readonly Selection[]): void => {
    for (const selection of set) {
      if (selection.kind === "spread") spreads.push(selection);
      else if (selection.kind === "inline") visit(selection.SelectionSet);
      else {
        const name = selection.Alias || selection.Name;
        const known = fields.get(name);
        if (known === undefined) fields.set(name, [selection]);
        else known.push(selection);
      }
    }
  };
  visit(selections);
  return { fields, spreads };
}

class Comparison {
  /** Pairs of fragments that were compared, and whether only as fields that exclude each other. */
  private readonly pairs = new Map<string, boolean>();
  private compared = new Set<string>();
  private readonly known = new Map<readonly Selection[], Collected>();
  private count = 0;
  private walk!: Walk;

  within(walk: Walk, selections: readonly Selection[]): readonly Conflict[] {
    if (selections.length === 0) return [];
    this.walk = walk;
    const conflicts: Conflict[] = [];
    const { fields, spreads } = this.collected(selections);
    for (const same of fields.values())
      for (const [at, field] of same.entries())
        for (const other of same.slice(at + 1)) this.compare(conflicts, false, field, other);
    this.compared = new Set();
    for (const [at, spread] of spreads.entries()) {
      this.fieldsAndFragment(conflicts, false, fields, spread);
      for (const other of spreads.slice(at + 1)) this.fragments(conflicts, false, spread, other);
    }
    return conflicts;
  }

  private collected(selections: readonly Selection[]): Collected {
    const found = this.known.get(selections) ?? collect(selections);
    this.known.set(selections, found);
    return found;
  }

  private fieldsAndFragment(
    conflicts: Conflict[],
    exclusive: boolean,
    fields: Collected["fields"],
    { Name, definition }: FragmentSpread,
  ): void {
    if (this.compared.has(Name)) return;
    this.compared.add(Name);
    if (definition === undefined) return;
    const other = this.collected(definition.SelectionSet);
    if (fields === other.fields) return;
    this.between(conflicts, exclusive, fields, other.fields);
    for (const spread of other.spreads) if (spread.Name !== Name) this.fieldsAndFragment(conflicts, exclusive, fields, spread);
  }

  private fragments(conflicts: Conflict[], exclusive: boolean, a: FragmentSpread, b: FragmentSpread): void {
    if (a.Name === b.Name) return;
    const key = a.Name < b.Name ? `${a.Name} ${b.Name}` : `${b.Name} ${a.Name}`;
    const before = this.pairs.get(key);
    if (before !== undefined && (exclusive || !before)) return;
    this.pairs.set(key, exclusive);
    if (a.definition === undefined || b.definition === undefined) return;
    const left = this.collected(a.definition.SelectionSet);
    const right = this.collected(b.definition.SelectionSet);
    this.between(conflicts, exclusive, left.fields, right.fields);
    for (const spread of right.spreads) this.fragments(conflicts, exclusive, a, spread);
    for (const spread of left.spreads) this.fragments(conflicts, exclusive, spread, b);
  }

  private between(conflicts: Conflict[], exclusive: boolean, a: Collected["fields"], b: Collected["fields"]): void {
    for (const [name, fields] of a)
      for (const field of fields) for (const other of b.get(name) ?? []) this.compare(conflicts, exclusive, field, other);
  }

  private compare(conflicts: Conflict[], exclusive: boolean, a: Field, b: Field): void {
    if (++this.count > mostComparisons) throw new GraphqlFault("the query has too many fields to compare");
    const conflict = this.conflict(exclusive, a, b);
    if (conflict !== undefined) conflicts.push(conflict);
  }

  private conflict(parentsExclusive: boolean, a: Field, b: Field): Conflict | undefined {
    if (a.parent === undefined || b.parent === undefined) return undefined;
    const exclusive =
      parentsExclusive ||
      (a.parent.Name !== b.parent.Name &&
        a.parent.Kind === "OBJECT" &&
        b.parent.Kind === "OBJECT" &&
        a.definition !== undefined &&
        b.definition !== undefined);
    const found = (message: string, inner: readonly Conflict[] = []): Conflict => ({
      name: a.Alias || a.Name,
      message,
      inner,
      position: b.position,
    });
    if (!exclusive) {
      if (a.Name !== b.Name) return found(`"${a.Name}" and "${b.Name}" are different fields`);
      if (!sameArguments(a.Arguments, b.Arguments)) return found("they have differing arguments");
    }
    if (a.definition !== undefined && b.definition !== undefined && this.differ(a.definition.Type, b.definition.Type))
      return found(`they return conflicting types "${typeText(a.definition.Type)}" and "${typeText(b.definition.Type)}"`);
    const inner = this.subselections(exclusive, a.SelectionSet, b.SelectionSet);
    return inner.length === 0 ? undefined : found("", inner);
  }

  private subselections(exclusive: boolean, a: readonly Selection[], b: readonly Selection[]): readonly Conflict[] {
    const conflicts: Conflict[] = [];
    const left = this.collected(a);
    const right = this.collected(b);
    this.between(conflicts, exclusive, left.fields, right.fields);
    for (const spread of right.spreads) {
      this.compared = new Set();
      this.fieldsAndFragment(conflicts, exclusive, left.fields, spread);
    }
    for (const spread of left.spreads) {
      this.compared = new Set();
      this.fieldsAndFragment(conflicts, exclusive, right.fields, spread);
    }
    for (const one of left.spreads) for (const other of right.spreads) this.fragments(conflicts, exclusive, one, other);
    return conflicts;
  }

  private differ(a: Type, b: Type): boolean {
    if (a.Elem !== undefined) return b.Elem === undefined || this.differ(a.Elem, b.Elem);
    if (b.Elem !== undefined || a.NonNull !== b.NonNull) return true;
    const left = this.walk.schema.types.get(a.NamedType);
    const right = this.walk.schema.types.get(b.NamedType);
    const leaves = [left?.Kind, right?.Kind].every((kind) => kind === "SCALAR" || kind === "ENUM");
    return leaves && left!.Name !== right!.Name;
  }
}

function sameArguments(a: readonly Argument[], b: readonly Argument[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((one) => b.some((other) => one.Name === other.Name && sameValue(one.Value, other.Value)));
}

/** The order of an object's fields does not count. */
function sameValue(a: GraphqlValue, b: GraphqlValue): boolean {
  if (a.Kind !== b.Kind || a.Raw !== b.Raw || a.Children.length !== b.Children.length) return false;
  const sorted = (value: GraphqlValue): GraphqlValue["Children"] =>
    value.Kind === valueKinds.object
      ? [...value.Children].sort((x, y) => (x.Name < y.Name ? -1 : x.Name > y.Name ? 1 : 0))
      : value.Children;
  const others = sorted(b);
  return sorted(a).every((child, at) => child.Name === others[at]!.Name && sameValue(child.Value, others[at]!.Value));
}
