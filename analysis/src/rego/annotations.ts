// METADATA blocks: comments that say in YAML what a rule, document or package is for.

import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Comment, Import, Package, Range, Term } from "#grammars/rego/ast.ts";
import { detailAt } from "#grammars/rego/explain.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printExpr, printTerm } from "#grammars/rego/print-terms.ts";
import { withHints } from "#grammars/rego/reader.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { goQuote } from "#grammars/text/go-quote.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { trimStart } from "#grammars/text/white-space.ts";
import { bytesOfComment } from "./comment-bytes.ts";
import { type Metadata, type MetadataResult, readMetadata } from "./metadata-yaml.ts";
import type { Problem } from "./problem.ts";
import { rulePath } from "./rule-tree.ts";
import type { ModuleUnit, RuleUnit } from "./rule-units.ts";
import { groundPrefix, rootOf } from "./tree/refs.ts";

export type Target =
  | { readonly kind: "rule"; readonly unit: RuleUnit; readonly start: number }
  | { readonly kind: "package"; readonly package: Package; readonly start: number }
  | { readonly kind: "import"; readonly import: Import; readonly start: number };

export interface SchemaAnnotation {
  /** The document it describes: `input`, `data.acl`. */
  readonly path: readonly Term[];
  /** `schema.x`, or a schema in place. */
  readonly schema: readonly Term[] | undefined;
  readonly definition: unknown;
}

export interface Annotations {
  readonly module: ModuleUnit;
  /** The whole block. */
  readonly range: Range;
  readonly target: Target | undefined;
  readonly scope: string;
  readonly entrypoint: boolean;
  readonly title: string;
  readonly description: string;
  readonly organizations: readonly string[];
  readonly relatedResources: readonly { readonly ref: string; readonly description: string }[];
  readonly authors: readonly { readonly name: string; readonly email: string }[];
  readonly schemas: readonly SchemaAnnotation[];
  readonly custom: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
  /** How the policy is compiled to a filter: what is unknown then, and the rule that masks columns. */
  readonly compile:
    | { readonly unknowns: readonly (readonly Term[] | undefined)[]; readonly maskRule: readonly Term[] | undefined }
    | undefined;
}

/** The annotations of some modules by what they stand above. */
interface Filed {
  readonly rules: ReadonlyMap<RuleUnit, readonly Annotations[]>;
  /** Of those that claim the same thing, the first. */
  readonly claims: ReadonlyMap<string, Annotations>;
}

/** The annotations of all modules, found by what they stand above. They are filed when somebody looks for one. */
export class AnnotationSet {
  readonly #modules: readonly ModuleAnnotations[];
  readonly #hasSchemas: boolean;
  #known: Filed | undefined;

  /** In the order of their files. */
  constructor(modules: readonly ModuleAnnotations[]) {
    this.#modules = modules;
    this.#hasSchemas = modules.some(({ hasSchemas }) => hasSchemas);
  }

  get all(): readonly Annotations[] {
    return this.#modules.flatMap(({ all }) => all);
  }

  get #filed(): Filed {
    if (this.#known !== undefined) return this.#known;
    const rules = new Map<RuleUnit, Annotations[]>();
    const claims = new Map<string, Annotations>();
    for (const one of this.all) {
      const { target, scope } = one;
      if (target?.kind === "rule" && scope === "rule") {
        const list = rules.get(target.unit);
        if (list === undefined) rules.set(target.unit, [one]);
        else list.push(one);
      }
      const claim = claimOf(one);
      if (claim !== undefined && !claims.has(claim)) claims.set(claim, one);
    }
    this.#known = { rules, claims };
    return this.#known;
  }

  /** Annotations of exactly this rule. */
  ofRule(unit: RuleUnit): readonly Annotations[] {
    return this.#filed.rules.get(unit) ?? [];
  }

  /** The annotation of the document that the rule is a part of. */
  ofDocument(unit: RuleUnit): Annotations | undefined {
    return this.#filed.claims.get(`document\n${keyOfDocument(unit)}`);
  }

  ofPackage(module: ModuleUnit): Annotations | undefined {
    return this.#filed.claims.get(`package\n${pathKey(module.package)}`);
  }

  /** Annotations for this package and those below, the outermost first. */
  ofSubpackages(module: ModuleUnit): readonly Annotations[] {
    const found: Annotations[] = [];
    for (let length = 0; length <= module.package.length; length++) {
      const one = this.#filed.claims.get(`subpackages\n${pathKey(module.package.slice(0, length))}`);
      if (one !== undefined) found.push(one);
    }
    return found;
  }

  /** What describes the rule, from the rule itself outwards; the first link is the rule even when it has no annotation. */
  chain(unit: RuleUnit): readonly { readonly path: readonly Term[]; readonly annotations: Annotations | undefined }[] {
    const path = groundPrefix(rulePath(unit).parts);
    const own = [...this.ofRule(unit)].sort((a, b) => b.range.start - a.range.start);
    const links: { path: readonly Term[]; annotations: Annotations | undefined }[] =
      own.length > 0 ? own.map((annotations) => ({ path, annotations })) : [{ path, annotations: undefined }];
    const document = this.ofDocument(unit);
    if (document !== undefined) links.push({ path, annotations: document });
    const data = path.slice(0, 1);
    const ofPackage = this.ofPackage(unit.module);
    if (ofPackage !== undefined) links.push({ path: [...data, ...unit.module.package], annotations: ofPackage });
    for (const annotations of [...this.ofSubpackages(unit.module)].reverse()) {
      const target = annotations.target?.kind === "package" ? annotations.target.package.path : [];
      links.push({ path: [...data, ...target], annotations });
    }
    return links;
  }

  /** The schemas that hold for a rule, the outermost first. */
  schemasFor(unit: RuleUnit): readonly SchemaAnnotation[] {
    if (!this.#hasSchemas) return [];
    const around = [...this.ofSubpackages(unit.module), this.ofPackage(unit.module), this.ofDocument(unit), ...this.ofRule(unit)];
    return around.flatMap((one) => one?.schemas ?? []);
  }
}

/** Which annotations stand for the same document, package or packages: only one may. Kept while modules come and go. */
export class AnnotationClaims {
  readonly #filed = new Map<ModuleUnit, ModuleAnnotations>();
  readonly #byClaim = new Map<string, Set<Annotations>>();
  readonly #contested = new Set<string>();

  add(module: ModuleUnit, annotations: ModuleAnnotations): void {
    this.#filed.set(module, annotations);
    for (const one of annotations.all) {
      const claim = claimOf(one);
      if (claim === undefined) continue;
      const same = this.#byClaim.get(claim);
      if (same === undefined) this.#byClaim.set(claim, new Set([one]));
      else {
        same.add(one);
        this.#contested.add(claim);
      }
    }
  }

  remove(module: ModuleUnit): void {
    const annotations = this.#filed.get(module);
    if (annotations === undefined) return;
    this.#filed.delete(module);
    for (const one of annotations.all) {
      const claim = claimOf(one);
      const same = claim === undefined ? undefined : this.#byClaim.get(claim);
      if (claim === undefined || same === undefined) continue;
      same.delete(one);
      if (same.size < 2) this.#contested.delete(claim);
      if (same.size === 0) this.#byClaim.delete(claim);
    }
  }

  /** All but the first of each claim, in the order of files. */
  get problems(): readonly Problem[] {
    const found = [...this.#contested].flatMap((claim) => {
      const [first, ...more] = [...(this.#byClaim.get(claim) ?? [])].sort(byFile);
      return first === undefined ? [] : more.map((one) => ({ one, first }));
    });
    return found.sort((a, b) => byFile(a.one, b.one)).map(({ one, first }) => redeclared(one, first));
  }
}

/** What at most one annotation may stand above; undefined for one of a rule. */
function claimOf({ target, scope }: Annotations): string | undefined {
  if (target?.kind === "rule" && scope === "document") return `document\n${keyOfDocument(target.unit)}`;
  const isOfPackage = target?.kind === "package" && (scope === "package" || scope === "subpackages");
  return isOfPackage ? `${scope}\n${keyOfPackage(target.package)}` : undefined;
}

function byFile(a: Annotations, b: Annotations): number {
  if (a.module !== b.module) return a.module.file < b.module.file ? -1 : 1;
  return a.range.start - b.range.start;
}

function redeclared(one: Annotations, before: Annotations): Problem {
  const row = before.module.lines.rowCol(before.range.start).row;
  return {
    module: one.module,
    range: one.range,
    code: "rego_type_error",
    message: `${one.scope} annotation redeclared: ${before.module.file}:${row}`,
    related: [{ file: before.module.file, range: before.range, message: "declared here" }],
  };
}

function pathKey(path: readonly Term[]): string {
  return path.map(keyOf).join("\n");
}

const keyOfPackage = oncePer(({ path }: Package): string => pathKey(path));

const keyOfDocument = oncePer((unit: RuleUnit): string => pathKey(groundPrefix(rulePath(unit).parts)));

/** What the blocks of a module say, and what is wrong in them. */
export interface ModuleAnnotations {
  readonly all: readonly Annotations[];
  readonly problems: readonly Problem[];
  readonly hasSchemas: boolean;
}

/** Who reads blocks: the compiler, where calls of `rego.metadata` want them, tells no rows, and it has resolved the imports by then. */
type Reader = "parser" | "compiler";

interface Reading {
  readonly reader: Reader;
  readonly all: Annotations[];
  readonly unread: Problem[];
  readonly misplaced: Problem[];
}

/** Reads the blocks of a module. */
export function readAnnotations(module: ModuleUnit, reader: Reader = "parser"): ModuleAnnotations {
  const reading: Reading = { reader, all: [], unread: [], misplaced: [] };
  const { all, unread, misplaced } = reading;
  if (module.text.includes("METADATA")) {
    const targetBelow = targetFinder(module, reader);
    for (const block of blocksOf(module)) readBlock(module, block, targetBelow, reading);
    const [first] = unread;
    if (first !== undefined && reader === "parser") unread[0] = { ...first, message: withHints(first.message, module.hints) };
  }
  // As in OPA, the parser only asks where blocks belong once all of a module can be read.
  const problems = unread.length > 0 && reader === "parser" ? unread : [...unread, ...misplaced];
  return { all, problems, hasSchemas: all.some(({ schemas }) => schemas.length > 0) };
}

/** Comments that make up a block, the one with the word first. */
type Block = readonly [Comment, ...Comment[]];

function blocksOf(module: ModuleUnit): readonly Block[] {
  const blocks: [Comment, ...Comment[]][] = [];
  let open: [Comment, ...Comment[]] | undefined;
  let lastRow = -1;
  for (const comment of module.source.comments) {
    const { row, col } = module.lines.rowCol(comment.start);
    const begins = col === 1 && trimStart(comment.text).startsWith("METADATA");
    if (begins) {
      open = [comment];
      blocks.push(open);
    } else if (open !== undefined && col === 1 && row === lastRow + 1) open.push(comment);
    else open = undefined;
    lastRow = row;
  }
  return blocks;
}

/** What the lines of sound blocks say, wherever and in whichever check they stand: they are read once. */
const soundBlocks = new Map<string, MetadataResult>();
/** Characters of blocks that are kept: each key in a block makes another one. */
const mostCharacters = 2_000_000;
let soundCharacters = 0;

function readLines(lines: readonly string[], firstRow: number): MetadataResult {
  const text = lines.join("\n");
  const known = soundBlocks.get(text);
  if (known !== undefined) return known;
  const read = readMetadata(lines, firstRow);
  // What is wrong is told with its row.
  if ("error" in read) return read;
  soundCharacters += text.length;
  if (soundCharacters > mostCharacters) {
    soundBlocks.clear();
    soundCharacters = text.length;
  }
  soundBlocks.set(text, read);
  return read;
}

function readBlock(
  module: ModuleUnit,
  block: Block,
  targetBelow: (offset: number) => Target | undefined,
  { reader, all, ...problems }: Reading,
): void {
  const [head, ...lines] = block;
  const range = { start: head.start, end: block.at(-1)!.end };
  const misplaced = (message: string): void => {
    problems.misplaced.push({ module, range, code: "rego_parse_error", message });
  };
  const wrong = (message: string, at: Range = range): void => {
    const details = reader === "parser" ? detailAt(module.text, at.start) : {};
    problems.unread.push({ module, range: at, code: "rego_parse_error", message, ...details });
  };
  const read = readLines(
    lines.map((line) => {
      const text = bytesOfComment(line, module.text);
      return text.startsWith(" ") ? text.slice(1) : text;
    }),
    module.lines.rowCol(head.start).row + 1,
  );
  if ("error" in read) {
    // A problem of the YAML text stands at its own row, one of its meaning at the block.
    const line = read.line === undefined ? undefined : lines[Math.min(read.line, lines.length - 1)];
    wrong(read.error, line ?? range);
    return;
  }
  const { schemas: written, ...rest } = read.metadata;
  const schemas = schemasOf(written);
  if (typeof schemas === "string") return wrong(schemas);
  const compile = compileOf(rest.compile);
  if (typeof compile === "string") return wrong(compile);
  const target = targetBelow(head.start);
  const scope = rest.scope === "" ? scopeOf(target, rest.entrypoint) : rest.scope;
  const misplacement = scopeFault(scope, target);
  if (misplacement !== undefined) misplaced(misplacement);
  if (rest.entrypoint && scope !== "document" && scope !== "package")
    misplaced(`annotation entrypoint applied to non-document or package scope '${scope}'`);
  all.push({ ...rest, module, range, target, scope, schemas, compile });
}

/** The scope of a block that names none. */
function scopeOf(target: Target | undefined, isEntrypoint: boolean): string {
  if (target?.kind === "rule") return isEntrypoint ? "document" : "rule";
  return target?.kind ?? "";
}

/** Why a scope does not fit what the block stands above. */
function scopeFault(scope: string, target: Target | undefined): string | undefined {
  const have = target === undefined ? "" : ` (have ${target.kind})`;
  switch (scope) {
    case "rule":
    case "document":
      return target?.kind === "rule" ? undefined : `annotation scope '${scope}' must be applied to rule${have}`;
    case "package":
    case "subpackages":
      return target?.kind === "package" ? undefined : `annotation scope '${scope}' must be applied to package${have}`;
    default:
      return `invalid annotation scope '${scope}'. Use one of 'rule', 'document', 'package', or 'subpackages'`;
  }
}

/** What `schemas` names, or why it is none. */
function schemasOf(written: Metadata["schemas"]): readonly SchemaAnnotation[] | string {
  const schemas: SchemaAnnotation[] = [];
  for (const [key, value] of written) {
    const path = refOf(key);
    if (path === undefined || (path.length === 1 && rootOf(path[0]!) === undefined)) return "invalid document reference";
    if (typeof value === "string") {
      const schema = refOf(value);
      const root = schema?.[0];
      if (schema === undefined || root?.kind !== "var" || root.name !== "schema") return "invalid schema reference";
      schemas.push({ path, schema, definition: undefined });
    } else if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      schemas.push({ path, schema: undefined, definition: value });
    } else return `invalid schema declaration for path ${goQuote(key)}`;
  }
  return schemas;
}

/** What `compile` names, or why its refs are none. */
function compileOf(written: Metadata["compile"]): Annotations["compile"] | string {
  if (written === undefined) return undefined;
  const unknowns: (readonly Term[] | undefined)[] = [];
  for (const text of written.unknowns) {
    if (text === undefined) {
      unknowns.push(undefined);
      continue;
    }
    const term = termOf(text);
    if (typeof term === "string") return `invalid unknowns element ${JSON.stringify(text)}: failed to parse ref: ${term}`;
    if (term.kind !== "ref" && rootOf(term) === undefined)
      return `invalid unknowns element ${JSON.stringify(text)}: expected ref but got ${printTerm(term)}`;
    unknowns.push(term.kind === "ref" ? term.parts : [term]);
  }
  if (written.maskRule === undefined) return { unknowns, maskRule: undefined };
  const mask = termOf(written.maskRule);
  if (typeof mask === "string") return `invalid mask_rule annotation ${JSON.stringify(written.maskRule)}: ${mask}`;
  if (mask.kind !== "var" && mask.kind !== "string" && mask.kind !== "ref")
    return `invalid mask_rule annotation type ${JSON.stringify(written.maskRule)}: string`;
  return { unknowns, maskRule: mask.kind === "ref" ? mask.parts : [mask] };
}

/** The one term that a text is, or what else it is. */
function termOf(text: string): Term | string {
  const { body, diagnostics } = parseQuery(text, { file: "" });
  const [first, ...more] = body;
  const isEmpty = /^(?:\s|#.*)*$/u.test(text);
  if (!isEmpty && diagnostics.length > 0) return `failed to parse term: ${faultsOf(text, diagnostics)}`;
  if (first === undefined || more.length > 0) return `expected exactly one term but got: ${body.map(printExpr).join("; ")}`;
  const { body: term } = first;
  if (term.kind === "some" || term.kind === "every" || term.kind === "notBody" || term.kind === "logical")
    return `expected term but got ${printExpr(first)}`;
  if (term.kind === "call") return `expected term but got [${[term.operator, ...term.args].map(printTerm).join(" ")}]`;
  return term;
}

/** The errors of a short text, as OPA prints them. */
function faultsOf(text: string, diagnostics: readonly Diagnostic[]): string {
  const lines = new LineIndex(text);
  const told = diagnostics.map((one) => {
    const { row, col } = lines.rowCol(one.range.start);
    return [`${row}:${col}: ${one.code}: ${one.message}`, ...(one.lines ?? []).map((line) => `\t${line}`)].join("\n");
  });
  return told.length === 1 ? `1 error occurred: ${told[0]}` : `${told.length} errors occurred:\n${told.join("\n")}`;
}

/** The parts of a ref written in an annotation. */
function refOf(text: string): readonly Term[] | undefined {
  const { body, diagnostics } = parseQuery(text, { file: "" });
  const term = body.length === 1 && diagnostics.length === 0 ? body[0]!.body : undefined;
  if (term?.kind === "var") return [term];
  return term?.kind === "ref" ? term.parts : undefined;
}

/** Finds the first statement below the row of a place, for places in the order of the text. */
function targetFinder({ source, rules, lines }: ModuleUnit, reader: Reader): (offset: number) => Target | undefined {
  const targets: readonly Target[] = [
    ...(source.package === undefined ? [] : [{ kind: "package", package: source.package, start: source.package.start } as const]),
    ...(reader === "compiler" ? [] : source.imports).map(
      (item) => ({ kind: "import", import: item, start: item.start }) as const,
    ),
    ...rules.map((unit) => ({ kind: "rule", unit, start: unit.source.start }) as const),
  ].sort((a, b) => a.start - b.start);
  let next = 0;
  return (offset) => {
    const below = lines.lineStart(lines.lineOf(offset) + 1);
    while (targets[next] !== undefined && targets[next]!.start < below) next++;
    return targets[next];
  };
}
