// Arrays, sets and objects of constants in one plan function: what the plan builds step by step stands ready in static memory.
import type { Block, Local, Operand, Plan, Stmt } from "../plan/ir.ts";
import { collectionOf, nestedBlocks, readOperands } from "../plan/statements.ts";
import type { Constants } from "./constants.ts";
import { FALSE, NULL, TRUE } from "./constants.ts";
import type { FunctionFacts } from "./function-facts.ts";

export type ConstantTerm =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "array" | "set"; readonly items: readonly ConstantTerm[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [ConstantTerm, ConstantTerm])[] };

export interface ConstantTerms {
  /** The last statement of a collection's making, with what stands for all of them. */
  readonly ready: ReadonlyMap<Stmt, { readonly target: Local; readonly term: ConstantTerm }>;
  /** Statements that are not needed. */
  readonly skipped: ReadonlySet<Stmt>;
}

interface Growing {
  readonly kind: "array" | "set" | "object";
  readonly items: ConstantTerm[];
  readonly steps: Stmt[];
  /** Statements still to come before it is complete. */
  left: number;
}

/** Finds the collections that are made of constants alone, in one go. */
export function constantTerms(
  plan: Plan,
  blocks: readonly Block[],
  { definitions, uses, additions }: FunctionFacts,
): ConstantTerms {
  /** How often a local is still read for other things than to add to it. */
  const left = new Map<Local, number>();
  const ready = new Map<Stmt, { readonly target: Local; readonly term: ConstantTerm }>();
  const skipped = new Set<Stmt>();
  const known = new Map<Local, { readonly term: ConstantTerm; readonly by: Stmt }>();
  const take = (local: Local): void => {
    const rest = (left.get(local) ?? (uses.get(local) ?? 0) - (additions.get(local) ?? 0)) - 1;
    left.set(local, rest);
    const one = known.get(local);
    if (rest !== 0 || one === undefined) return;
    skipped.add(one.by);
    ready.delete(one.by);
  };
  const termOf = (operand: Operand): ConstantTerm | undefined => {
    if (operand.kind === "bool") return { kind: "boolean", value: operand.value };
    if (operand.kind === "string") return { kind: "string", text: plan.strings[operand.index] ?? "" };
    return known.get(operand.local)?.term;
  };
  const complete = (target: Local, one: Growing, last: Stmt): void => {
    const term = finished(one);
    if (term === undefined) return;
    for (const step of one.steps) {
      if (step !== last) skipped.add(step);
      for (const operand of addedBy(step)) if (operand.kind === "local") take(operand.local);
    }
    ready.set(last, { target, term });
    known.set(target, { term, by: last });
  };
  const look = (list: readonly Block[]): void => {
    for (let nth = 0; nth < list.length; nth++) {
      const { stmts } = list[nth]!;
      let growing: Map<Local, Growing> | undefined;
      for (let i = 0; i < stmts.length; i++) {
        const stmt = stmts[i]!;
        const begun = beginning(stmt);
        if (begun !== undefined && definitions.get(begun.target) === 1) {
          // What begins empty and is not added to here may be added to under another name.
          const toCome = additions.get(begun.target) ?? 0;
          growing ??= new Map();
          if (toCome > 0) growing.set(begun.target, { kind: begun.kind, items: [], steps: [stmt], left: toCome });
          continue;
        }
        const scalar = scalarOf(plan, stmt);
        if (scalar !== undefined && definitions.get(scalar.target) === 1)
          known.set(scalar.target, { term: scalar.term, by: stmt });
        const collection = collectionOf(stmt);
        const one = collection === undefined ? undefined : growing?.get(collection);
        if (collection !== undefined && growing !== undefined && one !== undefined) {
          const terms = addedBy(stmt).map(termOf);
          if (terms.some((term) => term === undefined)) growing.delete(collection);
          else {
            one.items.push(...(terms as readonly ConstantTerm[]));
            one.steps.push(stmt);
            one.left--;
            if (one.left === 0) {
              growing.delete(collection);
              complete(collection, one, stmt);
            }
          }
          continue;
        }
        if (growing !== undefined && growing.size > 0) for (const read of readOperands(stmt)) growing.delete(localOf(read) ?? -1);
        const inner = nestedBlocks(stmt);
        if (inner.length > 0) look(inner);
      }
    }
  };
  look(blocks);
  return { ready, skipped };
}

/** The word of a constant, in static memory. */
export function constantWord(constants: Constants, term: ConstantTerm): bigint {
  switch (term.kind) {
    case "null":
      return NULL;
    case "boolean":
      return term.value ? TRUE : FALSE;
    case "string":
      return constants.string(term.text);
    case "number":
      return constants.number(term.text);
    case "array":
      return constants.array(term.items.map((item) => constantWord(constants, item)));
    case "set":
      return constants.set(term.items.map((item) => constantWord(constants, item)));
    case "object":
      return constants.object(term.entries.map(([key, value]) => [constantWord(constants, key), constantWord(constants, value)]));
  }
}

function localOf(read: Operand | Local): Local | undefined {
  if (typeof read === "number") return read;
  return read.kind === "local" ? read.local : undefined;
}

function addedBy(stmt: Stmt): readonly Operand[] {
  switch (stmt.op) {
    case "ArrayAppend":
    case "SetAdd":
      return [stmt.value];
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return [stmt.key, stmt.value];
    default:
      return [];
  }
}

function beginning(stmt: Stmt): { readonly kind: Growing["kind"]; readonly target: Local } | undefined {
  switch (stmt.op) {
    case "MakeArray":
      return { kind: "array", target: stmt.target };
    case "MakeSet":
      return { kind: "set", target: stmt.target };
    case "MakeObject":
      return { kind: "object", target: stmt.target };
    default:
      return undefined;
  }
}

function scalarOf(plan: Plan, stmt: Stmt): { readonly target: Local; readonly term: ConstantTerm } | undefined {
  switch (stmt.op) {
    case "MakeNull":
      return { target: stmt.target, term: { kind: "null" } };
    case "MakeNumberInt":
      return { target: stmt.target, term: { kind: "number", text: String(stmt.value) } };
    case "MakeNumberRef":
      return { target: stmt.target, term: { kind: "number", text: plan.strings[stmt.index] ?? "0" } };
    default:
      return undefined;
  }
}

/** Undefined when keys or members may be equal: then the runtime decides. */
function finished({ kind, items }: Growing): ConstantTerm | undefined {
  if (kind === "array") return { kind, items };
  if (kind === "set") return areDifferent(items) ? { kind, items } : undefined;
  const keys = items.filter((_, at) => at % 2 === 0);
  if (!areDifferent(keys)) return undefined;
  return { kind, entries: keys.map((key, at) => [key, items[2 * at + 1]!] as const) };
}

function areDifferent(terms: readonly ConstantTerm[]): boolean {
  if (terms.length < 2) return true;
  const seen = new Set<string>();
  for (const term of terms) {
    switch (term.kind) {
      case "null":
        seen.add("null");
        break;
      case "boolean":
        seen.add(String(term.value));
        break;
      case "string":
        seen.add(`"${term.text}`);
        break;
      case "number":
        // Numbers that are spelled otherwise may be equal, as may collections.
        if (!/^(0|-?[1-9][0-9]{0,14})$/.test(term.text)) return false;
        seen.add(term.text);
        break;
      default:
        return false;
    }
  }
  return seen.size === terms.length;
}
