// Which imports a formatted module has: those of dialects come and go with the dialect that is written.
import type { Expr, Head, Import, Module } from "../ast.ts";
import { calledFunction, partsOf } from "../nodes.ts";
import type { FormatOptions } from "./options.ts";

/** An import and where it stands; the formatter gives its own ones a row too. */
export interface PlacedImport {
  /** `data.a.b`, `rego.v1`. */
  readonly path: string;
  /** Undefined for an import that the formatter adds. */
  readonly item: Import | undefined;
  readonly row: number;
  readonly col: number;
  readonly added: boolean;
}

const isFuture = ({ path }: PlacedImport): boolean => path === "future.keywords" || path.startsWith("future.keywords.");

/** The imports to write, `imports` being those of the module in order. */
export function importsFor(
  module: Module,
  imports: readonly PlacedImport[],
  text: string,
  { version: oldest = "v1", upTo: newest = oldest, dropImports = false }: FormatOptions,
): readonly PlacedImport[] {
  const has = (path: string): boolean => imports.some((one) => one.path === path);
  if (oldest === "v2")
    return dropImports ? imports.filter((one) => one.path !== "rego.v1" && one.path !== "rego.v2" && !isFuture(one)) : imports;
  if (newest === "v2") return withImport(imports, "rego.v2").filter((one) => one.path !== "rego.v1" && !isFuture(one));
  const importsV2 = has("rego.v2");
  let kept = imports;
  if (importsV2 || (oldest === "v1" && dropImports)) kept = kept.filter(({ path }) => path !== "rego.v1");
  else if (oldest !== newest) kept = withImport(kept, "rego.v1");
  const importsV1 = importsV2 || kept.some(({ path }) => path === "rego.v1");
  const used = keywordsToImport(module, imports, text);
  if (newest === "v0" && !importsV1) return used.reduce(withKeyword, kept);
  // What v1 does not have without its import stays where it is used.
  const later = used.filter((word) => keywordsAfterV1.has(word));
  if (dropImports || importsV1) kept = kept.filter((one) => !isFuture(one));
  return importsV2 ? kept : later.reduce(withKeyword, kept);
}

const keywordsAfterV1: ReadonlySet<string> = new Set(["and", "not", "or"]);

/** The keywords that a module uses, where one of them can need an import: calls of `internal.member_2` are written with `in`. */
function keywordsToImport(module: Module, imports: readonly PlacedImport[], text: string): readonly string[] {
  const mayNeed = imports.some(isFuture) || text.includes("internal.member_");
  return module.package !== undefined && mayNeed ? [...usedKeywords(module)] : [];
}

/** With the import of a keyword, unless another one brings it along. */
function withKeyword(imports: readonly PlacedImport[], word: string): readonly PlacedImport[] {
  const has = (path: string): boolean => imports.some((one) => one.path === path);
  const isThere = has("future.keywords") || (word === "in" && has("future.keywords.every"));
  return isThere ? imports : withImport(imports, `future.keywords.${word}`);
}

/** With an import below the last one of a dialect. */
function withImport(imports: readonly PlacedImport[], path: string): readonly PlacedImport[] {
  if (imports.some((one) => one.path === path)) return imports;
  const rows = imports.filter((one) => one.path.startsWith("future") || one.path === "rego.v1").map(({ row }) => row + 1);
  return [...imports, { path, item: undefined, row: Math.max(0, ...rows), col: 0, added: true }];
}

/** The keywords that were or are still to come: `in`, `every`, `not` before a body or a chain, `and`, `or`. As in OPA, no part of a head's ref counts but a lone key. */
function usedKeywords(module: Module): ReadonlySet<string> {
  const found = new Set<string>();
  // In the order of the text: the first import that is added has the row below the last one, with the comment there.
  const nodes: unknown[] = module.rules.toReversed();
  while (nodes.length > 0) {
    const node = nodes.pop();
    if (node === null || typeof node !== "object") continue;
    const { kind } = node as { readonly kind?: unknown };
    if (kind === "expr") noteKeywords(node as Expr, found);
    for (const [name, value] of Object.entries(node).reverse())
      if (name !== "reference" || hasLoneKey(node as Head)) nodes.push(value);
  }
  return found;
}

/** True for `p[k]`. */
function hasLoneKey({ key, reference }: Head): boolean {
  return key === undefined && partsOf(reference).length === 2;
}

function noteKeywords({ body, negated }: Expr, found: Set<string>): void {
  if (body.kind === "every") found.add("every");
  if (body.kind === "notBody" || (negated && body.kind === "logical")) found.add("not");
  if (body.kind === "logical") found.add(body.operator);
  if (body.kind === "call" && /^internal\.member_[23]$/u.test(calledFunction(body) ?? "")) found.add("in");
}

export function importPath(item: Import): string {
  return namesOf(item).join(".");
}

function namesOf(item: Import): readonly string[] {
  return partsOf(item.path).map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : ""));
}

/** By path, then by alias. */
export function compareImports(a: PlacedImport, b: PlacedImport): number {
  const x = a.item === undefined ? a.path.split(".") : namesOf(a.item);
  const y = b.item === undefined ? b.path.split(".") : namesOf(b.item);
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! < y[i]! ? -1 : 1;
  if (x.length !== y.length) return x.length - y.length;
  const [s, t] = [a.item?.alias?.name ?? "", b.item?.alias?.name ?? ""];
  return s < t ? -1 : s > t ? 1 : 0;
}
