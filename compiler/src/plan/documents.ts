// Plans refs into `data`: rules and base documents side by side.
import type { Term } from "#grammars/rego/ast.ts";
import { FALSE, local, type NextValue } from "./function-builder.ts";
import { systemDocument } from "./generation.ts";
import { markAdmitted } from "./index-tests.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner, Package } from "./planner.ts";
import { isConstant, isFunction, keyText, type TrieNode } from "./rule-trie.ts";
import { planVirtual } from "./virtual-documents.ts";

/** Where following a ref ends, with the parts that are left. */
export interface Ends {
  /** A document that `with` put there. */
  readonly replaced: (path: readonly string[], rest: readonly Term[]) => void;
  /** No rule is below the path. */
  readonly ofData: (path: readonly string[], rest: readonly Term[]) => void;
  readonly ofRules: (node: TrieNode, rest: readonly Term[]) => void;
  /** The ref ends here, or goes on with a key that is not constant. */
  readonly inPackage: (at: Package, rest: readonly Term[]) => void;
}

/** A ref into `data`: rules and base documents side by side. */
export function planDocument(p: FunctionPlanner, parts: readonly Term[], next: NextValue): void {
  planPlace(p, p.rules.root, [], parts, next);
}

/** The document at a place and the parts behind it. `path` is the ground path so far. */
function planPlace(p: FunctionPlanner, node: TrieNode, path: readonly string[], parts: readonly Term[], next: NextValue): void {
  follow(p, node, path, parts, {
    replaced: (below, rest) => planBase(p, below, (value) => p.dots(value, rest, next)),
    ofData: (below, rest) => planAsked(p, below, rest, (value) => p.baseDots(value, rest, asWhole(p, next))),
    ofRules: (at, rest) => planVirtual(p, at, rest, next),
    inPackage: (at, rest) => (rest.length === 0 ? planExtent(p, at, next) : p.packageKeys(at, rest, next)),
  });
}

/** Follows the constant parts of a ref. */
export function follow(p: FunctionPlanner, node: TrieNode, path: readonly string[], parts: readonly Term[], ends: Ends): void {
  if (isDropped(p, path)) return ends.replaced(path, parts);
  if (!visible(p, node)) {
    markFunction(p, node);
    return ends.ofData(path, parts);
  }
  if (givesValue(node)) return ends.ofRules(node, parts);
  const part = parts[0];
  if (part === undefined || !isConstant(part)) return ends.inPackage({ node, path }, parts);
  const key = keyText(part);
  const child = node.child(key);
  if (child === undefined) return ends.ofData(path, parts);
  follow(p, child, path.concat(key), parts.slice(1), ends);
}

/** The documents of rules right below a package, in OPA's order; marked plans tell of its functions, too. */
export function childrenOf(p: FunctionPlanner, { node }: Package): TrieNode["children"] {
  return p.rules.marks === undefined ? node.children.filter(([, child]) => visible(p, child)) : node.children;
}

/** A function is no document, but the index is asked for it. */
function markFunction(p: FunctionPlanner, node: TrieNode): void {
  const { path, rules } = node;
  if (rules.length === 0 || p.rules.marks === undefined) return;
  const index = p.rules.indexOf(node);
  const all = rules.map(({ rule }) => rule);
  p.marked({ kind: "function", path }, () => markAdmitted(p, index, all), []);
}

export function planUndefined(p: FunctionPlanner): Local {
  const target = p.fresh();
  p.emit({ op: "ResetLocal", target });
  return target;
}

/** Takes a base document as OPA reads it: where something in it is replaced, merged with what stands there otherwise. */
export function asWhole(p: FunctionPlanner, next: NextValue): NextValue {
  if (!p.rules.replacesInside) return next;
  return (source) => {
    const target = p.fresh();
    p.emit({ op: "AsWhole", source, target });
    next(local(target));
  };
}

export const keepIn =
  (p: FunctionPlanner, target: Local): NextValue =>
  (source) =>
    p.emit({ op: "AssignVar", source, target });

export function planConstant(p: FunctionPlanner, term: Term): Operand {
  let operand: Operand = FALSE;
  p.term(term, (value) => {
    operand = value;
  });
  return operand;
}

/** True when a rule that is no function stands at the node. */
function givesValue(node: TrieNode): boolean {
  return node.rules.some(({ rule }) => !isFunction(rule));
}

/** True when something below the node is no function. */
function visible(p: FunctionPlanner, node: TrieNode): boolean {
  if (node.rules.length === 0 || givesValue(node)) return true;
  return node.children.some(([, child]) => visible(p, child));
}

function isDropped(p: FunctionPlanner, path: readonly string[]): boolean {
  return p.generation.dropped.some(
    (dropped) => dropped.length <= path.length && dropped.every((part, index) => part === path[index]),
  );
}

/** The base document at a path; nothing when it is not there. */
export function planBase(p: FunctionPlanner, path: readonly string[], next: NextValue): void {
  if (path.length === 0) {
    p.emit({ op: "IsDefined", source: p.data });
    return next(p.copy(p.data));
  }
  next(path.reduce<Operand>((source, part) => planDot(p, source, part), local(p.data)));
}

/** The base document at a path, of which `rest` is asked. */
export function planAsked(p: FunctionPlanner, path: readonly string[], [part]: readonly Term[], next: NextValue): void {
  const isOneKey = part !== undefined && p.evaluable(part);
  if (path.length > 0 || isOneKey || putsSystem(p)) planBase(p, path, next);
  else planWithoutSystem(p, next);
}

/** True when `with` gives `data.system`. */
function putsSystem(p: FunctionPlanner): boolean {
  return p.generation.dropped.some(([first]) => first === undefined || first === systemDocument);
}

function planWithoutSystem(p: FunctionPlanner, next: NextValue): void {
  planBase(p, [], (data) => {
    const [seen, others] = [p.localOf(data), p.fresh()];
    const hide = p.block(() => {
      planDot(p, data, systemDocument);
      p.emit({ op: "MakeObject", target: others });
      p.scan(seen, (key, value) => {
        p.emit({ op: "NotEqual", a: local(key), b: p.program.string(systemDocument) });
        p.emit({ op: "ObjectInsert", key: local(key), value: local(value), object: others });
      });
      p.emit({ op: "AssignVar", source: local(others), target: seen });
    });
    p.emit({ op: "Block", blocks: [hide] });
    next(data);
  });
}

/** What a document has at the text of a key. */
function planDot(p: FunctionPlanner, source: Operand, part: string): Operand {
  const key = part.startsWith("\u0000") ? local(p.number(part.slice(1))) : p.program.string(part);
  const target = p.fresh();
  p.emit({ op: "Dot", source, key, target });
  return local(target);
}

/** Everything at and below a node: what its rules give, merged with the base document. */
function planExtent(p: FunctionPlanner, at: Package, next: NextValue): void {
  const base = planOptional(p, (found) => planAsked(p, at.path, [], asWhole(p, found)));
  planMerged(p, at, base, next);
}

/**
 * The extent of a node whose base document is in a local, which is undefined where there is none. The packages below what `with` has
 * put there stay, without their rules.
 */
export function planMerged(p: FunctionPlanner, at: Package, base: Local, next: NextValue): void {
  const virtual = p.fresh();
  p.emit({ op: "MakeObject", target: virtual });
  const children = childrenOf(p, at);
  const seen = at.path.length > 0 ? children : children.filter(([text]) => text !== systemDocument);
  const blocks = seen.map(([text, child]) =>
    p.block(() => {
      if (!visible(p, child)) return markFunction(p, child);
      const path = [...at.path, text];
      const insert: NextValue = (value) =>
        p.emit({ op: "ObjectInsert", key: planConstant(p, child.key!), value, object: virtual });
      if (givesValue(child)) return planPlace(p, child, path, [], insert);
      const baseBelow = planOptional(p, (found) => {
        p.emit({ op: "IsDefined", source: base });
        found(planDot(p, local(base), text));
      });
      planMerged(p, { node: child, path }, baseBelow, insert);
    }),
  );
  const merged = p.fresh();
  p.emit({ op: "Block", blocks });
  p.emit({ op: "AssignVar", source: local(virtual), target: merged });
  const merge = p.block(() => {
    p.emit({ op: "IsDefined", source: base });
    p.emit({ op: "ObjectMerge", a: base, b: virtual, target: merged });
  });
  p.emit({ op: "Block", blocks: [merge] });
  next(local(merged));
}

/** A local with the value that `plan` finds, undefined where it finds none. */
export function planOptional(p: FunctionPlanner, plan: (found: NextValue) => void): Local {
  const target = planUndefined(p);
  p.emit({ op: "Block", blocks: [p.block(() => plan(keepIn(p, target)))] });
  return target;
}
