// Plan pass: OPA's interpreter goes on with the first value of a rule before it looks for others. Where prints or marks tell, what
// follows a call stands inside it, and the called function goes on with that at its first value.
import { COMPARISONS } from "../plan/comparisons.ts";
import type { Block, Func, Local, Plan, Stmt } from "../plan/ir.ts";
import { nestedBlocks } from "../plan/statements.ts";
import { reachedByCallers, usesOf } from "./function-uses.ts";

const print = "internal.print";

/** The plan with calls that go on inside what they call; the same one where nothing tells. `all`: the course of all functions is told. */
export function goOnAtFirstValues(plan: Plan, all: boolean): Plan {
  if (!all && !plan.builtins.some(({ name }) => name === print)) return plan;
  const reached = reachedByCallers(plan.funcs);
  const telling = reached(({ calls }) => all || calls.includes(print));
  const several = new Set(plan.funcs.filter(mayConflict).map(({ name }) => name));
  const conflicting = reached((_, name) => several.has(name));
  const isSeenIn = (name: string): boolean => telling.has(name) || conflicting.has(name);
  const going = new Set(plan.funcs.filter((func) => isSeenBehindFirst(func, isSeenIn)).map(({ name }) => name));
  if (going.size === 0) return plan;
  const asked = new Set<string>();
  const blocksOf = ({ blocks }: Pick<Func, "blocks">, result?: Local): readonly Block[] =>
    blocks.map((block) => goingOn(block, { going, result, asked, all }));
  const funcs = plan.funcs.map((func) => ({ ...func, blocks: blocksOf(func, going.has(func.name) ? func.result : undefined) }));
  const entrypoints = plan.entrypoints.map((one) => ({ ...one, blocks: blocksOf(one) }));
  return { ...plan, entrypoints, funcs: funcs.map((func) => (asked.has(func.name) ? { ...func, goesOn: true } : func)) };
}

/** True when something may be told of a function behind its first value: what it calls tells, or a rule conflicts there. */
function isSeenBehindFirst(func: Func, isSeenIn: (name: string) => boolean): boolean {
  if (func.complete !== true) return false;
  const { calls, callsDynamically } = usesOf(func);
  return mayConflict(func) || (callsDynamically && isSeenIn(func.name)) || calls.some(isSeenIn);
}

function mayConflict({ complete, agreed, blocks, result }: Func): boolean {
  return complete === true && agreed !== true && blocks.reduce((sum, one) => sum + values(one, result), 0) > 1;
}

/** In how many places a block gives the result; more than one where it may do so again. */
function values({ stmts }: Block, result: Local): number {
  return stmts.reduce((sum, stmt) => {
    if (stmt.op === "AssignVarOnce" && stmt.target === result) return sum + 1;
    const inside = nestedBlocks(stmt).reduce((inner, block) => inner + values(block, result), 0);
    return sum + (stmt.op === "Scan" ? 2 * inside : inside);
  }, 0);
}

/** So many calls of a block may stand one inside the other. */
const mostInside = 200;

interface Going {
  /** The functions that print behind their first values. */
  readonly going: ReadonlySet<string>;
  /** What is assigned once where the function around is one of them. */
  readonly result: Local | undefined;
  /** Those that are asked to go on. */
  readonly asked: Set<string>;
  readonly all: boolean;
}

function goingOn({ stmts }: Block, around: Going): Block {
  /** What stands behind, the last one first. */
  let behind: Stmt[] = [];
  let seen = false;
  let inside = 0;
  for (const stmt of stmts.toReversed()) {
    if (stmt.op === "Call" && around.going.has(stmt.func) && seen && inside < mostInside) {
      behind = [{ ...stmt, behind: { stmts: behind.reverse() } }];
      around.asked.add(stmt.func);
      inside++;
    } else behind.push(inner(stmt, (block) => goingOn(block, around)));
    seen ||= isSeen(stmt, around);
  }
  return { stmts: behind.reverse() };
}

function inner(stmt: Stmt, change: (block: Block) => Block): Stmt {
  switch (stmt.op) {
    case "Block":
      return { ...stmt, blocks: stmt.blocks.map(change) };
    case "Not":
    case "Scan":
    case "With":
      return { ...stmt, block: change(stmt.block) };
    default:
      return stmt;
  }
}

/** True for what prints, fails or goes on elsewhere, and for marks where all are told. */
function isSeen(stmt: Stmt, around: Going): boolean {
  switch (stmt.op) {
    case "Call":
      return !COMPARISONS.has(stmt.func);
    case "CallDynamic":
    case "ObjectInsertOnce":
      return true;
    case "Mark":
      return around.all;
    case "AssignVarOnce":
      return stmt.target === around.result;
    default:
      return nestedBlocks(stmt).some((block) => block.stmts.some((one) => isSeen(one, around)));
  }
}
