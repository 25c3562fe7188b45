// Plans refs to rules: the whole document, or only what the ref's keys ask of a partial rule, as OPA's interpreter does.
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import type { AskedKeys } from "./asked-keys.ts";
import { argumentsOf } from "./calls.ts";
import { local, type NextValue } from "./function-builder.ts";
import { type Asked, givenOf } from "./given-keys.ts";
import { mayHaveEffects } from "./index-tests.ts";
import type { Operand } from "./ir.ts";
import { answersAlone, keyTerms } from "./keyed-rules.ts";
import type { Keys } from "./marks.ts";
import type { FunctionPlanner } from "./planner.ts";
import { agree, branchesOf } from "./rule-index.ts";
import { isConstant, keyText, type PlannedRule, type TrieNode } from "./rule-trie.ts";

/** The document of a node's rules at the keys `parts`, of which the ones from `end` on are only known to follow. */
export function planVirtual(
  p: FunctionPlanner,
  node: TrieNode,
  parts: readonly Term[],
  next: NextValue,
  end = parts.length,
): void {
  // A plan with marks tells that OPA looks at the others too: their keys differ before their bodies run.
  const isForAll = p.rules.marks !== undefined || isForAnyKey(p, parts);
  const rules = isForAll ? node.rules : node.rules.filter((one) => mayMean(parts, one));
  if (rules.length === 0) return p.fail();
  const { keys: asked, terms } = askedKeys(p, rules, parts);
  const call = (keys: AskedKeys, args: readonly Operand[], rest: readonly Term[], told: Keys): void => {
    const result = p.fresh();
    const func = p.rules.functionFor(node, p.generation, rules, keys);
    const use = (): void => {
      p.emit({ op: "Call", func, args: [local(p.input), local(p.data), ...p.slots.map(local), ...args], result });
      p.marked({ kind: "result" }, () => p.dots(local(result), rest, next), argumentsOf([local(result)]));
    };
    p.marked({ kind: "call", path: node.path, single: rules.every(isSingle), keys: told }, use, argumentsOf(args));
  };
  if (asked.length === 0) return call([], [], parts.slice(0, end), rules.length < node.rules.length ? "other" : "none");
  const alone = answersAlone(rules, asked);
  askWith(p, terms, (args, known) => {
    const rest = parts.slice(alone ? asked.length : 0, end).map((part) => withKnown(part, known));
    call(asked, args, rest, alone ? "all" : "other");
  });
}

/** True when the rule gives the one value of its path. */
export function isSingle({ rule, suffix }: PlannedRule): boolean {
  return suffix.length === 0 && rule.head.key === undefined;
}

/** True when the first key has no value yet: then OPA's interpreter evaluates the whole document. */
function isForAnyKey(p: FunctionPlanner, [first]: readonly Term[]): boolean {
  return first?.kind === "var" && !p.evaluable(first);
}

/** False when a constant key of the ref differs from that of the rule: `x[a].b` asks no rule `x[a].c`, which may ask `x[a].b` in turn. */
function mayMean(parts: readonly Term[], { suffix }: PlannedRule): boolean {
  return suffix.every((wanted, at) => {
    const part = parts[at];
    return part === undefined || !isConstant(part) || !isConstant(wanted) || sameConstant(part, wanted);
  });
}

function sameConstant(a: Parameters<typeof keyText>[0], b: Parameters<typeof keyText>[0]): boolean {
  return a.kind === b.kind && (a.kind === "number" || keyText(a) === keyText(b));
}

/** What the ref gives of the rules' keys: nothing when the first one has no value yet, or when the choice of the rules says it all. */
function askedKeys(p: FunctionPlanner, rules: readonly PlannedRule[], parts: readonly Term[]): Asked {
  const none: Asked = { keys: [], terms: [] };
  const [first] = parts;
  const inPart = !givesAnyway(p, rules);
  if (first === undefined || !(p.evaluable(first) || (inPart && isShape(first)))) return none;
  const depth = Math.min(parts.length, Math.max(...rules.map((one) => keyTerms(one).length)));
  const chosen = rules.every((one) =>
    keyTerms(one)
      .slice(0, depth)
      .every((key, at) => isConstant(key) && isConstant(parts[at]!) && at < one.suffix.length && parts[at].kind !== "number"),
  );
  return chosen ? none : givenOf(p, parts.slice(0, depth), inPart);
}

function isShape({ kind }: Term): boolean {
  return kind === "array" || kind === "object";
}

/**
 * True where nobody sees that all members are looked for: in sets and in objects of one value, by rules that have no effects. Then they
 * are looked for once, whatever part of a key is asked.
 */
function givesAnyway(p: FunctionPlanner, rules: readonly PlannedRule[]): boolean {
  if (p.rules.tells || rules.some((one) => keyTerms(one).length !== 1)) return false;
  const areSets = rules.every(isSet);
  if (!areSets && (rules.some(isSet) || !agree(rules.map(({ rule }) => rule)))) return false;
  const hasEffects = (node: Node | undefined): boolean => node !== undefined && contains(node, (one) => mayHaveEffects(p, one));
  return rules.every(
    ({ rule, suffix }) =>
      ![...suffix, rule.head.key].some(hasEffects) && !branchesOf(rule).some(({ body = [] }) => body.some(hasEffects)),
  );
}

function isSet({ rule }: PlannedRule): boolean {
  return rule.head.key !== undefined;
}

/** The values of the terms that the ref gives, each computed once, and the variables that stand for them. */
function askWith(
  p: FunctionPlanner,
  [term, ...others]: readonly Term[],
  next: (args: readonly Operand[], known: ReadonlyMap<Term, Term>) => void,
  args: readonly Operand[] = [],
  known: ReadonlyMap<Term, Term> = new Map(),
): void {
  if (term === undefined) return next(args, known);
  p.term(term, (value) => {
    if (term.kind === "var" || isConstant(term)) return askWith(p, others, next, [...args, value], known);
    const name = `$key${p.fresh()}`;
    p.bind(name, value);
    const { start, end } = term;
    askWith(p, others, next, [...args, value], new Map([...known, [term, { kind: "var", name, start, end }]]));
    p.env.delete(name);
  });
}

/** A key of the ref with variables for what is computed. */
function withKnown(part: Term, known: ReadonlyMap<Term, Term>): Term {
  const variable = known.get(part);
  if (variable !== undefined) return variable;
  if (part.kind === "array") return { ...part, items: part.items.map((item) => withKnown(item, known)) };
  if (part.kind !== "object") return part;
  return { ...part, entries: part.entries.map((entry) => ({ ...entry, value: withKnown(entry.value, known) })) };
}
