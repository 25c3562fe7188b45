// Text → module. Errors are OPA's: those of the first broken statement, or what whole modules must keep to.
import type { Diagnostic } from "../diagnostic.ts";
import { finish, type Steps } from "../text/steps.ts";
import type { Body, Import, Module, Package, Range, RegoVersion, Rule } from "./ast.ts";
import { faultExplainer } from "./explain.ts";
import { type Fault, mostFaults } from "./fault-list.ts";
import type { Language } from "./language.ts";
import { lexSteps } from "./lexer.ts";
import { parseQuery as readQuery } from "./literals.ts";
import { originOf } from "./moved.ts";
import { partsOf } from "./nodes.ts";
import { Reader, tooDeep } from "./reader.ts";
import type { RuleFacts } from "./rule-facts.ts";
import type { Statement } from "./statement.ts";
import type { StatementMemory } from "./statement-memory.ts";
import { parseStatements } from "./statements.ts";
import type { Token } from "./tokens.ts";
import { isTooDeep, isTooLong } from "./tree-depth.ts";
import { checkV1 } from "./v1-checks.ts";

export interface ParseOptions {
  /** Names the file in diagnostics. */
  readonly file: string;
  /** The dialect before the file's imports; v1 unless given. */
  readonly version?: RegoVersion;
  /** Reads a v0 module that must be valid in v1 too (OPA's `--v0-v1`). */
  readonly alsoV1?: boolean;
  /** False refuses template strings, which a dialect to be written does not have. */
  readonly templateStrings?: boolean;
  /** What of the language there is; all of it unless given. */
  readonly language?: Language;
  /** Which names are builtins: a rule cannot be called like one. */
  readonly isBuiltin?: (name: string) => boolean;
  /** From the last version of the text: its statements above an edit are not read again. */
  readonly memory?: StatementMemory | undefined;
  /** Reads on behind a broken statement: those behind it are there too, and their errors, which OPA does not report. */
  readonly allStatements?: boolean;
  /** The module is written anew and nothing else: it may be deeper than what is checked. */
  readonly onlyFormatted?: boolean;
}

export interface ParsedModule {
  readonly file: string;
  readonly text: string;
  readonly version: RegoVersion;
  readonly module: Module;
  /** In order; the gaps between them hold blanks and comments, so both rebuild the text. */
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where the first broken statement could not be read any more: what is behind was read to recover. */
  readonly stopped?: number;
  /** Hints that no fault has taken until there: as in OPA, the first of METADATA has them. */
  readonly hints?: readonly string[];
  /** Where that statement begins: those above are sound. */
  readonly broken?: number;
}

export interface ParsedQuery {
  readonly text: string;
  readonly body: Body;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses a module; every text gives a module, with diagnostics for what is wrong in it. */
export function parseModule(text: string, options: ParseOptions): ParsedModule {
  return finish(parseSteps(text, options));
}

/** `parseModule` with pauses. */
export function* parseSteps(text: string, options: ParseOptions): Steps<ParsedModule> {
  const { file } = options;
  const base = options.version ?? "v1";
  const read = yield* parseStatements(text, base, options);
  const { statements, faults, further } = read;
  const imports: Import[] = [];
  let version: RegoVersion = options.alsoV1 ? "v1" : base;
  let found: Package | undefined;
  const rules: RuleFacts[] = [];
  const errors: Fault[] = [];
  /** The rule where the package should stand: OPA does not look at it. */
  const leading: RuleFacts[] = [];
  const tell = (range: Range, message: string): void => {
    if (errors.length < mostFaults) errors.push({ range, message });
  };
  const isWithinDepth = ({ rule }: RuleFacts): boolean => !isTooDeep(originOf(rule).rule, read.depth, options.onlyFormatted);
  const isShallow = (facts: RuleFacts): boolean => {
    if (isWithinDepth(facts)) return true;
    tell(facts.rule, tooDeep);
    return false;
  };
  const first = statements[0];
  if (first === undefined) tell({ start: 0, end: 0 }, "empty module");
  else if (first.kind !== "package") tell(rangeOfStatement(first), "package expected");
  yield;
  statements.forEach((statement, i) => {
    switch (statement.kind) {
      case "package":
        if (i > 0) tell(statement.package, "unexpected package");
        if (isTooLong(statement.package)) tell(statement.package, tooDeep);
        else found ??= statement.package;
        return;
      case "import":
        if (isTooLong(statement.import)) {
          tell(statement.import, tooDeep);
          return;
        }
        imports.push(statement.import);
        // In the place of the package it brings keywords, and no checks.
        if (i > 0) version = raised(version, statement.import);
        return;
      case "rules":
        for (const [at, rule] of statement.rules.entries()) {
          if (i === 0 && at === 0) leading.push(...[rule].filter(isWithinDepth));
          else if (isShallow(rule)) rules.push(rule);
        }
        return;
      case "body": {
        const { rule } = statement;
        if (i === 0) {
          if (typeof rule !== "string" && isWithinDepth(rule)) leading.push(rule);
        } else if (typeof rule !== "string") {
          if (isShallow(rule)) rules.push(rule);
        } else tell(statement, rule + missingKeyword(text, version, statements, i));
        return;
      }
      default:
        statement satisfies never;
    }
  });
  yield;
  if (version !== "v0") for (const facts of rules) for (const { range, message } of checkV1(facts)) tell(range, message);
  yield;
  const reported = faults.length > 0 ? faults : errors;
  const all = faults.length > 0 ? [...reported, ...further] : [...further, ...reported];
  const module: Module = {
    kind: "module",
    start: 0,
    end: text.length,
    package: found,
    imports,
    rules: [...leading, ...rules].map(({ rule }): Rule => rule),
    comments: read.comments,
    version,
  };
  const diagnostics = diagnosticsOf(file, text, all, faults.length > 0);
  const { stopped, broken, hints } = read;
  const where = stopped === undefined || broken === undefined ? {} : { stopped, broken };
  return withTokens({ file, text, version, module, diagnostics, ...(hints === undefined ? {} : { hints }), ...where }, base);
}

/** Tokens take more memory than the tree, and few who read a tree ask for them: they are made again when somebody does. */
function withTokens(parsed: Omit<ParsedModule, "tokens">, base: RegoVersion): ParsedModule {
  let tokens: readonly Token[] | undefined;
  return {
    ...parsed,
    get tokens() {
      tokens ??= finish(lexSteps(parsed.text, base)).tokens;
      return tokens;
    },
  };
}

function rangeOfStatement(statement: Statement): { readonly start: number; readonly end: number } {
  switch (statement.kind) {
    case "package":
      return statement.package;
    case "import":
      return statement.import;
    case "rules":
      return statement.rules[0]!.rule;
    case "body":
      return statement;
  }
}

function raised(version: RegoVersion, item: Import): RegoVersion {
  const [root, name] = partsOf(item.path);
  if (root?.kind !== "var" || root.name !== "rego" || name?.kind !== "string") return version;
  if (name.value === "v2") return "v2";
  return name.value === "v1" && version === "v0" ? "v1" : version;
}

const headWords: Readonly<Record<string, string>> = { if: "p if { ... }", contains: "p contains x" };

/** In v0, `p if …` without the import reads as two statements: this says what is missing. */
function missingKeyword(text: string, version: RegoVersion, statements: readonly Statement[], index: number): string {
  if (version !== "v0") return "";
  const next = statements[index + 1];
  const { start } = rangeOfStatement(statements[index]!);
  const onSameLine = next !== undefined && !text.slice(start, rangeOfStatement(next).start).includes("\n");
  const word = headWordOf(statements[index]!) ?? (onSameLine ? headWordOf(next) : undefined);
  return word === undefined ? "" : ` (hint: \`import future.keywords.${word}\` for \`${headWords[word]}\` rules)`;
}

function headWordOf(statement: Statement): string | undefined {
  let name: string | undefined;
  if (statement.kind === "rules") {
    const head = partsOf(statement.rules[0]!.rule.head.reference)[0];
    name = head?.kind === "var" ? head.name : undefined;
  } else if (statement.kind === "body") name = statement.word;
  return name !== undefined && name in headWords ? name : undefined;
}

/** Characters of the rows that are told with faults: many faults of one long row would be told with as many copies of it. */
const mostShown = 100_000_000;

function diagnosticsOf(file: string, text: string, faults: readonly Fault[], detailed: boolean): readonly Diagnostic[] {
  const explain = faultExplainer(file, text);
  let shown = detailed ? 0 : mostShown;
  return faults.map((fault) => {
    const { range, message } = fault;
    const diagnostic: Diagnostic = { file, range, severity: "error", code: "rego_parse_error", message };
    if (shown >= mostShown) return diagnostic;
    const more = explain(fault);
    for (const { length } of more.lines ?? []) shown += length;
    return { ...diagnostic, ...more };
  });
}

/** Parses a query body with all v1 keywords. */
export function parseQuery(text: string, options: ParseOptions): ParsedQuery {
  const reader = new Reader(text, options.version ?? "v1");
  const body: Body[] = [];
  if (reader.is("eof")) reader.error(reader.place, "found empty body");
  while (!reader.is("eof")) {
    const part = readQuery(reader, true, "eof");
    if (part === undefined) break;
    body.push(part);
  }
  const diagnostics = diagnosticsOf(options.file, text, reader.place.faults.all(), true);
  return { text, body: body.flat(), diagnostics };
}
