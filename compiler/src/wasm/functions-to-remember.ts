// Which functions keep their results by argument: what costs more to run than to look up, and may be asked again; others only
// where it shows that OPA's interpreter keeps the results of them all.
import type { Func, Plan } from "../plan/ir.ts";
import { reachedByCallers, usesOf } from "./function-uses.ts";

/**
 * `exactly`: for all arguments that are equal, so that what it prints, or what is told of its course, comes once. `worthwhile`: where that
 * costs little. `found`: as `exactly`, where something stands at the keys that are asked for. `spelled`: only for numbers that may be
 * spelled differently, as the first result has their spelling.
 */
export type Remembering = "exactly" | "found" | "worthwhile" | "spelled";

/** What functions with arguments keep during an evaluation, by name; `watched`: the course of all of them is told. */
export function functionsToRemember(
  plan: Plan,
  isHostCall: (name: string) => boolean,
  watched = false,
): ReadonlyMap<string, Remembering> {
  const long = functionsOfManyCalls(plan);
  const withCallers = reachedByCallers(plan.funcs);
  const costly = withCallers(
    ({ calls, loops, callsDynamically }, name) => loops || callsDynamically || long.has(name) || calls.some(isHostCall),
  );
  const printing = withCallers(({ calls }) => calls.includes("internal.print"));
  const ordering = functionsOfOrder(plan, withCallers);
  const once = calledOnce(plan);
  // Of several values of a function OPA's interpreter knows the one that it looked for first.
  const wanted = new Set(plan.funcs.flatMap(({ name, of }) => (of === undefined ? [] : [name, of])));
  const kept = new Map<string, Remembering>();
  for (const func of plan.funcs) {
    const { name, keyed } = func;
    const args = argsOf(func);
    if (args === 0 || (isLookedForAnew(func) && (watched || printing.has(name)))) continue;
    if (keyed !== undefined && (watched || printing.has(name))) kept.set(name, "found");
    else if (wanted.has(name) || watched || (keyed !== undefined && costly.has(name))) kept.set(name, "exactly");
    else if (keyed !== undefined || (once(name) && !ordering.has(name))) continue;
    else if (printing.has(name) || ordering.has(name)) kept.set(name, "exactly");
    else if (costly.has(name)) kept.set(name, "worthwhile");
    else if (args <= 3) kept.set(name, "spelled");
  }
  return kept;
}

/** True of a partial rule that is asked for its first key in part: OPA's interpreter keeps nothing of what it finds then. */
export function isLookedForAnew({ keyed }: Func): boolean {
  return keyed !== undefined && keyed.leading.length === 0;
}

// Functions that may give a set as it was written, or are given one: who asks again has a set like others.
function functionsOfOrder(plan: Plan, withCallers: ReturnType<typeof reachedByCallers>): ReadonlySet<string> {
  const holding = withCallers(({ writes }) => writes);
  const given = [...plan.funcs.filter(({ name }) => holding.has(name)), ...plan.entrypoints].flatMap((one) =>
    holding.size > 0 || usesOf(one).writes ? usesOf(one).calls : [],
  );
  return new Set([...holding, ...given]);
}

const argsOf = (func: Func): number => func.params.length - 2;

// Functions that one place calls, which an evaluation passes once: not in a loop, in a rule or in such a function again.
function calledOnce(plan: Plan): (name: string) => boolean {
  const many = new Set<string>();
  const callers = new Map<string, Func | undefined>();
  // What one keeps answers for another.
  const keeperOf = ({ name, of, keyed }: Func): string => of ?? keyed?.extent ?? name;
  const shared = new Map(plan.funcs.map((func) => [func.name, keeperOf(func)]));
  const note = (from: Pick<Func, "blocks">, caller?: Func): void => {
    const { calls, callsInLoops } = usesOf(from);
    for (const call of calls) {
      const called = shared.get(call) ?? call;
      if (callers.has(called)) many.add(called);
      callers.set(called, caller);
    }
    for (const call of callsInLoops) many.add(shared.get(call) ?? call);
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
      answer = callers.has(name) && !many.has(name) && (caller === undefined || argsOf(caller) === 0 || once(keeperOf(caller)));
      known.set(name, answer);
    }
    return answer;
  };
  return (name) => once(shared.get(name) ?? name);
}

/** So many calls cost more than to look a result up. */
const manyCalls = 16;

// Functions that make many calls, with those that their calls make.
function functionsOfManyCalls(plan: Plan): ReadonlySet<string> {
  const funcs = new Map(plan.funcs.map((func) => [func.name, func]));
  const counts = new Map<string, number>();
  // In a loop: functions that each call the next one can be very many.
  const open: { readonly name: string; readonly calls: readonly string[]; at: number; count: number }[] = [];
  const enter = (name: string): void => {
    const func = funcs.get(name);
    counts.set(name, 0);
    if (func !== undefined) open.push({ name, calls: usesOf(func).calls, at: 0, count: 0 });
  };
  for (const { name } of plan.funcs) {
    if (!counts.has(name)) enter(name);
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const called = last.calls[last.at];
      if (called === undefined || last.count >= manyCalls) {
        counts.set(last.name, last.count);
        open.pop();
      } else if (counts.has(called)) {
        last.count += 1 + counts.get(called)!;
        last.at++;
      } else enter(called);
    }
  }
  return new Set([...counts].flatMap(([name, count]) => (count >= manyCalls ? [name] : [])));
}
