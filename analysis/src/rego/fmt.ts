// `opa fmt` of one text: read, asked whether it fits the dialect to be written, and written.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Module, RegoVersion, Rule, Term } from "#grammars/rego/ast.ts";
import { formatModule } from "#grammars/rego/format/module.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { compilationOf, moduleUnit } from "./begin.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { builtinsByName, isBuiltinName } from "./builtins/index.ts";
import { withBytesOfComments } from "./comment-bytes.ts";
import { operatorFaults } from "./fmt-operators.ts";
import { openRules } from "./rule-units.ts";
import { checkKeywordOverrides } from "./stages/05-keyword-overrides.ts";
import { checkDuplicateImports } from "./stages/06-duplicate-imports.ts";
import { checkDeprecatedBuiltins } from "./stages/32-deprecated-builtins.ts";
import { headName, headParts } from "./tree/refs.ts";

export interface FmtOptions {
  /** Names the file in errors. */
  readonly file: string;
  /** The dialect of the text before its imports. */
  readonly from: RegoVersion;
  /** The dialect to write, or the oldest of them; `from` unless given. */
  readonly version?: RegoVersion;
  /** The newest dialect that what is written must be valid in. */
  readonly upTo?: RegoVersion;
  readonly dropImports?: boolean;
  /** Writes the bytes of comments that OPA has, even where they are no text. */
  readonly bytesOfComments?: boolean;
  readonly builtins?: ReadonlyMap<string, Builtin>;
}

export type Fmt =
  | { readonly text: string }
  | {
      readonly refused: ParsedModule;
      readonly diagnostics: readonly Diagnostic[];
      /** True for what only writing shows: OPA puts the file's name before it. */
      readonly whileWriting?: true;
    };

/** The formatted text, or the errors that forbid it. */
export function formatPolicy(text: string, options: FmtOptions): Fmt {
  const { file, from, version = from } = options;
  return formatParsed(
    parseModule(text, {
      file,
      version: from,
      isBuiltin: isBuiltinName,
      templateStrings: version !== "v0",
      onlyFormatted: true,
    }),
    options,
  );
}

/** The same of a text that was read in the dialect `from`, with all of the language. */
export function formatParsed(source: ParsedModule, options: Omit<FmtOptions, "file">): Fmt {
  const { from, version = from, upTo = version } = options;
  const faults = source.diagnostics.length > 0 ? source.diagnostics : unfit(source, upTo, options.builtins);
  if (faults.length > 0) return { refused: source, diagnostics: faults };
  const wrong = operatorFaults(source);
  if (wrong.length > 0) return { refused: source, diagnostics: wrong, whileWriting: true };
  const formatted = formatModule(options.bytesOfComments ? withBytesOfComments(source) : source, {
    version,
    upTo,
    dropImports: options.dropImports ?? false,
  });
  if (formatted === undefined) return { refused: source, diagnostics: source.diagnostics };
  return { text: formatted };
}

/** What no rewriting cures: the checks of v1 and v2 on a module that may have been read as an older dialect. */
function unfit(
  source: ParsedModule,
  newest: RegoVersion,
  builtins: ReadonlyMap<string, Builtin> = builtinsByName(),
): readonly Diagnostic[] {
  if (newest === "v0") return [];
  const unit = moduleUnit(source);
  const compilation = compilationOf([unit], { strict: true }, builtins);
  checkDuplicateImports(compilation, unit);
  checkKeywordOverrides(compilation, unit, openRules(unit));
  checkDeprecatedBuiltins(compilation, unit);
  return [
    ...compilation.diagnostics,
    ...ruleNames(source, keywordsOf.v1),
    ...(newest === "v2" ? [...ruleNames(source, newIn2), ...variableNames(source)] : []),
  ];
}

const newIn2: ReadonlySet<string> = new Set([...keywordsOf.v2].filter((word) => !keywordsOf.v1.has(word)));

function problem({ file }: ParsedModule, range: { readonly start: number; readonly end: number }, message: string): Diagnostic {
  return { file, range: { start: range.start, end: range.end }, severity: "error", code: "rego_parse_error", message };
}

function ruleNames(source: ParsedModule, words: ReadonlySet<string>): readonly Diagnostic[] {
  return source.module.rules
    .filter(({ head }) => headParts(head).length < 2 && words.has(headName(head)))
    .map((rule) => problem(source, rule, `${headName(rule.head)} keyword cannot be used for rule name`));
}

/** Variables called like keywords of v2; operators and the names of rules are none. */
function variableNames(source: ParsedModule): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    const term = node as Term | Rule | Module;
    if (term.kind === "var" && newIn2.has(term.name))
      found.push(problem(source, term, `${term.name} keyword cannot be used for variable name`));
    if (term.kind === "rule") {
      visit(headParts(term.head).slice(1));
      const { args, key, value } = term.head;
      visit([args, key, value, term.body, term.else]);
    } else if (term.kind === "call") visit(term.args);
    else visit(Object.values(node));
  };
  visit(source.module.rules);
  return found;
}
