// What every pass asks of a statement: the blocks inside it, the locals that it writes and reads.
import type { Block, Local, Operand, Stmt } from "./ir.ts";

/** Most statements have nothing of a kind: all of them give this. */
const none: readonly never[] = [];

/** The blocks nested in a statement. */
export function nestedBlocks(stmt: Stmt): readonly Block[] {
  switch (stmt.op) {
    case "Block":
      return stmt.blocks;
    case "Call":
      return stmt.behind === undefined ? none : [stmt.behind];
    case "Not":
    case "Scan":
    case "With":
      return [stmt.block];
    default:
      return none;
  }
}

/** The locals that a statement writes. */
export function writtenLocals(stmt: Stmt): readonly Local[] {
  if (stmt.op === "Scan") return [stmt.key, stmt.value];
  if ("target" in stmt) return [stmt.target];
  if ("result" in stmt) return [stmt.result];
  if (stmt.op === "With") return [stmt.local];
  return none;
}

/** What a statement reads. */
export function readOperands(stmt: Stmt): readonly (Operand | Local)[] {
  switch (stmt.op) {
    case "ArrayAppend":
      return [stmt.value, stmt.array];
    case "AsWritten":
      return [stmt.source, stmt.order];
    case "AsWhole":
      return [stmt.source];
    case "AssignVar":
      return [stmt.source];
    case "AssignVarOnce":
      return [stmt.source, stmt.target];
    case "Call":
      return stmt.args;
    case "CallDynamic":
      return [...stmt.path, ...stmt.args];
    case "Dot":
      return [stmt.source, stmt.key];
    case "Equal":
    case "NotEqual":
    case "ObjectMerge":
      return [stmt.a, stmt.b];
    case "IsArray":
    case "IsObject":
    case "IsSet":
    case "IsDefined":
    case "IsUndefined":
    case "Len":
    case "ReturnLocal":
    case "Scan":
      return [stmt.source];
    case "Mark":
      return stmt.values;
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return [stmt.key, stmt.value, stmt.object];
    case "ResultSetAdd":
      return [stmt.value];
    case "SetAdd":
      return [stmt.value, stmt.set];
    case "With":
      return [stmt.value, stmt.local];
    default:
      return none;
  }
}

/** The collection that a statement adds to. */
export function collectionOf(stmt: Stmt): Local | undefined {
  switch (stmt.op) {
    case "ArrayAppend":
      return stmt.array;
    case "SetAdd":
      return stmt.set;
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return stmt.object;
    default:
      return undefined;
  }
}

/** Every local that a block reads or writes, inside as well. */
export function localsOf(block: Block): ReadonlySet<Local> {
  const found = new Set<Local>();
  const look = ({ stmts }: Block): void => {
    for (const stmt of stmts) {
      for (const local of writtenLocals(stmt)) found.add(local);
      for (const read of readOperands(stmt)) {
        if (typeof read === "number") found.add(read);
        else if (read.kind === "local") found.add(read.local);
      }
      for (const inner of nestedBlocks(stmt)) look(inner);
    }
  };
  look(block);
  return found;
}
