// Findings of the compiler that text broken elsewhere may have caused: a rule that cannot be read is missing to all that use it, and comes back with
// the next keystroke. What is left are those of sound rules that have nothing to do with it, in broken files too.
import { headName } from "#analysis/rego/tree/refs.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { firstIndex } from "#grammars/first-index.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Import, Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import type { Project } from "#workspace/project.ts";
import { packageOf, refersTo } from "#workspace/scope.ts";
import { mendedStatements } from "./faults/index.ts";
import { rangeAt } from "./range-at.ts";
import { recoveredModule } from "./recovered.ts";

/** What the compiler says of a project, without what may only be so because some text cannot be read. */
export function compileFindings(project: Project): readonly Diagnostic[] {
  const sound = [...project.compileDiagnostics, ...project.strictHints];
  const { broken } = project;
  if (broken.length === 0) return sound;
  const files = new Set(broken.map(({ file }) => file));
  // In large files only the text is checked.
  const inBroken = project.largePolicies.length > 0 ? [] : project.checked.diagnostics.filter(({ file }) => files.has(file));
  const missing = missingNames(broken);
  const modules = new Map(project.modules.map((parsed) => [parsed.file, parsed]));
  const nameless = new Set(broken.filter((parsed) => lossOf(parsed).isNameless).map(packageOf));
  let reached: NamesByPackage | undefined;
  return [...sound, ...inBroken].filter((found) => {
    const parsed = modules.get(found.file);
    if (parsed === undefined) return true;
    const words = wordsAt(parsed, found.range);
    if (files.has(found.file)) {
      const loss = lossOf(parsed);
      const isLost = loss.wholeFile || rangeAt(loss.ranges, found.range.start) !== undefined;
      if (isLost || words === undefined) return false;
    }
    const isOpen = nameless.has(packageOf(parsed)) || (files.has(found.file) && lossOf(parsed).lacksImport);
    if (isOpen && /\bis unsafe$|^undefined function /u.test(found.message)) return false;
    if (words === undefined) return true;
    if (some(words, namesFor(parsed, missing))) return false;
    if (found.code !== "rego_type_error") return true;
    // The type of a rule is that of the rules it is made of.
    reached ??= reachedFrom(project, missing);
    return !some(words, namesFor(parsed, reached));
  });
}

/** Names of rules by the package that they are in; those of a file whose package cannot be told are everybody's. */
type NamesByPackage = ReadonlyMap<string | undefined, ReadonlySet<string>>;

function missingNames(broken: readonly ParsedModule[]): NamesByPackage {
  const missing = new Map<string | undefined, Set<string>>();
  for (const parsed of broken) {
    const { wholeFile, names } = lossOf(parsed);
    addAll(missing, wholeFile ? undefined : packageOf(parsed), names);
  }
  return missing;
}

function addAll(all: Map<string | undefined, Set<string>>, name: string | undefined, added: Iterable<string>): void {
  const names = all.get(name) ?? new Set();
  for (const one of added) names.add(one);
  all.set(name, names);
}

/** Those that a module can mean: of its own package and of the packages that it refers to. */
function namesFor(parsed: ParsedModule, all: NamesByPackage): ReadonlySet<string> {
  const meant = [...all.keys()].filter((name) => name === undefined || refersTo(parsed, name));
  return namesIn(parsed, meant, all);
}

function namesIn(parsed: ParsedModule, packages: readonly (string | undefined)[], all: NamesByPackage): ReadonlySet<string> {
  return withAliases(parsed.module.imports, new Set(packages.flatMap((name) => [...(all.get(name) ?? [])])));
}

interface Loss {
  /** Names that the broken statements declare, as far as can be told. */
  readonly names: ReadonlySet<string>;
  readonly ranges: readonly Range[];
  /** True when it cannot be told which package the rules are in. */
  readonly wholeFile: boolean;
  /** True when a broken statement does not begin with a name: any rule of the package may be the one that is missing. */
  readonly isNameless: boolean;
  /** True when an import is broken: any name of the file may be the one that it gave. */
  readonly lacksImport: boolean;
}

const lossOf = oncePer((parsed: ParsedModule): Loss => {
  const { package: named } = parsed.module;
  const isFine = ({ start, end }: Range): boolean =>
    start === named?.start && !parsed.diagnostics.some(({ range }) => start <= range.start && range.start < end);
  const ranges = mendedStatements(parsed).flatMap(({ range }) => (isFine(range) ? [] : [range]));
  const names = new Set<string>();
  const wholeFile = named === undefined || ranges.some(({ start }) => parsed.text.startsWith("package", start));
  let isNameless = wholeFile;
  let lacksImport = false;
  for (const range of ranges) {
    const tokens = tokensIn(parsed, range);
    // Also one that has lost its first word.
    const isImport = /^(?:import|data|input)$/u.test(tokens[0]?.image ?? "");
    isNameless ||= tokens.some((token) => !isName(token) && !/^[)\]}]$/u.test(token.image) && isInFirstColumn(parsed, token));
    lacksImport ||= isImport;
    for (const token of tokens) if (isName(token) && (isImport || isInFirstColumn(parsed, token))) names.add(token.image);
    if (tokens[0]?.image === "default" && tokens[1] !== undefined) names.add(tokens[1].image);
  }
  for (const rule of recoveredModule(parsed).rules) {
    if (wholeFile || rangeAt(ranges, rule.start) !== undefined) names.add(headName(rule.head));
  }
  return { names, ranges, wholeFile, isNameless, lacksImport };
});

const isName = ({ image }: Token): boolean => /^[A-Za-z_]\w*$/u.test(image);

function isInFirstColumn({ text }: ParsedModule, { startOffset }: Token): boolean {
  return startOffset === 0 || text[startOffset - 1] === "\n" || text[startOffset - 1] === "\r";
}

function tokensIn({ tokens }: ParsedModule, { start, end }: Range): readonly Token[] {
  return tokens.slice(firstFrom(tokens, start), firstFrom(tokens, end));
}

/** The place of the first token that starts at an offset or behind it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  return firstIndex(tokens.length, (at) => tokens[at]!.startOffset < offset);
}

/** The names in each rule of a text, by what the rule is called. */
const wordsOfRules = oncePer((parsed: ParsedModule) =>
  parsed.module.rules.map((rule) => ({
    rule,
    name: headName(rule.head),
    words: new Set(
      tokensIn(parsed, rule)
        .filter(isName)
        .map(({ image }) => image),
    ),
  })),
);

/** The names in the rule around a place; undefined outside of rules. */
function wordsAt(parsed: ParsedModule, { start }: Range): ReadonlySet<string> | undefined {
  return wordsOfRules(parsed).find(({ rule }) => rule.start <= start && start <= rule.end)?.words;
}

/** The names, and what imports of them are called. */
function withAliases(imports: readonly Import[], names: ReadonlySet<string>): ReadonlySet<string> {
  const aliases = imports.flatMap(({ path, alias }) => {
    const last = path.kind === "ref" ? path.parts.at(-1) : path;
    return alias !== undefined && last?.kind === "string" && names.has(last.value) ? [alias.name] : [];
  });
  return aliases.length === 0 ? names : new Set([...names, ...aliases]);
}

/** The names, and those of all rules that refer to them, directly or not. */
function reachedFrom({ modules, scopes }: Project, missing: NamesByPackage): NamesByPackage {
  const reached = new Map([...missing].map(([name, names]) => [name, new Set(names)]));
  const referring = new Map<string, ParsedModule[]>();
  const meant = new Map<ParsedModule, ReadonlySet<string>>();
  for (const parsed of modules) {
    const packages = new Set(scopes.near(parsed).map(packageOf));
    meant.set(parsed, packages);
    for (const name of packages) {
      const known = referring.get(name);
      if (known === undefined) referring.set(name, [parsed]);
      else known.push(parsed);
    }
  }
  const waiting = new Set(modules);
  for (const parsed of waiting) {
    // What is added while it is gone through is gone through again.
    waiting.delete(parsed);
    const names = namesIn(parsed, [undefined, ...(meant.get(parsed) ?? [])], reached);
    if (names.size === 0) continue;
    const own = packageOf(parsed);
    const more = wordsOfRules(parsed).filter(({ name, words }) => reached.get(own)?.has(name) !== true && some(words, names));
    if (more.length === 0) continue;
    const added = more.map(({ name }) => name);
    addAll(reached, own, added);
    for (const other of referring.get(own) ?? []) waiting.add(other);
  }
  return reached;
}

function some(words: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  for (const word of words) if (names.has(word)) return true;
  return false;
}
