// Text → module. Errors are OPA's: those of the first broken statement, or what whole modules must keep to.
import type { Diagnostic } from "../diagnostic.ts";
import { finish, type Steps } from "../text/steps.ts";
import type { Body, Import, Module, Package, RegoVersion, Rule } from "./ast.ts";
import { faultExplainer } from "./explain.ts";
import type { Language } from "./language.ts";
import { lexSteps } from "./lexer.ts";
import { parseQuery as readQuery } from "./literals.ts";
import { partsOf } from "./nodes.ts";
import { type Fault, Reader, tooDeep } from "./reader.ts";
import { type RuleFacts, ruleFromBody } from "./rules.ts";
import type { StatementMemory } from "./statement-memory.ts";
import { parseStatements, type Statement } from "./statements.ts";
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
  /** Also the errors of broken statements behind the first one, which OPA does not report. */
  readonly allStatements?: boolean;
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
  /** Rules where the package should stand: OPA does not look at them. */
  const leading: RuleFacts[] = [];
  const isWithinDepth = ({ rule }: RuleFacts): boolean => !isTooDeep(rule, read.depth);
  const isShallow = (facts: RuleFacts): boolean => {
    if (isWithinDepth(facts)) return true;
    errors.push({ range: facts.rule, message: tooDeep });
    return false;
  };
  const first = statements[0];
  if (first === undefined) errors.push({ range: { start: 0, end: 0 }, message: "empty module" });
  else if (first.kind !== "package") errors.push({ range: rangeOfStatement(first), message: "package expected" });
  yield;
  statements.forEach((statement, i) => {
    switch (statement.kind) {
      case "package":
        if (i > 0) errors.push({ range: statement.package, message: "unexpected package" });
        if (isTooLong(statement.package)) errors.push({ range: statement.package, message: tooDeep });
        else found ??= statement.package;
        return;
      case "import":
        if (isTooLong(statement.import)) {
          errors.push({ range: statement.import, message: tooDeep });
          return;
        }
        imports.push(statement.import);
        version = raised(version, statement.import);
        return;
      case "rules":
        if (i === 0) leading.push(...statement.rules.filter(isWithinDepth));
        else for (const rule of statement.rules) if (isShallow(rule)) rules.push(rule);
        return;
      case "body": {
        const rule = ruleFromBody(statement.body, options.isBuiltin ?? (() => false));
        if (i === 0) {
          if (typeof rule !== "string" && isWithinDepth(rule)) leading.push(rule);
        } else if (typeof rule !== "string") {
          if (isShallow(rule)) rules.push(rule);
        } else errors.push({ range: statement.body[0]!, message: rule + missingKeyword(text, version, statements, i) });
        return;
      }
      default:
        statement satisfies never;
    }
  });
  yield;
  if (version !== "v0") for (const facts of rules) errors.push(...checkV1(facts));
  yield;
  const reported = faults.length > 0 ? faults : errors;
  const all = options.allStatements ? [...reported, ...further] : reported;
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
  const { stopped, broken } = read;
  const where = stopped === undefined || broken === undefined ? {} : { stopped, broken };
  return withTokens({ file, text, version, module, diagnostics, ...where }, base);
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
      return statement.body[0]!;
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
  } else if (statement.kind === "body" && statement.body.length === 1) {
    const { body } = statement.body[0]!;
    name = body.kind === "var" ? body.name : undefined;
  }
  return name !== undefined && name in headWords ? name : undefined;
}

function diagnosticsOf(file: string, text: string, faults: readonly Fault[], detailed: boolean): readonly Diagnostic[] {
  const explain = faultExplainer(file, text);
  return faults.map((fault) => {
    const { range, message } = fault;
    const diagnostic: Diagnostic = { file, range, severity: "error", code: "rego_parse_error", message };
    return detailed ? { ...diagnostic, ...explain(fault) } : diagnostic;
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
  const diagnostics = diagnosticsOf(options.file, text, reader.place.faults, true);
  return { text, body: body.flat(), diagnostics };
}
