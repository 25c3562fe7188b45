// Plan pass: a rule or function whose candidates all give one and the same constant stops at the first success, as OPA's
// interpreter does: loops end at once and later bodies do not run (so their prints and builtin errors do not happen either).
import { oncePer } from "#grammars/once-per.ts";
import type { Block, Func, Local, Operand, Plan, Stmt } from "./ir.ts";
import { nestedBlocks, writtenLocals } from "./statements.ts";

/** The plan with early exits where OPA's interpreter has them; the same function gives the same one each time. */
export function exitEarly(plan: Plan): Plan {
  return { ...plan, funcs: plan.funcs.map(exitingFunction) };
}

const exitingFunction = oncePer(exitFunctionEarly);

function exitFunctionEarly(func: Func): Func {
  // OPA's interpreter looks for every value of a key.
  if (func.keyed !== undefined) return func;
  const candidates = candidateLocals(func);
  if (candidates === undefined) return func;
  const blocks = func.blocks.map((block, i) => {
    const exited = leaveLoops(block, { result: func.result, handed: handedOn(block), candidates }, 1, false);
    return i < func.blocks.length - 1 ? returnAfterSuccess(exited, func.result) : exited;
  });
  return { ...func, blocks };
}

/** The result and the locals that are handed on to it, if nothing but one constant is ever assigned to them. */
function candidateLocals(func: Func): ReadonlySet<Local> | undefined {
  const constants = constantLocals(func.blocks);
  const candidates = new Set<Local>([func.result]);
  const assigned: { readonly source: Operand; readonly target: Local }[] = [];
  const plainly = new Set<Local>();
  for (const block of func.blocks) {
    if (isFallback(block, func.result)) continue;
    visit([block], (stmt) => {
      if (stmt.op === "AssignVarOnce") assigned.push(stmt);
      else if (stmt.op !== "ResetLocal") for (const local of writtenLocals(stmt)) plainly.add(local);
    });
  }
  const targets = new Set(assigned.map(({ target }) => target));
  for (const a of assigned) {
    if (a.target !== func.result || a.source.kind !== "local" || constants.has(a.source.local)) continue;
    // What no statement assigns is a parameter: the input, or an argument.
    if (!targets.has(a.source.local)) return undefined;
    candidates.add(a.source.local);
  }
  let value: string | undefined;
  for (const a of assigned) {
    if (!candidates.has(a.target)) continue;
    if (a.source.kind === "local" && candidates.has(a.source.local)) continue;
    const text = a.source.kind === "local" ? constants.get(a.source.local) : JSON.stringify(a.source);
    if (text === undefined || (value !== undefined && text !== value)) return undefined;
    value = text;
  }
  if (value === undefined || [...candidates].some((local) => plainly.has(local))) return undefined;
  return candidates;
}

/** Locals that hold a constant, made in one block, as texts that are equal for equal constants. */
function constantLocals(blocks: readonly Block[]): ReadonlyMap<Local, string> {
  const found = new Map<Local, string>();
  const defined = new Set<Local>();
  const inBlock = (block: Block): void => {
    /** Collections that were made in this block, with what was put into them. */
    const growing = new Map<Local, { readonly kind: string; readonly parts: string[] }>();
    const put = (collection: Local, parts: readonly (string | undefined)[]): void => {
      const grown = growing.get(collection);
      if (grown === undefined || parts.includes(undefined)) {
        growing.delete(collection);
        found.delete(collection);
        return;
      }
      grown.parts.push(parts.join(": "));
      const ordered = grown.kind === "array" ? grown.parts : [...grown.parts].sort();
      found.set(collection, `${grown.kind}(${ordered.join(", ")})`);
    };
    const textOf = (operand: Operand): string | undefined =>
      operand.kind === "local" ? found.get(operand.local) : JSON.stringify(operand);
    for (const stmt of block.stmts) {
      const target = "target" in stmt ? stmt.target : "result" in stmt ? stmt.result : undefined;
      const again = target !== undefined && defined.has(target);
      if (target !== undefined) {
        defined.add(target);
        growing.delete(target);
        if (again) found.delete(target);
      }
      const make = (kind: string): void => {
        if (target === undefined || again) return;
        growing.set(target, { kind, parts: [] });
        found.set(target, `${kind}()`);
      };
      switch (stmt.op) {
        case "MakeNumberInt":
          if (!again) found.set(stmt.target, `integer ${stmt.value}`);
          break;
        case "MakeNumberRef":
          if (!again) found.set(stmt.target, `number ${stmt.index}`);
          break;
        case "MakeNull":
          if (!again) found.set(stmt.target, "null");
          break;
        case "MakeArray":
          make("array");
          break;
        case "MakeSet":
          make("set");
          break;
        case "MakeObject":
          make("object");
          break;
        case "ArrayAppend":
          put(stmt.array, [textOf(stmt.value)]);
          break;
        case "SetAdd":
          put(stmt.set, [textOf(stmt.value)]);
          break;
        case "ObjectInsert":
        case "ObjectInsertOnce":
          put(stmt.object, [textOf(stmt.key), textOf(stmt.value)]);
          break;
        default:
          for (const nested of nestedBlocks(stmt)) inBlock(nested);
      }
    }
  };
  for (const block of blocks) inBlock(block);
  return found;
}

function visit(blocks: readonly Block[], see: (stmt: Stmt) => void): void {
  for (const block of blocks) {
    for (const stmt of block.stmts) {
      see(stmt);
      visit(nestedBlocks(stmt), see);
    }
  }
}

/** A block that runs only when the result is still undefined: the default. */
function isFallback(block: Block, result: Local): boolean {
  const first = block.stmts[0];
  return first?.op === "IsUndefined" && first.source === result;
}

/** The locals whose value a block itself gives to another local. */
function handedOn(block: Block): ReadonlySet<Local> {
  return new Set(
    block.stmts.flatMap((stmt) => (stmt.op === "AssignVarOnce" && stmt.source.kind === "local" ? [stmt.source.local] : [])),
  );
}

interface Exits {
  readonly result: Local;
  readonly handed: ReadonlySet<Local>;
  readonly candidates: ReadonlySet<Local>;
}

/**
 * After the assignment, which is the last statement of its block: that of the result ends the function, that of another local
 * leaves every block up to the outermost one, since a block behind it hands the local on. A local that the outermost block
 * itself hands on behind an `else` chain leaves no more than its branch.
 */
function leaveLoops(block: Block, exits: Exits, depth: number, inLoop: boolean): Block {
  const last = block.stmts.length - 1;
  const inside = (below: Block, loop: boolean): Block => leaveLoops(below, exits, depth + 1, loop);
  const stmts = block.stmts.flatMap((stmt, i): readonly Stmt[] => {
    switch (stmt.op) {
      case "AssignVarOnce": {
        const { target, location } = stmt;
        if (!inLoop || i !== last || !exits.candidates.has(target)) return [stmt];
        if (target === exits.result) return [stmt, { op: "ReturnLocal", source: target, location }];
        return [stmt, { op: "Break", index: exits.handed.has(target) ? depth - 2 : depth - 1, location }];
      }
      case "Scan":
        return [{ ...stmt, block: inside(stmt.block, true) }];
      case "With":
        return [{ ...stmt, block: inside(stmt.block, inLoop) }];
      case "Block":
        return [{ ...stmt, blocks: stmt.blocks.map((b) => inside(b, inLoop)) }];
      default:
        return [stmt];
    }
  });
  return { stmts };
}

function returnAfterSuccess(block: Block, result: Local): Block {
  const last = block.stmts.at(-1);
  if (last === undefined) return block;
  const { location } = last;
  const leave: Stmt = { op: "ReturnLocal", source: result, location };
  if (last.op === "AssignVarOnce" && last.target === result) return { stmts: [...block.stmts, leave] };
  let assigns = false;
  visit([block], (stmt) => {
    if (stmt.op === "AssignVarOnce" && stmt.target === result) assigns = true;
  });
  // Assigned in a block inside, if at all.
  return assigns ? { stmts: [...block.stmts, { op: "IsDefined", source: result, location }, leave] } : block;
}
