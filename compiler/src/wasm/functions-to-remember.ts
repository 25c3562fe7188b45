// Which functions keep their results by argument: what costs more to run than to look up, and may be asked again; others only
// where equal numbers may have different spellings.
import type { Func, Plan } from "../plan/ir.ts";
import { usesOf } from "./function-uses.ts";

/** `spelled`: OPA's interpreter keeps them all, and with the first result the spelling of its numbers. */
export type Remembering = "always" | "spelled";

/** What functions with arguments keep during an evaluation, by name; `all`: whether it is worth it or not. */
export function functionsToRemember(
  plan: Plan,
  isHostCall: (name: string) => boolean,
  all = false,
): ReadonlyMap<string, Remembering> {
  const costly = costlyFunctions(plan, isHostCall);
  const once = calledOnce(plan);
  const kept = new Map<string, Remembering>();
  for (const func of plan.funcs) {
    if (argsOf(func) === 0) continue;
    const worth = all || costly.has(func.name);
    if (func.keyed !== undefined) {
      if (worth) kept.set(func.name, "always");
    } else if (argsOf(func) <= 3 && (all || !once(func.name))) kept.set(func.name, worth ? "always" : "spelled");
  }
  return kept;
}

const argsOf = (func: Func): number => func.params.length - 2;

// Functions that one place calls, which an evaluation passes once: not in a loop, in a rule or in such a function again.
function calledOnce(plan: Plan): (name: string) => boolean {
  const many = new Set<string>();
  const callers = new Map<string, Func | undefined>();
  const note = (from: Pick<Func, "blocks">, caller?: Func): void => {
    const { calls, callsInLoops } = usesOf(from);
    for (const called of calls) {
      if (callers.has(called)) many.add(called);
      callers.set(called, caller);
    }
    for (const called of callsInLoops) many.add(called);
  };
  for (const entrypoint of plan.entrypoints) note(entrypoint);
  for (const func of plan.funcs) note(func, func);
  const known = new Map<string, boolean>();
  const once = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      known.set(name, false);
      const caller = callers.get(name);
      // The result of a rule is kept, so its body runs once.
      answer = callers.has(name) && !many.has(name) && (caller === undefined || argsOf(caller) === 0 || once(caller.name));
      known.set(name, answer);
    }
    return answer;
  };
  return once;
}

// Functions that loop or ask the host, themselves or in what they call: others are cheaper to run than to remember.
function costlyFunctions(plan: Plan, isHostCall: (name: string) => boolean): ReadonlySet<string> {
  const callers = new Map<string, string[]>();
  const costly = new Set<string>();
  const todo: string[] = [];
  for (const func of plan.funcs) {
    const { calls, loops, callsDynamically } = usesOf(func);
    if (loops || callsDynamically || calls.some(isHostCall)) todo.push(func.name);
    for (const called of calls) {
      const known = callers.get(called);
      if (known === undefined) callers.set(called, [func.name]);
      else known.push(func.name);
    }
  }
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (costly.has(name)) continue;
    costly.add(name);
    todo.push(...(callers.get(name) ?? []));
  }
  return costly;
}
