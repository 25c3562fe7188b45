// Text → module: runs lexer and grammar; one broken statement loses only itself.
import type { Diagnostic } from "../diagnostic.ts";
import type { Body, Comment, Import, Module, Package, RegoVersion, Rule } from "./ast.ts";
import { lex } from "./lexer.ts";
import { RegoParser } from "./parser.ts";
import { keywordTokens, type Token } from "./tokens.ts";

export interface ParseOptions {
  /** Names the file in diagnostics. */
  readonly file: string;
  /** The dialect before the file's imports; v1 unless given. */
  readonly version?: RegoVersion;
}

export interface ParsedModule {
  readonly file: string;
  readonly text: string;
  readonly version: RegoVersion;
  readonly module: Module;
  /** In order; the gaps between them hold blanks and comments, so both rebuild the text. */
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParsedQuery {
  readonly text: string;
  readonly body: Body;
  readonly diagnostics: readonly Diagnostic[];
}

let shared: RegoParser | undefined;

function sharedParser(): RegoParser {
  shared ??= new RegoParser();
  return shared;
}

/** Parses a module; every text gives a module, with diagnostics for what is wrong in it. */
export function parseModule(text: string, options: ParseOptions): ParsedModule {
  const { file } = options;
  const lexed = lex(text, file, options.version ?? "v1");
  const parser = sharedParser();
  parser.begin(lexed.tokens, { contains: lexed.contains, v0: lexed.version === "v0" });
  const diagnostics = [...lexed.diagnostics];
  for (let from = 0; from < lexed.tokens.length; ) {
    parser.resume(from);
    parser.module();
    const error = parser.errors[0];
    if (error === undefined) break;
    report(diagnostics, file, text, error.token as Token);
    from = nextStatement(lexed.tokens, Math.max(parser.statementStart, from), text);
  }
  const statements = parser.statements;
  for (const fault of parser.faults)
    diagnostics.push({ file, range: fault.range, severity: "error", code: "rego_parse_error", message: fault.message });
  const imports: Import[] = [];
  const rules: Rule[] = [];
  let pack: Package | undefined;
  for (const statement of statements) {
    if (statement.package !== undefined) {
      if (pack === undefined) pack = statement.package;
      else
        diagnostics.push({
          file,
          range: statement.package,
          severity: "error",
          code: "rego_parse_error",
          message: "unexpected package",
        });
    }
    if (statement.import !== undefined) imports.push(statement.import);
    if (statement.rules !== undefined) rules.push(...statement.rules);
  }
  if (pack === undefined && diagnostics.length === 0) {
    const first = lexed.tokens[0];
    const range =
      first === undefined ? { start: 0, end: 0 } : { start: first.startOffset, end: first.startOffset + first.image.length };
    diagnostics.push({
      file,
      range,
      severity: "error",
      code: "rego_parse_error",
      message: first === undefined ? "empty module" : "package expected",
    });
  }
  const module: Module = {
    kind: "module",
    start: 0,
    end: text.length,
    package: pack,
    imports,
    rules,
    comments: lexed.comments as readonly Comment[],
    version: lexed.version,
  };
  return { file, text, version: lexed.version, module, tokens: lexed.tokens, diagnostics };
}

/** Parses a query body with all v1 keywords. */
export function parseQuery(text: string, options: ParseOptions): ParsedQuery {
  const lexed = lex(text, options.file, options.version ?? "v1");
  const parser = sharedParser();
  parser.begin(lexed.tokens, { contains: false, v0: false });
  parser.resume(0);
  const diagnostics = [...lexed.diagnostics];
  const body = lexed.tokens.length === 0 ? [] : parser.wholeQuery();
  const error = parser.errors[0];
  if (error !== undefined) report(diagnostics, options.file, text, error.token as Token);
  else if (lexed.tokens.length === 0)
    diagnostics.push({
      file: options.file,
      range: { start: 0, end: 0 },
      severity: "error",
      code: "rego_parse_error",
      message: "found empty body",
    });
  return { text, body: body ?? [], diagnostics };
}

function report(diagnostics: Diagnostic[], file: string, text: string, token: Token): void {
  const atEnd = token.index === undefined;
  const range = atEnd
    ? { start: text.length, end: text.length }
    : { start: token.startOffset, end: token.startOffset + token.image.length };
  // A lexical fault at or before this place has said it better already.
  if (diagnostics.some((one) => one.range.start <= range.start && one.range.end >= range.start)) return;
  const what = atEnd ? "eof" : token.tokenType.name.toLowerCase();
  diagnostics.push({
    file,
    range,
    severity: "error",
    code: "rego_parse_error",
    message: `unexpected ${what} ${token.tokenType.name in keywordTokens ? "keyword" : "token"}`,
  });
}

/** The first token behind `from` that can begin a statement and stands at column 0. */
function nextStatement(tokens: readonly Token[], from: number, text: string): number {
  for (let index = from + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    const name = token.tokenType.name;
    const begins = name === "Identifier" || name === "default" || name === "import" || name === "package";
    if (begins && token.newlineBefore && text.charCodeAt(token.startOffset - 1) === 10) return index;
  }
  return tokens.length;
}
