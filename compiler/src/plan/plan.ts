// Checked modules → plan: one entrypoint for each ref and query that is asked for.
import type { Checked, CheckedModule, CheckedQuery } from "#analysis/rego/checked.ts";
import { mayPrint } from "#analysis/rego/stages/13-print-calls.ts";
import { contains, type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { stackIsTooSmall } from "#grammars/text/stack.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { askedEntrypoint, queryEntrypoint, refEntrypoint } from "./entrypoints.ts";
import { SubjectPlanner } from "./function-planner.ts";
import type { Entrypoint, Plan } from "./ir.ts";
import { PlanMemory } from "./plan-memory.ts";
import { Program } from "./program.ts";
import { Rules } from "./rule-functions.ts";
import { RuleTrie, type TrieModule } from "./rule-trie.ts";
import type { Indexing } from "./surroundings.ts";

/** A query with the name that its entrypoint gets. */
export interface NamedQuery {
  readonly name: string;
  readonly text: string;
  readonly query: CheckedQuery;
}

export interface PlanRequest {
  /** `pkg/rule`, as OPA names entrypoints. */
  readonly entrypoints?: readonly string[];
  readonly queries?: readonly NamedQuery[];
  readonly indexing?: Indexing;
  readonly earlyExit?: boolean;
  /** The plan tells of its course. */
  readonly marked?: boolean;
}

export interface Planned {
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans the entrypoints and what they reach. Constructs that cannot be planned yet are diagnostics (`rw_unsupported`). A memory serves
 * plans with the same builtins.
 */
export function planModules(checked: Checked, request: PlanRequest): Planned {
  return finish(planSteps(checked, request, new PlanMemory()));
}

/** `planModules` with a pause after each function. */
export function* planSteps(checked: Checked, request: PlanRequest, memory: PlanMemory): Steps<Planned> {
  const program = new Program(checked.builtins, memory);
  const { files } = memory;
  const lines: (LineIndex | undefined)[] = [];
  const taken = new Set<number>();
  const fileNumber = (name: string, index: LineIndex): number => {
    const number = memory.file(name, taken);
    taken.add(number);
    lines[number] = index;
    return number;
  };
  const modules = checked.modules.map((module): TrieModule => {
    const { index, ...parts } = preparedOf(module);
    return { ...parts, file: fileNumber(module.file, index) };
  });
  const queryFiles = (request.queries ?? []).map((query) => fileNumber("", new LineIndex(query.text)));
  const asking = request.marked === true ? fileNumber("", new LineIndex(" ")) : undefined;
  yield;
  const rules = new Rules(new RuleTrie(modules), program, lines, {
    ...request,
    tells: printsTell(checked, request),
    replacesInside: replacesInside(checked, request),
  });
  const entrypoints: Entrypoint[] = [];
  const diagnostics: Diagnostic[] = [];
  try {
    for (const name of request.entrypoints ?? []) {
      const [planner, ref] = [new SubjectPlanner(rules, rules.first), entrypointRef(name)];
      const blocks = asking === undefined ? refEntrypoint(planner, ref) : askedEntrypoint(planner, ref, asking);
      entrypoints.push({ name, blocks });
    }
    for (const [index, query] of (request.queries ?? []).entries()) {
      const planner = new SubjectPlanner(rules, rules.first);
      const { body, vars } = query.query;
      entrypoints.push({ name: query.name, blocks: queryEntrypoint(planner, body, vars, queryFiles[index]!) });
    }
    yield* rules.finish();
  } catch (error) {
    // The planner calls itself for what stands inside: the stack is the limit.
    if (!(error instanceof RangeError)) throw error;
    stackIsTooSmall();
    const rule = rules.planning?.rules[0];
    diagnostics.push(tooDeep(files[rule?.file ?? 0] ?? "", rule?.rule.head ?? { start: 0, end: 0 }));
  } finally {
    memory.end();
  }
  diagnostics.push(
    ...rules.unsupported.map(
      ({ file, range, what }): Diagnostic => ({
        file: files[file] ?? "",
        range,
        severity: "error",
        code: "rw_unsupported",
        message: `not supported yet: ${what}`,
      }),
    ),
  );
  const plan: Plan = {
    strings: memory.strings,
    builtins: [...program.builtinDecls.values()],
    files,
    entrypoints,
    funcs: program.funcs,
    marks: rules.marks ?? [],
    replacesInside: rules.replacesInside,
  };
  return { plan, diagnostics };
}

/** Whether prints may tell in which order things happen. */
function printsTell({ compilation, modules }: Checked, { queries = [] }: PlanRequest): boolean {
  return compilation.printing && (modules.some(writesPrint) || queries.some(({ text }) => mayPrint(text)));
}

/** Looked for once: a plan for each key is made of the modules that were there before. */
const writesPrint = oncePer(({ text }: CheckedModule): boolean => mayPrint(text));

/** Whether a base document may be read above the place at which `with` replaces something. */
function replacesInside({ modules }: Checked, { queries = [] }: PlanRequest): boolean {
  return (
    modules.some(writesReplacement) ||
    queries.some(({ text, query }) => mayReplace(text) && query.body.some((expr) => contains(expr, isReplacedInside)))
  );
}

const writesReplacement = oncePer(({ text, module }: CheckedModule): boolean => {
  let found = false;
  const look = (node: Node): boolean => {
    found ||= isReplacedInside(node);
    return found;
  };
  if (mayReplace(text)) for (const rule of module.rules) walkRule(rule, look);
  return found;
});

/** Most tests replace the input alone. */
const mayReplace = (text: string): boolean => /\bwith\s+(?!input\b)/u.test(text);

/** Two keys below `data` and more. */
function isReplacedInside(node: Node): boolean {
  if (node.kind !== "expr") return false;
  return node.with.some(({ target }) => {
    const [root, , ...below] = target.kind === "ref" ? target.parts : [];
    return root?.kind === "var" && root.name === "data" && below.length > 0;
  });
}

/** What planning asks of a module, whatever it is planned with. */
const preparedOf = oncePer(({ text, module }: CheckedModule): Omit<TrieModule, "file"> & { readonly index: LineIndex } => {
  const path = module.package?.path ?? [];
  const rules = module.rules.map((rule) => ({ rule, ref: [...path, ...headParts(rule)] }));
  return { index: new LineIndex(text), path, rules };
});

/** What a rule that cannot be compiled for its depth is told. */
export function tooDeep(file: string, { start, end }: Range): Diagnostic {
  const message = "this rule nests too deeply to be compiled: split it into several rules";
  return { file, range: { start, end }, severity: "error", code: "rw_limit_error", message };
}

/** The head's ref with the rule's name as a string. */
function headParts(rule: Rule): readonly Term[] {
  const { reference } = rule.head;
  const parts = reference.kind === "var" ? [reference] : reference.parts;
  return parts.map(
    (part, index): Term =>
      index === 0 && part.kind === "var" ? { kind: "string", start: part.start, end: part.end, value: part.name } : part,
  );
}

/** `a/b` and `data.a.b` are the ref `data.a.b`; `data` is everything. */
function entrypointRef(name: string): Ref {
  return dataRef(name === "data" || name === "" ? [] : name.startsWith("data.") ? name.slice(5).split(".") : name.split("/"));
}

/** The document at a path below `data`: integers are numbers, as in paths of OPA's store. */
export function dataRef(path: readonly string[]): Ref {
  const place = { start: 0, end: 0 };
  const term = (value: string): Term =>
    /^(?:0|[1-9][0-9]{0,17})$/u.test(value) ? { kind: "number", ...place, text: value } : { kind: "string", ...place, value };
  return { kind: "ref", ...place, parts: [{ kind: "var", ...place, name: "data" }, ...path.map(term)] };
}
