// Plans refs into `data`: rules and base documents side by side.
import type { Term } from "#grammars/rego/ast.ts";
import { FALSE, local, type NextValue, TRUE } from "./function-builder.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant, isFunction, keyText, type TrieNode } from "./rule-trie.ts";
import { planVirtual } from "./virtual-documents.ts";

/** A ref into `data`: rules and base documents side by side. `path` is the ground path so far. */
export function planDocument(
  p: FunctionPlanner,
  node: TrieNode | undefined,
  path: readonly string[],
  parts: readonly Term[],
  next: NextValue,
): void {
  if (isDropped(p, path)) return planBase(p, path, (value) => p.dots(value, parts, next));
  // A function is no document.
  if (node === undefined || !visible(p, node)) return planBase(p, path, (value) => p.baseDots(value, parts, next));
  if (givesValue(node)) return planVirtual(p, node, parts, next);
  const [part, ...rest] = parts;
  if (part === undefined) return planExtent(p, node, path, next);
  if (isConstant(part)) {
    const child = node.child(keyText(part));
    if (child === undefined || part.kind !== "string") {
      if (child === undefined) return planBase(p, path, (value) => p.baseDots(value, parts, next));
    }
    return planDocument(p, child, [...path, keyText(part)], rest, next);
  }
  planAlternatives(p, node, path, part, rest, next);
}

/** A key that is not constant. */
function planAlternatives(
  p: FunctionPlanner,
  node: TrieNode,
  path: readonly string[],
  part: Term,
  rest: readonly Term[],
  next: NextValue,
): void {
  const at: Keyed = { children: node.children.filter(([, child]) => visible(p, child)), path, rest };
  if (!p.evaluable(part)) return planEachKey(p, at, part, next);
  p.term(part, (key) => {
    const ofBase = (found: NextValue): void =>
      planBase(p, path, (source) => {
        const target = p.fresh();
        p.emit({ op: "Dot", source, key, target, base: true });
        found(local(target));
      });
    planBoundKey(p, { at, key, ofBase }, next);
  });
}

type Children = TrieNode["children"];

/** A place whose key is not constant: the documents of rules below it, its path, and what of the ref follows the key. */
interface Keyed {
  readonly children: Children;
  readonly path: readonly string[];
  readonly rest: readonly Term[];
}

/** The documents that a key with a value may mean: a child's, else what the base document has there. */
interface Choice {
  readonly at: Keyed;
  readonly key: Operand;
  readonly ofBase: (found: NextValue) => void;
}

/** A key with a value. What follows is planned once where the ref, as far as its keys are known, has one value. */
function planBoundKey(p: FunctionPlanner, choice: Choice, next: NextValue): void {
  const { children, rest } = choice.at;
  const unknown = rest.findIndex((one) => !p.evaluable(one));
  if (unknown < 0) {
    const result = planUndefined(p);
    planChoice(p, choice, rest, keepIn(p, result), keepIn(p, result));
    p.emit({ op: "IsDefined", source: result });
    return next(local(result));
  }
  const [ahead, behind] = [rest.slice(0, unknown), rest.slice(unknown)];
  // A constant behind says which rules are asked.
  if (behind.some(isConstant) || !children.every(([, child]) => isOneValue(child, ahead)))
    return planChoice(p, choice, rest, next, next);
  const [ofRule, ofData] = [planUndefined(p), planUndefined(p)];
  planChoice(p, choice, ahead, keepIn(p, ofRule), keepIn(p, ofData));
  const rules = p.block(() => {
    p.emit({ op: "IsDefined", source: ofRule });
    p.dots(local(ofRule), behind, next);
  });
  const data = p.block(() => {
    p.emit({ op: "IsDefined", source: ofData });
    p.baseDots(local(ofData), behind, next);
  });
  p.emit({ op: "Block", blocks: [rules, data] });
}

function planChoice(
  p: FunctionPlanner,
  { at: { children, path }, key, ofBase }: Choice,
  rest: readonly Term[],
  ofRule: NextValue,
  ofData: NextValue,
): void {
  const blocks = children.map(([text, child]) =>
    p.block(() => {
      p.emit({ op: "Equal", a: key, b: planConstant(p, child.key!) });
      planDocument(p, child, [...path, text], rest, ofRule);
    }),
  );
  const base = p.block(() =>
    ofBase((value) => {
      for (const [, child] of children) p.emit({ op: "NotEqual", a: key, b: planConstant(p, child.key!) });
      p.baseDots(value, rest, ofData);
    }),
  );
  p.emit({ op: "Block", blocks: [...blocks, base] });
}

function planUndefined(p: FunctionPlanner): Local {
  const target = p.fresh();
  p.emit({ op: "ResetLocal", target });
  return target;
}

const keepIn =
  (p: FunctionPlanner, target: Local): NextValue =>
  (source) =>
    p.emit({ op: "AssignVar", source, target });

/** True when the parts lead from the node to one document, of rules of one ref or of data, and not to several that lie below a package. */
function isOneValue(node: TrieNode | undefined, parts: readonly Term[]): boolean {
  if (node === undefined || givesValue(node)) return true;
  const [part, ...rest] = parts;
  return part !== undefined && isConstant(part) && isOneValue(node.child(keyText(part)), rest);
}

/**
 * A key without a value goes through all keys in OPA's order: those of the base document, with the rules below them, then the
 * others of the rules. Both stand in one loop, so that what follows is planned once.
 */
function planEachKey(p: FunctionPlanner, at: Keyed, part: Term, next: NextValue): void {
  const source = planSource(p, at.path);
  const first = p.number("0");
  p.scan(planRounds(p, source, at.children), (round, walked) => {
    const inBase = planOptional(p, (found) => {
      p.emit({ op: "Equal", a: local(round), b: local(first) });
      found(TRUE);
    });
    p.scan(walked, (index, value) => {
      const key = local(planKey(p, { inBase, index, value, source }));
      const ofBase = (found: NextValue): void => {
        p.emit({ op: "IsDefined", source: inBase });
        found(local(value));
      };
      p.match(part, key, () => planBoundKey(p, { at, key, ofBase }, next));
    });
  });
}

interface Walked {
  /** Defined while the base document is gone through. */
  readonly inBase: Local;
  readonly index: Local;
  readonly value: Local;
  readonly source: Local;
}

/** The key whose turn it is: one of the base document, then a rule's that the base document has not. */
function planKey(p: FunctionPlanner, { inBase, index, value, source }: Walked): Local {
  const [key, below] = [planUndefined(p), p.fresh()];
  const here = p.block(() => {
    p.emit({ op: "IsDefined", source: inBase });
    p.emit({ op: "AssignVar", source: local(index), target: key });
  });
  const left = p.block(() => {
    p.emit({ op: "IsUndefined", source: inBase });
    const has = p.block(() => p.emit({ op: "Dot", source: local(source), key: local(value), target: below }));
    p.emit({ op: "Not", block: has });
    p.emit({ op: "AssignVar", source: local(value), target: key });
  });
  p.emit({ op: "Block", blocks: [here, left] });
  p.emit({ op: "IsDefined", source: key });
  return key;
}

/** The base document, or an empty one where there is none. */
function planSource(p: FunctionPlanner, path: readonly string[]): Local {
  const base = planOptional(p, (found) => planBase(p, path, found));
  const source = p.fresh();
  p.emit({ op: "MakeArray", capacity: 0, target: source });
  const known = p.block(() => {
    p.emit({ op: "IsDefined", source: base });
    p.emit({ op: "AssignVar", source: local(base), target: source });
  });
  p.emit({ op: "Block", blocks: [known] });
  return source;
}

/** What is walked in the two rounds: the base document, then the keys of the rules. */
function planRounds(p: FunctionPlanner, source: Local, children: Children): Local {
  const [keys, rounds] = [p.fresh(), p.fresh()];
  p.emit({ op: "MakeArray", capacity: children.length, target: keys });
  for (const [, child] of children) p.emit({ op: "ArrayAppend", value: planConstant(p, child.key!), array: keys });
  p.emit({ op: "MakeArray", capacity: 2, target: rounds });
  for (const one of [source, keys]) p.emit({ op: "ArrayAppend", value: local(one), array: rounds });
  return rounds;
}

function planConstant(p: FunctionPlanner, term: Term): Operand {
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
function planBase(p: FunctionPlanner, path: readonly string[], next: NextValue): void {
  let source: Operand = local(p.data);
  if (path.length === 0) p.emit({ op: "IsDefined", source: p.data });
  for (const part of path) source = planDot(p, source, part);
  next(source);
}

/** What a document has at the text of a key. */
function planDot(p: FunctionPlanner, source: Operand, part: string): Operand {
  const key = part.startsWith("\u0000") ? local(p.number(part.slice(1))) : p.program.string(part);
  const target = p.fresh();
  p.emit({ op: "Dot", source, key, target });
  return local(target);
}

/** Everything at and below a node: what its rules give, merged with the base document. */
function planExtent(p: FunctionPlanner, node: TrieNode, path: readonly string[], next: NextValue): void {
  const base = planOptional(p, (found) => planBase(p, path, found));
  planMerged(p, node, path, base, next);
}

/** The extent of a node whose base document is in a local, which is undefined where there is none. */
function planMerged(p: FunctionPlanner, node: TrieNode, path: readonly string[], base: Local, next: NextValue): void {
  const virtual = p.fresh();
  p.emit({ op: "MakeObject", target: virtual });
  const blocks = node.children
    .filter(([, child]) => visible(p, child))
    .map(([text, child]) =>
      p.block(() => {
        const below = [...path, text];
        const insert: NextValue = (value) =>
          p.emit({ op: "ObjectInsert", key: planConstant(p, child.key!), value, object: virtual });
        if (givesValue(child) || isDropped(p, below)) return planDocument(p, child, below, [], insert);
        const baseBelow = planOptional(p, (found) => {
          p.emit({ op: "IsDefined", source: base });
          found(planDot(p, local(base), text));
        });
        planMerged(p, child, below, baseBelow, insert);
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
function planOptional(p: FunctionPlanner, plan: (found: NextValue) => void): Local {
  const target = planUndefined(p);
  p.emit({ op: "Block", blocks: [p.block(() => plan(keepIn(p, target)))] });
  return target;
}
