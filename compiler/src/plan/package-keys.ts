// Plans refs into packages by keys that are known only in the evaluation. What follows is planned once, however many packages
// and rules the keys may mean.
import type { Term } from "#grammars/rego/ast.ts";
import {
  asWhole,
  childrenOf,
  follow,
  keepIn,
  planAsked,
  planBase,
  planConstant,
  planMerged,
  planOptional,
  planUndefined,
} from "./documents.ts";
import { local, type Next, type NextValue, TRUE } from "./function-builder.ts";
import type { Block, Local, Operand } from "./ir.ts";
import type { FunctionPlanner, Package } from "./planner.ts";
import type { TrieNode } from "./rule-trie.ts";
import { isSingle, planVirtual } from "./virtual-documents.ts";

/** Where a ref may have arrived: in one of the packages, at a value of rules (or one that `with` put there), or in data alone. */
interface Arrival {
  readonly packages: readonly Package[];
  /** The number of the package, undefined at a value, and that of its group. */
  readonly number: Local;
  readonly group: Local;
  readonly ofRules: Local;
  /** What the base document has there; undefined at a value of rules. */
  readonly ofData: Local;
}

/** A key with its value. */
interface Key {
  readonly key: Operand;
  /** What stands at the key, but for documents of rules in a package. */
  readonly found: (use: NextValue) => void;
}

/** A ref into a package: the first of the parts is not constant. */
export function planPackageKeys(p: FunctionPlanner, at: Package, parts: readonly Term[], next: NextValue): void {
  const [number, group, ofRules] = [p.integer(0), p.integer(0), planUndefined(p)];
  const ofData = planOptional(p, (found) => planAsked(p, at.path, parts, found));
  planKeys(p, { packages: [at], number, group, ofRules, ofData }, parts, next);
}

function planKeys(p: FunctionPlanner, from: Arrival, parts: readonly Term[], next: NextValue): void {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (!p.evaluable(part)) return planEachKey(p, from, part, (key) => planKey(p, from, key, rest, next));
  p.term(part, (key) => {
    const found: Key["found"] = (use) => {
      const target = p.fresh();
      p.emit({ op: "IsDefined", source: from.ofData });
      p.emit({ op: "Dot", source: local(from.ofData), key, target, base: true });
      use(local(target));
    };
    planKey(p, from, { key, found }, rest, next);
  });
}

/** Follows a key and the parts behind it that have values too, then those behind them. */
function planKey(p: FunctionPlanner, from: Arrival, key: Key, rest: readonly Term[], next: NextValue): void {
  p.marked({ kind: "key" }, () => planMarkedKey(p, from, key, rest, next));
}

function planMarkedKey(p: FunctionPlanner, from: Arrival, { key, found }: Key, rest: readonly Term[], next: NextValue): void {
  const unknown = rest.findIndex((one) => !p.evaluable(one));
  const [parts, behind] = unknown < 0 ? [rest, []] : [rest.slice(0, unknown), rest.slice(unknown)];
  const packages: Package[] = [];
  const [number, group, ofRules] = [planUndefined(p), planUndefined(p), planUndefined(p)];
  const ofData = planOptional(p, (keep) => {
    p.emit({ op: "IsUndefined", source: from.ofRules });
    found((value) => p.baseDots(value, parts, behind.length === 0 ? asWhole(p, keep) : keep));
  });
  const copies = p.copies * rulesBelow(p, from);
  const canGoOnInside = p.rules.tells && behind.length === 0 && copies <= mostCopies;
  const arrive: Arrive = {
    behind,
    atRules: (plan, node) => {
      p.emit({ op: "ResetLocal", target: ofData });
      if (!canGoOnInside || node?.rules.every(isSingle) !== true) return plan(keepIn(p, ofRules));
      plan((value) => p.marked({ kind: "found" }, () => planCopy(p, copies, () => next(value)), []));
    },
    inPackage: (at) => {
      if (behind.length > 0) {
        const index = packages.push(at) - 1;
        p.emit({ op: "AssignInt", value: BigInt(Math.trunc(index / groupSize)), target: group });
        return p.emit({ op: "AssignInt", value: BigInt(index), target: number });
      }
      planMerged(p, at, ofData, keepIn(p, ofRules));
      p.marked({ kind: "key" }, () => {}, []);
      p.emit({ op: "ResetLocal", target: ofData });
    },
  };
  const blocks = perPackage(p, from, (at) => planChoice(p, at, key, parts, arrive));
  const below = whereDefined(p, [from.ofRules], () => found((value) => p.dots(value, parts, keepIn(p, ofRules))));
  p.emit({ op: "Block", blocks: [...blocks, ...below] });
  if (behind.length > 0) {
    const arrival = { packages, number, group, ofRules, ofData };
    return p.marked({ kind: "found" }, () => planKeys(p, arrival, behind, next), []);
  }
  const value = planUndefined(p);
  p.emit({ op: "Block", blocks: whereDefined(p, [ofRules, ofData], keepIn(p, value)) });
  p.emit({ op: "IsDefined", source: value });
  p.marked({ kind: "found" }, () => next(local(value)), []);
}

/**
 * Where it is seen that OPA's interpreter goes on inside the calls of rules, at their first values, what follows is planned in each of
 * them; once and behind them all where that would be more often than this.
 */
const mostCopies = 32;

function rulesBelow(p: FunctionPlanner, { packages }: Arrival): number {
  return packages.reduce((sum, at) => sum + childrenOf(p, at).filter(([, { rules }]) => rules.length > 0).length, 0);
}

function planCopy(p: FunctionPlanner, copies: number, use: Next): void {
  const outer = p.copies;
  p.copies = copies;
  use();
  p.copies = outer;
}

/** What is done where keys lead to documents of rules; else the base document counts. */
interface Arrive {
  /** The parts that are not followed yet. */
  readonly behind: readonly Term[];
  readonly atRules: (plan: (keep: NextValue) => void, node?: TrieNode) => void;
  readonly inPackage: (at: Package) => void;
}

/** The documents of rules that a key and the parts behind it may mean in a package. */
function planChoice(p: FunctionPlanner, at: Package, key: Operand, parts: readonly Term[], arrive: Arrive): void {
  const blocks = childrenOf(p, at).map(([text, child]) =>
    p.block(() => {
      p.emit({ op: "Equal", a: key, b: planConstant(p, child.key!) });
      follow(p, child, [...at.path, text], parts, {
        replaced: (path, rest) => arrive.atRules((keep) => planBase(p, path, (value) => p.dots(value, rest, keep))),
        ofData: () => {},
        ofRules: (node, rest) =>
          arrive.atRules((keep) => planVirtual(p, node, [...rest, ...arrive.behind], keep, rest.length), node),
        inPackage: (below, [part, ...rest]) => {
          if (part === undefined) return arrive.inPackage(below);
          p.term(part, (value) => planChoice(p, below, value, rest, arrive));
        },
      });
    }),
  );
  p.emit({ op: "Block", blocks });
}

/**
 * A key without a value goes through all keys in OPA's order: those of the base document, with the rules below them, then the
 * others of the rules. Both stand in one loop, so that what follows is planned once.
 */
function planEachKey(p: FunctionPlanner, from: Arrival, part: Term, use: (key: Key) => void): void {
  const names = planUndefined(p);
  const blocks = perPackage(p, from, (at) => {
    const children = childrenOf(p, at);
    const made = p.fresh();
    p.emit({ op: "MakeArray", capacity: children.length, target: made });
    for (const [, child] of children) p.emit({ op: "ArrayAppend", value: planConstant(p, child.key!), array: made });
    p.emit({ op: "AssignVar", source: local(made), target: names });
  });
  p.emit({ op: "Block", blocks });
  const source = p.fresh();
  p.emit({ op: "MakeArray", capacity: 0, target: source });
  p.emit({ op: "Block", blocks: whereDefined(p, [from.ofRules, from.ofData], keepIn(p, source)) });
  const rounds = p.fresh();
  p.emit({ op: "MakeArray", capacity: 2, target: rounds });
  const add: NextValue = (value) => p.emit({ op: "ArrayAppend", value, array: rounds });
  add(local(source));
  p.emit({ op: "Block", blocks: whereDefined(p, [names], add) });
  const first = p.number("0");
  p.scan(rounds, (round, walked) => {
    const inSource = planOptional(p, (found) => {
      p.emit({ op: "Equal", a: local(round), b: local(first) });
      found(TRUE);
    });
    p.scan(walked, (index, value) => {
      const key = local(planTurn(p, { inSource, index, value, source }));
      const found: Key["found"] = (next) => {
        p.emit({ op: "IsDefined", source: inSource });
        next(local(value));
      };
      p.match(part, key, () => use({ key, found }));
    });
  });
}

interface Walked {
  /** Defined while the source is gone through. */
  readonly inSource: Local;
  readonly index: Local;
  readonly value: Local;
  readonly source: Local;
}

/** The key whose turn it is: one of the source, then a rule's that the source has not. */
function planTurn(p: FunctionPlanner, { inSource, index, value, source }: Walked): Local {
  const [key, below] = [planUndefined(p), p.fresh()];
  const here = whereDefined(p, [inSource], () => keepIn(p, key)(local(index)));
  const left = p.block(() => {
    p.emit({ op: "IsUndefined", source: inSource });
    p.emit({ op: "Not", block: p.block(() => p.emit({ op: "Dot", source: local(source), key: local(value), target: below })) });
    keepIn(p, key)(local(value));
  });
  p.emit({ op: "Block", blocks: [...here, left] });
  p.emit({ op: "IsDefined", source: key });
  return key;
}

/** How many packages are told apart one by one. */
const groupSize = 16;

/** Blocks for the packages where the ref may have arrived: the group is found first. */
function perPackage(p: FunctionPlanner, { packages, number, group }: Arrival, plan: (at: Package) => void): readonly Block[] {
  const where = (which: Local, index: number, use: Next): Block =>
    p.block(() => {
      p.emit({ op: "Equal", a: local(which), b: local(p.integer(index)) });
      use();
    });
  const groups = Array.from({ length: Math.ceil(packages.length / groupSize) }, (_, at) => at * groupSize);
  return groups.map((start, at) =>
    where(group, at, () => {
      const blocks = packages.slice(start, start + groupSize).map((one, index) => where(number, start + index, () => plan(one)));
      p.emit({ op: "Block", blocks });
    }),
  );
}

/** A block for each of the locals, for where it has a value. */
function whereDefined(p: FunctionPlanner, locals: readonly Local[], use: NextValue): readonly Block[] {
  return locals.map((one) =>
    p.block(() => {
      p.emit({ op: "IsDefined", source: one });
      use(local(one));
    }),
  );
}
