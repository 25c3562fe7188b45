// Plans what OPA's rule index asks of a body before its rule is tried.
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { COMPARISONS } from "./comparisons.ts";
import { FALSE, local, type Next, TRUE } from "./function-builder.ts";
import { functionName } from "./function-names.ts";
import type { Block, Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import {
  affixOf,
  branchesOf,
  type Constraint,
  globSegments,
  type IndexedKey,
  type IndexedTerm,
  type IndexTests,
  isBase,
  type RuleIndex,
} from "./rule-index.ts";
import { isConstant } from "./rule-trie.ts";

const isLook = (name: string): boolean => name === "assign" || COMPARISONS.has(name);

/**
 * Plans the body of a rule or of an `else` branch. Where something that may fail, conflict or print stands before what the
 * index looks at, that is looked at first: OPA's interpreter does not begin with a rule that its index excludes. `indexing` says
 * otherwise for all bodies.
 */
export function planRuleBody(p: FunctionPlanner, index: RuleIndex, rule: Rule, next: Next): void {
  const { body = [] } = rule;
  const { indexing, marks } = p.rules;
  // Where the plan is marked, `planEntry` has asked the index.
  const then = (): void => p.marked({ kind: "end" }, next);
  if (marks !== undefined) return p.body(body, then);
  if (indexing === "never") return p.body(body, next);
  if (indexing === "always") return planTests(p, index.tests(rule), () => p.body(body, next));
  const acts = body.findIndex((expr) => contains(expr, (node) => mayHaveEffects(p, node)));
  // An `and` or `or` has more to look at behind the operand that acts.
  const least = body[acts]?.body.kind === "logical" ? acts : acts + 1;
  const acting = body[acts];
  const tests = acting === undefined || (least >= body.length && !isTextTest(acting)) ? undefined : index.tests(rule);
  if (tests !== undefined && least < tests.literals) planTests(p, tests, () => p.body(body, next));
  else if (tests !== undefined && acts + 1 === tests.literals && isTextTest(acting!))
    planTextsOrTests(p, tests, () => p.body(body, next));
  else p.body(body, next);
}

/** A call that fails for what is no text, for which the index may not admit the rule. */
function isTextTest({ body }: Expr): boolean {
  const name = body.kind === "call" ? functionName(body.operator.parts) : undefined;
  return name === "glob.match" || (name !== undefined && affixOf(name) !== undefined);
}

/** As `planTests`, but texts need no test beside that of the body. */
function planTextsOrTests(p: FunctionPlanner, tests: IndexTests, next: Next): void {
  const tested = tests.paths.flat().filter(({ alternatives }) => alternatives.some(isOfText));
  const texts = (found: Next, at = 0): void => {
    const one = tested[at];
    if (one === undefined) return found();
    p.term(one.term, (value) => {
      holds(p, "is_string", [value]);
      texts(found, at + 1);
    });
  };
  p.exists(
    (found) => p.emit({ op: "Block", blocks: [p.block(() => texts(found)), p.block(() => planTests(p, tests, found))] }),
    next,
  );
}

function isOfText({ kind }: Constraint): boolean {
  return kind === "glob" || kind === "startswith" || kind === "endswith";
}

/** Plans what tries a rule or an `else` branch. Where the plan is marked, it is tried only when the index lets it, unless `indexing` says otherwise. */
export function planEntry(p: FunctionPlanner, index: RuleIndex, rule: Rule, args: readonly Local[], use: Next): void {
  const enter = (): void => p.marked({ kind: "enter", rule }, use);
  if (p.rules.marks === undefined || p.rules.indexing === "never" || rule.default) return enter();
  p.exists((found) => withArguments(p, rule, args, () => planAdmitted(p, index, rule, found)), enter);
}

/** The blocks of a function that tell, in a marked plan, that it begins and which rules the index admits. */
export function planBeginning(
  p: FunctionPlanner,
  index: RuleIndex,
  path: readonly string[],
  rules: readonly Rule[],
  args: readonly Local[],
): readonly Block[] {
  if (p.rules.marks === undefined) return [];
  const begin = p.block(() => p.mark({ kind: "begin", path }));
  const admissions = planAdmissions(p, rules, (branch, admit) =>
    withArguments(p, branch, args, () => planAdmitted(p, index, branch, admit)),
  );
  return [begin, ...admissions];
}

/** A block for each rule and `else` branch, which marks it where `admitted` goes on. */
function planAdmissions(
  p: FunctionPlanner,
  rules: readonly Rule[],
  admitted: (branch: Rule, admit: Next) => void,
): readonly Block[] {
  const branches = rules.filter((rule) => !rule.default).flatMap((rule) => branchesOf(rule).map((branch) => ({ rule, branch })));
  return branches.map(({ rule, branch }) =>
    p.block(() => admitted(branch, () => p.marked({ kind: "admit", rule, branch }, () => {}, []))),
  );
}

/** Marks which rules of a function the index admits where nobody calls it: what it asks of arguments may be anything. */
export function markAdmitted(p: FunctionPlanner, index: RuleIndex, rules: readonly Rule[]): void {
  const blocks = planAdmissions(p, rules, (branch, admit) =>
    p.rules.indexing === "never" ? admit() : planTests(p, withoutArguments(index.tests(branch)), admit),
  );
  p.emit({ op: "Block", blocks });
}

function withoutArguments({ paths, keys, literals }: IndexTests): IndexTests {
  return {
    paths: paths.map((path) => path.filter(({ term }) => term.kind !== "var")),
    keys: keys.filter(({ key }) => key.kind !== "var"),
    literals,
  };
}

/** The index knows the arguments of a function by their names. */
export function withArguments(p: FunctionPlanner, { head }: Rule, args: readonly Local[], use: Next): void {
  const bindings = (head.args ?? []).flatMap((arg, at) => (arg.kind === "var" ? [[arg.name, args[at]!] as const] : []));
  p.bindAll(bindings, use);
}

/** Goes on when the index would let the rule or branch be tried. */
export function planAdmitted(p: FunctionPlanner, index: RuleIndex, rule: Rule, next: Next): void {
  if (p.rules.indexing === "never") next();
  else planTests(p, index.tests(rule), next);
}

function planTests(p: FunctionPlanner, { paths, keys }: IndexTests, next: Next): void {
  const planKeys = ([first, ...rest]: readonly IndexedKey[]): void => {
    if (first === undefined) return next();
    p.exists(
      (found) => planKey(p, first, found),
      () => planKeys(rest),
    );
  };
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return planTerms(p, only, () => planKeys(keys));
  p.exists(
    (found) => p.emit({ op: "Block", blocks: paths.map((path) => p.block(() => planTerms(p, path, found))) }),
    () => planKeys(keys),
  );
}

function planTerms(p: FunctionPlanner, [first, ...rest]: readonly IndexedTerm[], next: Next): void {
  if (first === undefined) return next();
  p.exists(
    (found) => p.term(first.term, (value) => planAlternatives(p, first, value, found)),
    () => planTerms(p, rest, next),
  );
}

/** The collection has the key, or is one that has no keys of its own. */
function planKey(p: FunctionPlanner, { key, collection }: IndexedKey, found: Next): void {
  p.term(key, (value) =>
    p.term(collection, (source) => {
      const missing = p.fresh();
      p.emit({ op: "ResetLocal", target: missing });
      const noKey = (test: "is_object" | "is_set"): void => {
        holds(p, test, [source]);
        p.absent(
          (has) => {
            p.emit({ op: "Dot", source, key: value, target: p.fresh() });
            has();
          },
          () => p.emit({ op: "AssignVar", source: TRUE, target: missing }),
        );
      };
      p.emit({ op: "Block", blocks: [p.block(() => noKey("is_object")), p.block(() => noKey("is_set"))] });
      p.emit({ op: "IsUndefined", source: missing });
      found();
    }),
  );
}

/** Calls may fail or print, rules and object comprehensions may conflict. */
export function mayHaveEffects(p: FunctionPlanner, node: Node): boolean {
  switch (node.kind) {
    case "call":
      return !isLook(functionName(node.operator.parts) ?? "");
    case "ref":
      return node.parts[0]?.kind === "var" && node.parts[0].name === "data" && !isBase(p.rules.root, node.parts);
    case "objectComprehension":
      return true;
    default:
      return false;
  }
}

function planAlternatives(p: FunctionPlanner, { alternatives }: IndexedTerm, value: Operand, found: Next): void {
  if (alternatives.length === 0) return found();
  p.emit({ op: "Block", blocks: alternatives.map((one) => p.block(() => planConstraint(p, one, value, found))) });
}

function planConstraint(p: FunctionPlanner, constraint: Constraint, value: Operand, found: Next): void {
  switch (constraint.kind) {
    case "value":
      return planValue(p, constraint.term, value, found);
    case "member":
      return p.term(constraint.term, (wanted) => {
        holds(p, "internal.member_2", [wanted, value]);
        found();
      });
    case "any":
      return found();
    case "glob": {
      const ofText = p.block(() =>
        p.values([constraint.term, constraint.delimiters], [], ([pattern, delimiters]) => {
          holds(p, "is_string", [value]);
          holds(p, "glob.match", [pattern!, delimiters!, value]);
          found();
        }),
      );
      // The index takes an array of the pattern's segments, too.
      const ofSegments = p.block(() => planValue(p, segmentsOf(constraint), value, found));
      return p.emit({ op: "Block", blocks: [ofText, ofSegments] });
    }
    case "startswith":
    case "endswith":
      return p.term(constraint.term, (affix) => {
        const test = (text: Operand): void => {
          holds(p, "is_string", [text]);
          holds(p, constraint.kind, [text, affix]);
          found();
        };
        // The index takes any text of a collection, too.
        const members = p.block(() => p.scan(p.localOf(value), (_key: Local, member: Local) => test(local(member))));
        p.emit({ op: "Block", blocks: [p.block(() => test(value)), members] });
      });
  }
}

/** Elements that are no scalars may be anything. */
function planValue(p: FunctionPlanner, term: Term, value: Operand, next: Next): void {
  if (term.kind !== "array") {
    return p.term(term, (wanted) => {
      p.emit({ op: "Equal", a: value, b: wanted });
      next();
    });
  }
  p.emit({ op: "IsArray", source: value });
  const length = p.fresh();
  p.emit({ op: "Len", source: value, target: length });
  p.emit({ op: "Equal", a: local(length), b: local(p.integer(term.items.length)) });
  for (const [at, item] of term.items.entries()) {
    if (!isConstant(item)) continue;
    const found = p.fresh();
    p.emit({ op: "Dot", source: value, key: local(p.integer(at)), target: found });
    p.term(item, (wanted) => p.emit({ op: "Equal", a: local(found), b: wanted }));
  }
  next();
}

function segmentsOf({ term, delimiters }: Extract<Constraint, { kind: "glob" }>): Term {
  const place = { start: term.start, end: term.end };
  const items = (globSegments(term, delimiters) ?? []).map(
    (text): Term => (text === "*" ? { kind: "var", ...place, name: "_" } : { kind: "string", ...place, value: text }),
  );
  return { kind: "array", ...place, items };
}

function holds(p: FunctionPlanner, name: string, args: readonly Operand[]): void {
  const builtin = p.program.builtins.get(name);
  if (builtin === undefined) return;
  p.program.useBuiltin(builtin);
  const result = p.fresh();
  p.emit({ op: "Call", func: name, args, result });
  p.emit({ op: "NotEqual", a: local(result), b: FALSE });
}
