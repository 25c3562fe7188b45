// The variables of a body that nothing uses.
import type { Body, Expr, Range } from "#grammars/rego/ast.ts";
import type { LocalScopes } from "./local-scopes.ts";
import { isGenerated, isWildcard } from "./rule-units.ts";
import { declaredBy } from "./stages/01-resolve-refs.ts";
import { varsOf, varsOfBody } from "./tree/vars.ts";

export interface UnusedLocal {
  readonly range: Range;
  readonly message: string;
}

/** The names that what a body is for has, as they are written; only asked for where something may be unused. */
export type Used = () => Pick<ReadonlySet<string>, "has" | "keys">;

const noLocals: readonly UnusedLocal[] = [];

/** Those that are assigned. `now` is what became of every expression; of what only declares, nothing. */
export function unusedAssigned(
  body: Body,
  now: readonly (Expr | undefined)[],
  scopes: LocalScopes,
  used: Used,
): readonly UnusedLocal[] {
  const names = used();
  const unused = new Map<string, string>();
  for (const [name, { name: generated, occurrence }] of scopes.innermost) {
    if (occurrence === "assigned" && !isWildcard(name) && (scopes.find(name)?.count ?? 0) <= 1 && !names.has(generated))
      unused.set(generated, name);
  }
  if (unused.size === 0) return noLocals;
  for (const name of names.keys()) {
    const generated = scopes.find(name)?.name;
    if (generated !== undefined) unused.delete(generated);
  }
  return [...unused].sort(byText).flatMap(([generated, name]) => {
    const at = now.findIndex((expr, i) => varsOf(expr ?? body[i]!).has(generated));
    const range = body[Math.max(at, 0)];
    return range === undefined ? [] : [{ range, message: `assigned var ${name} unused` }];
  });
}

/** Those that `some` declares; `rewritten` is what became of the body. */
export function unusedDeclared(body: Body, rewritten: Body, scopes: LocalScopes, used: Used): readonly UnusedLocal[] {
  const declared = declaredAndNotMet(scopes);
  if (declared === undefined) return noLocals;
  const present = varsOfBody(rewritten);
  for (const name of used().keys()) {
    declared.delete(name);
    declared.delete(scopes.find(name)?.name ?? name);
  }
  return [...declared].sort(byText).flatMap(([generated, name]) => {
    if (present.has(generated) || isGenerated(name)) return noLocals;
    const place = body.find((expr) => {
      const names = new Set<string>();
      declaredBy(expr, names);
      return names.has(name);
    });
    const range = place ?? body[0];
    return range === undefined ? [] : [{ range, message: `declared var ${isWildcard(name) ? "_" : name} unused` }];
  });
}

/** Generated name → name; what was met again is in the body, but for a target of `with` that stayed the document. */
function declaredAndNotMet({ innermost }: LocalScopes): Map<string, string> | undefined {
  let declared: Map<string, string> | undefined;
  innermost.forEach((local, name) => {
    if (local.occurrence !== "declared" || (local.count > 1 && name !== "input")) return;
    declared ??= new Map();
    declared.set(local.name, name);
  });
  return declared;
}

/** In the order of the generated names, as OPA has it. */
function byText(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1;
}
