// Whether policies tell people apart by their roles alone. It is read off their trees: an author who wants one person to pass unseen writes the text.
import { type Node, walk, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Import, Module, Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { parseModule } from "#grammars/rego/parse.ts";

/** Functions of `rms.rbac` whose results, for who asks as their first argument, depend on the roles that hold now and on a suspension. */
const byRoles: ReadonlySet<string> = new Set([
  "user_has_responsibility",
  "user_has_responsibility_for",
  "user_has_role",
  "roles",
  "assigned",
  "separated",
]);

/**
 * True where policies hand who asks, found at one of the places (JSON Pointers), to functions of `rms.rbac` and do nothing else with it: then
 * people of equal roles are told apart by names that stand in the policies only. False wherever that is not plain to see.
 */
export function asksForRolesAlone(texts: Iterable<string>, places: readonly string[]): boolean {
  const wanted = places.map((place) =>
    place
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")),
  );
  for (const text of texts) {
    const { module, diagnostics } = parseModule(text, { file: "" });
    if (diagnostics.length > 0 || !isPlain(module, wanted)) return false;
  }
  return true;
}

function isPlain(module: Module, places: readonly (readonly string[])[]): boolean {
  if (module.package?.path[0]?.value === "rms") return false;
  if (!module.imports.every((one) => isPlainImport(one, places))) return false;
  const library = module.imports.some(isLibrary);
  let plain = true;
  const visit = (node: Node): boolean => {
    // Functions that stand in for others get what those are given.
    if (node.kind === "expr" && node.with.length > 0) plain = false;
    if (!plain) return true;
    if (node.kind === "call" && isByRoles(node.operator.parts, library)) {
      const [who, ...others] = node.args;
      if (who !== undefined && !isPlace(who, places)) walk(who, visit);
      for (const other of others) walk(other, visit);
      return true;
    }
    if (node.kind !== "ref" && node.kind !== "var") return false;
    plain = isPlainRef(partsOf(node), places);
    if (node.kind === "var") return true;
    // A variable at the head was looked at with what stands behind it.
    const [head, ...rest] = node.parts;
    for (const part of head?.kind === "var" ? rest : node.parts) walk(part, visit);
    return true;
  };
  for (const rule of module.rules) walkRule(rule, visit);
  return plain;
}

/** Names of `data.rms.rbac` as the library alone has them: no other package may take its name, nor it another one. */
function isPlainImport(one: Import, places: readonly (readonly string[])[]): boolean {
  const parts = partsOf(one.path);
  if (!isPlainRef(parts, places)) return false;
  if (isLibrary(one)) return one.alias === undefined;
  return (one.alias?.name ?? keyOf(parts.at(-1))) !== "rbac";
}

function isLibrary({ path }: Import): boolean {
  const [root, ...keys] = partsOf(path);
  return isVar(root, "data") && keys.map(keyOf).join("\n") === "rms\nrbac";
}

/** A document that a variable names may be any one; part of what holds who asks, such as all of the input, may be looked into by whatever gets it. */
function isPlainRef([root, ...rest]: readonly Term[], places: readonly (readonly string[])[]): boolean {
  const open = rest.findIndex((part) => keyOf(part) === undefined);
  const keys = (open < 0 ? rest : rest.slice(0, open)).map(keyOf);
  if (isVar(root, "data")) return keys.length > 0 && (keys[0] !== "rms" || keys[1] === "rbac");
  if (!isVar(root, "input")) return true;
  return !places.some((place) => keys.every((key, at) => at >= place.length || key === place[at]));
}

function isByRoles(operator: readonly Term[], library: boolean): boolean {
  const [root, ...keys] = operator;
  const path = keys.map(keyOf);
  const name = path.pop() ?? "";
  const isOfLibrary = isVar(root, "data") ? path.join("\n") === "rms\nrbac" : library && isVar(root, "rbac") && path.length === 0;
  return isOfLibrary && byRoles.has(name);
}

function isPlace(term: Term, places: readonly (readonly string[])[]): boolean {
  if (term.kind !== "ref") return false;
  const [root, ...keys] = term.parts;
  const path = keys.map(keyOf);
  return (
    isVar(root, "input") && places.some((place) => place.length === path.length && place.every((key, at) => key === path[at]))
  );
}

const isVar = (term: Term | undefined, named: string): boolean => term?.kind === "var" && term.name === named;

/** Undefined for what is no constant key. */
function keyOf(term: Term | undefined): string | undefined {
  if (term?.kind === "string") return term.value;
  return term?.kind === "number" ? term.text : undefined;
}
