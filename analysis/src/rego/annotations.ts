// METADATA blocks: comments that say in YAML what a rule, document or package is for.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Comment, Import, Package, Range, Term } from "#grammars/rego/ast.ts";
import { detailAt } from "#grammars/rego/explain.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printExpr, printTerm } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type Metadata, type MetadataResult, readMetadata } from "./metadata-yaml.ts";
import type { Problem } from "./problem.ts";
import { rulePath } from "./rule-tree.ts";
import type { ModuleUnit, RuleUnit } from "./rule-units.ts";
import { groundPrefix, rootOf } from "./tree/refs.ts";

/** What a block says, by its first comment: trees do not change, so a block that was checked before is not read again. */
const readBlocks = new WeakMap<Comment, MetadataResult>();

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
    | { readonly unknowns: readonly (readonly Term[])[]; readonly maskRule: readonly Term[] | undefined }
    | undefined;
}

/** The annotations of all modules, found by what they stand above. */
export class AnnotationSet {
  readonly all: readonly Annotations[];
  readonly problems: readonly Problem[];
  readonly #hasSchemas: boolean;
  readonly #rules = new Map<RuleUnit, Annotations[]>();
  readonly #packages = new Map<string, Annotations>();
  readonly #documents = new Map<string, Annotations>();
  readonly #subpackages = new Map<string, Annotations>();

  constructor(all: readonly Annotations[]) {
    this.all = all;
    const problems: Problem[] = [];
    const claim = (map: Map<string, Annotations>, key: string, one: Annotations): void => {
      const before = map.get(key);
      if (before === undefined) map.set(key, one);
      else problems.push(redeclared(one, before));
    };
    for (const one of all) {
      const { target, scope } = one;
      if (target?.kind === "rule" && scope === "rule") {
        const list = this.#rules.get(target.unit);
        if (list === undefined) this.#rules.set(target.unit, [one]);
        else list.push(one);
      } else if (target?.kind === "rule" && scope === "document") claim(this.#documents, documentKey(target.unit), one);
      else if (target?.kind === "package" && scope === "package") claim(this.#packages, pathKey(target.package.path), one);
      else if (target?.kind === "package" && scope === "subpackages") claim(this.#subpackages, pathKey(target.package.path), one);
    }
    this.problems = problems;
    this.#hasSchemas = all.some(({ schemas }) => schemas.length > 0);
  }

  /** Annotations of exactly this rule. */
  ofRule(unit: RuleUnit): readonly Annotations[] {
    return this.#rules.get(unit) ?? [];
  }

  /** The annotation of the document that the rule is a part of. */
  ofDocument(unit: RuleUnit): Annotations | undefined {
    return this.#documents.get(documentKey(unit));
  }

  ofPackage(module: ModuleUnit): Annotations | undefined {
    return this.#packages.get(pathKey(module.package));
  }

  /** Annotations for this package and those below, the outermost first. */
  ofSubpackages(module: ModuleUnit): readonly Annotations[] {
    const found: Annotations[] = [];
    for (let length = 0; length <= module.package.length; length++) {
      const one = this.#subpackages.get(pathKey(module.package.slice(0, length)));
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

function documentKey(unit: RuleUnit): string {
  return pathKey(groundPrefix(rulePath(unit).parts));
}

/** What the blocks of a module say, and what is wrong in them. */
export interface ModuleAnnotations {
  readonly all: readonly Annotations[];
  readonly problems: readonly Problem[];
}

/** Reads the blocks of a module. */
export function readAnnotations(module: ModuleUnit): ModuleAnnotations {
  const all: Annotations[] = [];
  const problems: Problem[] = [];
  if (module.text.includes("METADATA")) {
    const targetBelow = targetFinder(module);
    for (const block of blocksOf(module)) readBlock(module, block, targetBelow, all, problems);
  }
  return { all, problems };
}

/** Comments that make up a block, the one with the word first. */
type Block = readonly [Comment, ...Comment[]];

function blocksOf(module: ModuleUnit): readonly Block[] {
  const blocks: [Comment, ...Comment[]][] = [];
  let open: [Comment, ...Comment[]] | undefined;
  let lastRow = -1;
  for (const comment of module.source.comments) {
    const { row, col } = module.lines.rowCol(comment.start);
    const begins = col === 1 && comment.text.trimStart().startsWith("METADATA");
    if (begins) {
      open = [comment];
      blocks.push(open);
    } else if (open !== undefined && col === 1 && row === lastRow + 1) open.push(comment);
    else open = undefined;
    lastRow = row;
  }
  return blocks;
}

function readBlock(
  module: ModuleUnit,
  block: Block,
  targetBelow: (offset: number) => Target | undefined,
  all: Annotations[],
  problems: Problem[],
): void {
  const [head, ...lines] = block;
  const range = { start: head.start, end: block.at(-1)!.end };
  const misplaced = (message: string): void => {
    problems.push({ module, range, code: "rego_parse_error", message });
  };
  const wrong = (message: string, at: Range = range): void => {
    problems.push({ module, range: at, code: "rego_parse_error", message, ...detailAt(module.text, at.start) });
  };
  let read = readBlocks.get(head);
  if (read === undefined) {
    read = readMetadata(
      lines.map(({ text }) => (text.startsWith(" ") ? text.slice(1) : text)),
      module.lines.rowCol(head.start).row + 1,
    );
    readBlocks.set(head, read);
  }
  if ("error" in read) {
    // A problem of the YAML text stands at its own row, one of its meaning at the block.
    const line = read.line === undefined ? undefined : lines[Math.min(read.line, lines.length - 1)];
    wrong(read.error, line ?? range);
    return;
  }
  const { schemas: written, ...rest } = read.metadata;
  const schemas: SchemaAnnotation[] = [];
  for (const [key, value] of written) {
    const path = refOf(key);
    const schema = typeof value === "string" ? refOf(value) : undefined;
    if (path === undefined || (path.length === 1 && rootOf(path[0]!) === undefined)) return wrong("invalid document reference");
    if (typeof value === "string") {
      const root = schema?.[0];
      if (schema === undefined || root?.kind !== "var" || root.name !== "schema") return wrong("invalid schema reference");
      schemas.push({ path, schema, definition: undefined });
    } else if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      schemas.push({ path, schema: undefined, definition: value });
    } else return wrong(`invalid schema declaration for path "${key}"`);
  }
  const compile = compileOf(rest.compile);
  if (typeof compile === "string") return wrong(compile);
  const target = targetBelow(head.start);
  let { scope } = rest;
  if (scope === "") {
    if (target?.kind === "rule") scope = rest.entrypoint ? "document" : "rule";
    else scope = target?.kind ?? "";
  }
  const have = target === undefined ? "" : ` (have ${target.kind})`;
  if (scope === "rule" || scope === "document") {
    if (target?.kind !== "rule") misplaced(`annotation scope '${scope}' must be applied to rule${have}`);
  } else if (scope === "package" || scope === "subpackages") {
    if (target?.kind !== "package") misplaced(`annotation scope '${scope}' must be applied to package${have}`);
  } else misplaced(`invalid annotation scope '${scope}'. Use one of 'rule', 'document', 'package', or 'subpackages'`);
  if (rest.entrypoint && scope !== "document" && scope !== "package")
    misplaced(`annotation entrypoint applied to non-document or package scope '${scope}'`);
  all.push({ ...rest, module, range, target, scope, schemas, compile });
}

/** What `compile` names, or why its refs are none. */
function compileOf(written: Metadata["compile"]): Annotations["compile"] | string {
  if (written === undefined) return undefined;
  const unknowns: (readonly Term[])[] = [];
  for (const text of written.unknowns) {
    const term = termOf(text);
    if (typeof term === "string") return `invalid unknowns element ${JSON.stringify(text)}: failed to parse ref: ${term}`;
    if (term.kind !== "ref") return `invalid unknowns element ${JSON.stringify(text)}: expected ref but got ${printTerm(term)}`;
    unknowns.push(term.parts);
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
function targetFinder({ source, rules, lines }: ModuleUnit): (offset: number) => Target | undefined {
  const targets: readonly Target[] = [
    ...(source.package === undefined ? [] : [{ kind: "package", package: source.package, start: source.package.start } as const]),
    ...source.imports.map((item) => ({ kind: "import", import: item, start: item.start }) as const),
    ...rules.map((unit) => ({ kind: "rule", unit, start: unit.source.start }) as const),
  ].sort((a, b) => a.start - b.start);
  let next = 0;
  return (offset) => {
    const below = lines.lineStart(lines.lineOf(offset) + 1);
    while (targets[next] !== undefined && targets[next]!.start < below) next++;
    return targets[next];
  };
}
