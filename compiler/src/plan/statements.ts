// What every pass asks of a statement: the blocks inside it, the locals that it writes.
import type { Block, Local, Stmt } from "./ir.ts";

/** The blocks nested in a statement. */
export function nestedBlocks(stmt: Stmt): readonly Block[] {
  switch (stmt.op) {
    case "Block":
      return stmt.blocks;
    case "Not":
    case "Scan":
    case "With":
      return [stmt.block];
    default:
      return [];
  }
}

/** The locals that a statement writes. */
export function writtenLocals(stmt: Stmt): readonly Local[] {
  if (stmt.op === "Scan") return [stmt.key, stmt.value];
  if ("target" in stmt) return [stmt.target];
  if ("result" in stmt) return [stmt.result];
  if (stmt.op === "With") return [stmt.local];
  return [];
}
