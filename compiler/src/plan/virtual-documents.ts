// Plans refs to rules: the whole document, or only what the ref's keys ask of a partial rule, as OPA's interpreter does.
import type { Term } from "#grammars/rego/ast.ts";
import { argumentsOf } from "./calls.ts";
import { local, type NextValue } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import { answersAlone, keyTerms } from "./keyed-rules.ts";
import type { Keys } from "./marks.ts";
import type { FunctionPlanner } from "./planner.ts";
import { type AskedKeys, isConstant, keyText, type PlannedRule, type TrieNode } from "./rule-trie.ts";

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
  const asked = askedKeys(p, rules, parts);
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
  askWith(p, asked, parts, (args, known) =>
    call(asked, args, known.slice(alone ? asked.length : 0, end), alone ? "all" : "other"),
  );
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

/** Which keys of the ref restrict the rules: none when the first one has no value yet, or when the choice of the rules says it all. */
function askedKeys(p: FunctionPlanner, rules: readonly PlannedRule[], parts: readonly Term[]): AskedKeys {
  const [first] = parts;
  if (first === undefined || !p.evaluable(first)) return [];
  const depth = Math.min(parts.length, Math.max(...rules.map((one) => keyTerms(one).length)));
  const all = parts.slice(0, depth).map((part) => p.evaluable(part));
  // Keys without a value behind the others restrict nothing.
  const keys = all.slice(0, all.lastIndexOf(true) + 1);
  const chosen = rules.every((one) =>
    keyTerms(one)
      .slice(0, depth)
      .every((key, at) => isConstant(key) && isConstant(parts[at]!) && at < one.suffix.length && parts[at].kind !== "number"),
  );
  return chosen ? [] : keys;
}

/** The values of the asked keys, each computed once, and the ref's parts with variables in their place. */
function askWith(
  p: FunctionPlanner,
  asked: AskedKeys,
  parts: readonly Term[],
  next: (args: readonly Operand[], parts: readonly Term[]) => void,
  args: readonly Operand[] = [],
  at = 0,
): void {
  const part = parts[at];
  if (at >= asked.length || part === undefined) return next(args, parts);
  if (!asked[at]) return askWith(p, asked, parts, next, args, at + 1);
  p.term(part, (value) => {
    if (part.kind === "var" || isConstant(part)) return askWith(p, asked, parts, next, [...args, value], at + 1);
    const name = `$key${p.fresh()}`;
    p.bind(name, value);
    const known: Term = { kind: "var", name, start: part.start, end: part.end };
    askWith(p, asked, parts.with(at, known), next, [...args, value], at + 1);
    p.env.delete(name);
  });
}
