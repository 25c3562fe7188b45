// When what an entrypoint goes through was compiled last: while that stays, the same data and input give the same.
import { oncePer } from "#grammars/once-per.ts";
import type { FunctionSymbol, GeneratedFunction } from "./code-builder.ts";

/** Entrypoint name to a number that a later compilation gives again where nothing changed; none for what varies by itself. */
export type Stamps = Readonly<Record<string, number>>;

/** Functions in the order of their compilation. */
const ages = new WeakMap<GeneratedFunction, number>();
let youngest = 0;

function ageOf(code: GeneratedFunction): number {
  let age = ages.get(code);
  if (age === undefined) {
    age = ++youngest;
    ages.set(code, age);
  }
  return age;
}

const calledBy = oncePer(({ calls }: GeneratedFunction): readonly FunctionSymbol[] => [
  ...new Set(calls.map(({ symbol }) => symbol)),
]);

/** Code that only says other places than that before it gives what that gave. */
export function takeAge(code: GeneratedFunction, before: GeneratedFunction): void {
  ages.set(code, ageOf(before));
}

/**
 * The age of the youngest function that an entrypoint reaches: who comes to call another function is compiled anew, so what is reached
 * stays while this does. A memory that keeps code keeps the last of each function alone.
 */
export function stampsOf(
  codes: ReadonlyMap<FunctionSymbol, GeneratedFunction>,
  entries: ReadonlyMap<string, FunctionSymbol>,
): Stamps {
  const known = new Map<FunctionSymbol, number>();
  // Rules that call each other through thousands of others are gone through without going deeper.
  const stampOf = (entry: FunctionSymbol): number => {
    const path = [entry];
    const isOpen = new Set<FunctionSymbol>();
    for (let symbol = path.at(-1); symbol !== undefined; symbol = path.at(-1)) {
      isOpen.add(symbol);
      const code = codes.get(symbol)!;
      const called = calledBy(code).filter((one) => codes.has(one));
      const further = called.filter((one) => !known.has(one) && !isOpen.has(one));
      if (further.length > 0) {
        path.push(...further);
        continue;
      }
      // What is open but not known calls itself through others.
      const stamps = called.map((one) => known.get(one) ?? Number.POSITIVE_INFINITY);
      known.set(symbol, Math.max(code.varies ? Number.POSITIVE_INFINITY : ageOf(code), ...stamps));
      path.pop();
    }
    return known.get(entry)!;
  };
  const stamps: Record<string, number> = {};
  for (const [name, symbol] of entries) {
    const stamp = stampOf(symbol);
    if (Number.isFinite(stamp)) stamps[name] = stamp;
  }
  return stamps;
}
