// What the statements of a planned function use: the functions it calls, loops, replacements.
import { oncePer } from "#grammars/once-per.ts";
import type { Func } from "../plan/ir.ts";
import { nestedBlocks } from "../plan/statements.ts";

/** What the module as a whole does to the code of a function. */
export interface FunctionUses {
  /** What it calls, as often as it does. */
  readonly calls: readonly string[];
  /** Those of them that stand in a loop. */
  readonly callsInLoops: readonly string[];
  readonly loops: boolean;
  readonly replaces: boolean;
  readonly callsDynamically: boolean;
  /** It gives sets as they were written. */
  readonly writes: boolean;
  /** The slots of what it evaluates once. */
  readonly slots: readonly number[];
}

export const usesOf = oncePer((func: Pick<Func, "blocks">): FunctionUses => {
  const calls: string[] = [];
  const callsInLoops: string[] = [];
  let loops = false;
  let replaces = false;
  let callsDynamically = false;
  let writes = false;
  const slots: number[] = [];
  const walk = (blocks: Func["blocks"], inLoop: boolean): void => {
    for (let nth = 0; nth < blocks.length; nth++) {
      const { stmts } = blocks[nth]!;
      for (let i = 0; i < stmts.length; i++) {
        const stmt = stmts[i]!;
        if (stmt.op === "Call") (inLoop ? callsInLoops : calls).push(stmt.func);
        else if (stmt.op === "Scan") loops = true;
        else if (stmt.op === "With") replaces = true;
        else if (stmt.op === "CallDynamic") callsDynamically = true;
        else if (stmt.op === "AsWritten") writes = true;
        else if (stmt.op === "Block" && stmt.once !== undefined) slots.push(stmt.once.slot);
        const inner = nestedBlocks(stmt);
        if (inner.length > 0) walk(inner, inLoop || stmt.op === "Scan");
      }
    }
  };
  walk(func.blocks, false);
  return { calls: [...calls, ...callsInLoops], callsInLoops, loops, replaces, callsDynamically, writes, slots };
});

/** Gives the functions of which something is true, for themselves or for what they call. */
export function reachedByCallers(
  funcs: readonly Func[],
): (does: (uses: FunctionUses, name: string) => boolean) => ReadonlySet<string> {
  const callers = new Map<string, string[]>();
  for (const func of funcs) {
    for (const called of usesOf(func).calls) {
      const known = callers.get(called);
      if (known === undefined) callers.set(called, [func.name]);
      else known.push(func.name);
    }
  }
  return (does) => {
    const found = new Set<string>();
    const todo = funcs.flatMap((func) => (does(usesOf(func), func.name) ? [func.name] : []));
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      todo.push(...(callers.get(name) ?? []));
    }
    return found;
  };
}
