// Facts about one plan function that let its code be short: which locals are defined once, which are documents at constant
// paths below input or data, and which paths are worth keeping in a local.
import type { Block, Local, Plan, Stmt } from "../plan/ir.ts";
import { nestedBlocks, readOperands, writtenLocals } from "../plan/statements.ts";

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
  /** Dot statements that read a constant path worth keeping; equal paths have equal texts. */
  readonly kept: ReadonlyMap<Stmt, string>;
}

interface Reading {
  readonly stmt: Stmt;
  readonly path: string;
  readonly inLoop: boolean;
}

/** Looks through a function once; input and data are locals 0 and 1. */
export function functionFacts(plan: Plan, blocks: readonly Block[]): FunctionFacts {
  const definitions = new Map<Local, number>();
  const uses = new Map<Local, number>();
  const count = (map: Map<Local, number>, local: Local) => map.set(local, (map.get(local) ?? 0) + 1);
  const each = (list: readonly Block[], visit: (stmt: Stmt) => void): void => {
    for (const block of list) {
      for (const stmt of block.stmts) {
        visit(stmt);
        each(nestedBlocks(stmt), visit);
      }
    }
  };
  each(blocks, (stmt) => {
    for (const local of writtenLocals(stmt)) count(definitions, local);
    for (const read of readOperands(stmt)) {
      if (typeof read === "number") count(uses, read);
      else if (read.kind === "local") count(uses, read.local);
    }
  });

  // A root that some `with` replaces does not stand for one document.
  const paths = new Map<Local, DocumentPath>();
  for (const root of [0, 1]) if (!definitions.has(root)) paths.set(root, { root, keys: [] });
  const readings: Reading[] = [];
  const collect = (list: readonly Block[], inLoop: boolean): void => {
    for (const block of list) {
      for (const stmt of block.stmts) {
        if (stmt.op === "Dot" && stmt.base !== true && stmt.source.kind === "local" && stmt.key.kind === "string") {
          const from = paths.get(stmt.source.local);
          if (from !== undefined) {
            const to = { root: from.root, keys: [...from.keys, plan.strings[stmt.key.index] ?? ""] };
            if (definitions.get(stmt.target) === 1) paths.set(stmt.target, to);
            readings.push({ stmt, path: JSON.stringify([to.root, ...to.keys]), inLoop });
          }
        }
        collect(nestedBlocks(stmt), inLoop || stmt.op === "Scan");
      }
    }
  };
  collect(blocks, false);
  const times = new Map<string, number>();
  for (const r of readings) times.set(r.path, (times.get(r.path) ?? 0) + (r.inLoop ? 2 : 1));
  const kept = new Map<Stmt, string>();
  for (const r of readings) if ((times.get(r.path) ?? 0) > 1) kept.set(r.stmt, r.path);
  return { definitions, uses, kept };
}
