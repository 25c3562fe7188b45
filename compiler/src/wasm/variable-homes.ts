// Where the variables of a watched function are shown.
import type { Block, Local, SourceVariable } from "../plan/ir.ts";
import { nestedBlocks, readOperands, writtenLocals } from "../plan/statements.ts";

/**
 * Where each variable is at home: the innermost block around all that mentions it, undefined for the whole function. Steps elsewhere
 * need not show it: the definitions of a rule have a thousand variables together, and each of them a few.
 */
export function variableHomes(variables: readonly SourceVariable[], blocks: readonly Block[]): readonly (Block | undefined)[] {
  const around = new Map<Local, readonly Block[] | undefined>(variables.map(({ local }) => [local, undefined]));
  const mention = (local: Local, chain: readonly Block[]): void => {
    if (!around.has(local)) return;
    const before = around.get(local) ?? chain;
    let shared = 0;
    while (shared < before.length && before[shared] === chain[shared]) shared++;
    around.set(local, before.slice(0, shared));
  };
  const look = (block: Block, outer: readonly Block[]): void => {
    const chain = [...outer, block];
    for (const stmt of block.stmts) {
      for (const local of writtenLocals(stmt)) mention(local, chain);
      for (const read of readOperands(stmt)) {
        if (typeof read === "number") mention(read, chain);
        else if (read.kind === "local") mention(read.local, chain);
      }
      for (const inner of nestedBlocks(stmt)) look(inner, chain);
    }
  };
  for (const block of blocks) look(block, []);
  return variables.map(({ local }) => around.get(local)?.at(-1));
}
