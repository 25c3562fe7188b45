// Facts about one plan function that let its code be short: which locals are defined once, which are documents at constant
// paths below input or data, and which paths are worth keeping in a local.
import type { Block, Local, Plan, Stmt } from "../plan/ir.ts";
import { collectionOf, nestedBlocks, readOperands, writtenLocals } from "../plan/statements.ts";

/** A place in a document: the root's local and the constant keys from there. */
export interface DocumentPath {
  readonly root: Local;
  readonly keys: readonly string[];
}

export interface FunctionFacts {
  /** How often a local is written. */
  readonly definitions: ReadonlyMap<Local, number>;
  /** How often a local is read. */
  readonly uses: ReadonlyMap<Local, number>;
  /** How often something is added to the collection in a local; each time it is read, too. */
  readonly additions: ReadonlyMap<Local, number>;
  /** Dot statements that read a constant path worth keeping; equal paths have equal texts. */
  readonly kept: ReadonlyMap<Stmt, string>;
  /** Every local that an outermost block writes or reads, inside as well. */
  readonly locals: ReadonlyMap<Block, ReadonlySet<Local>>;
}

type Dot = Extract<Stmt, { op: "Dot" }>;

interface Reading {
  readonly stmt: Stmt;
  readonly path: string;
  readonly inLoop: boolean;
}

/** Looks through a function once; input and data are locals 0 and 1. */
export function functionFacts(plan: Plan, blocks: readonly Block[]): FunctionFacts {
  const definitions = new Map<Local, number>();
  const uses = new Map<Local, number>();
  const additions = new Map<Local, number>();
  const dots: { readonly stmt: Dot; readonly inLoop: boolean }[] = [];
  const survey = ({ stmts }: Block, inLoop: boolean, found: Set<Local>): void => {
    for (let i = 0; i < stmts.length; i++) {
      const stmt = stmts[i]!;
      const written = writtenLocals(stmt);
      for (let at = 0; at < written.length; at++) {
        const local = written[at]!;
        definitions.set(local, (definitions.get(local) ?? 0) + 1);
        found.add(local);
      }
      const read = readOperands(stmt);
      for (let at = 0; at < read.length; at++) {
        const one = read[at]!;
        const local = typeof one === "number" ? one : one.kind === "local" ? one.local : undefined;
        if (local === undefined) continue;
        uses.set(local, (uses.get(local) ?? 0) + 1);
        found.add(local);
      }
      const collection = collectionOf(stmt);
      if (collection !== undefined) additions.set(collection, (additions.get(collection) ?? 0) + 1);
      if (stmt.op === "Dot") dots.push({ stmt, inLoop });
      const inner = nestedBlocks(stmt);
      for (let at = 0; at < inner.length; at++) survey(inner[at]!, inLoop || stmt.op === "Scan", found);
    }
  };
  const locals = new Map<Block, ReadonlySet<Local>>();
  for (const block of blocks) {
    const found = new Set<Local>();
    survey(block, false, found);
    locals.set(block, found);
  }

  // A root that some `with` replaces does not stand for one document.
  const paths = new Map<Local, DocumentPath>();
  for (const root of [0, 1]) if (!definitions.has(root)) paths.set(root, { root, keys: [] });
  const readings: Reading[] = [];
  for (const { stmt, inLoop } of dots) {
    if (stmt.base === true || stmt.source.kind !== "local" || stmt.key.kind !== "string") continue;
    const from = paths.get(stmt.source.local);
    if (from === undefined) continue;
    const to = { root: from.root, keys: [...from.keys, plan.strings[stmt.key.index] ?? ""] };
    if (definitions.get(stmt.target) === 1) paths.set(stmt.target, to);
    readings.push({ stmt, path: JSON.stringify([to.root, ...to.keys]), inLoop });
  }
  const times = new Map<string, number>();
  for (const r of readings) times.set(r.path, (times.get(r.path) ?? 0) + (r.inLoop ? 2 : 1));
  const kept = new Map<Stmt, string>();
  for (const r of readings) if ((times.get(r.path) ?? 0) > 1) kept.set(r.stmt, r.path);
  return { definitions, uses, additions, kept, locals };
}
