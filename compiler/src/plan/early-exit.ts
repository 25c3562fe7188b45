// Plan pass: a rule or function whose definitions all give one and the same constant stops at the first success, as OPA's
// interpreter does: loops end at once and later bodies do not run (so their prints and builtin errors do not happen either).
import { oncePer } from "#grammars/once-per.ts";
import type { Block, Func, Local, Plan, Stmt } from "./ir.ts";
import { nestedBlocks } from "./statements.ts";

/** The plan with early exits where OPA's interpreter has them; the same function gives the same one each time. */
export function exitEarly(plan: Plan): Plan {
  return { ...plan, funcs: plan.funcs.map(exitingFunction) };
}

const exitingFunction = oncePer(exitFunctionEarly);

function exitFunctionEarly(func: Func): Func {
  if (func.agreed !== true) return func;
  const blocks = func.blocks.map((block, i) => {
    const exited = leaveLoops(block, func.result, false);
    return i < func.blocks.length - 1 ? returnAfterSuccess(exited, func.result) : exited;
  });
  return { ...func, blocks };
}

function assigns({ stmts }: Block, result: Local): boolean {
  return stmts.some(
    (stmt) =>
      (stmt.op === "AssignVarOnce" && stmt.target === result) || nestedBlocks(stmt).some((inner) => assigns(inner, result)),
  );
}

/** In loops the assignment of the result, which is the last statement of its block, ends the function. */
function leaveLoops(block: Block, result: Local, inLoop: boolean): Block {
  const last = block.stmts.length - 1;
  const stmts: Stmt[] = [];
  for (let i = 0; i <= last; i++) {
    const stmt = block.stmts[i]!;
    switch (stmt.op) {
      case "AssignVarOnce":
        stmts.push(stmt);
        if (inLoop && i === last && stmt.target === result)
          stmts.push({ op: "ReturnLocal", source: result, location: stmt.location });
        break;
      case "Scan":
        stmts.push({ ...stmt, block: leaveLoops(stmt.block, result, true) });
        break;
      case "With":
        stmts.push({ ...stmt, block: leaveLoops(stmt.block, result, inLoop) });
        break;
      case "Block":
        stmts.push({ ...stmt, blocks: stmt.blocks.map((b) => leaveLoops(b, result, inLoop)) });
        break;
      default:
        stmts.push(stmt);
    }
  }
  return { stmts };
}

function returnAfterSuccess(block: Block, result: Local): Block {
  const last = block.stmts.at(-1);
  if (last === undefined) return block;
  const { location } = last;
  const leave: Stmt = { op: "ReturnLocal", source: result, location };
  if (last.op === "AssignVarOnce" && last.target === result) return { stmts: [...block.stmts, leave] };
  // Assigned in a block inside, if at all.
  return assigns(block, result) ? { stmts: [...block.stmts, { op: "IsDefined", source: result, location }, leave] } : block;
}
