// Hover: signature, documentation, where a name comes from, keys of samples, keywords.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { dataValue, inputValues } from "../input-shape.ts";
import { descriptionOf, schemaAt, typeOf, valuesAt } from "../json-schema.ts";
import { type LastDecision, lastDecisionMarkdown } from "../last-decision.ts";
import { useInPolicy } from "../roles/role-uses.ts";
import { useMarkdown } from "../roles/role-words.ts";
import { schemaOfSamples } from "../schema/project-schema.ts";
import { type Documentation, documentationAbove } from "./annotations.ts";
import { findBuiltin, markdownOf, pageOf } from "./builtin-docs.ts";
import { below, schemasAt } from "./declared-schemas.ts";
import { keywordDoc } from "./keyword-docs.ts";
import { originOf } from "./local-origins.ts";
import { memberKeyAt } from "./member-keys.ts";
import { metadataDocs } from "./metadata-docs.ts";
import { numberHover } from "./number-hover.ts";
import { type Declared, namesOf, type ProjectNames } from "./project-names.ts";
import { recoveredModule } from "./recovered.ts";
import { typeAt } from "./rule-types.ts";

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

/** What the editor says about the thing at an offset. `lastDecision` knows what a rule decided last. */
export function hoverAt(
  project: Project,
  file: SourceFile,
  offset: number,
  lastDecision: (path: string) => LastDecision | undefined = () => undefined,
): Hover | undefined {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence === undefined)
    return (
      metadataHover(project, file, offset) ??
      memberHover(project, names, file, offset) ??
      roleHover(project, file, offset) ??
      wordHover(project, file, offset)
    );
  const { range, meaning } = occurrence;
  switch (meaning.kind) {
    case "builtin": {
      const row = findBuiltin(meaning.name);
      return row === undefined ? undefined : { range, markdown: `### [${row.name}](${pageOf(row)})\n\n${markdownOf(row)}` };
    }
    case "local": {
      const role = {
        argument: "argument",
        some: "variable of `some`",
        assign: "local variable",
        every: "variable of `every`",
        output: "variable",
      };
      const { path, type } = originOf(recoveredModule(project.parsed(file)), names.names(file), meaning);
      const shown = type === undefined ? meaning.name : `${meaning.name}: ${type}`;
      const parts = [`\`\`\`rego\n${shown}\n\`\`\``, role[meaning.role]];
      if (path !== undefined) parts.push(`from \`${path.join(".").replaceAll(".*", "[_]")}\``, ...valueLines(project, path));
      return { range, markdown: parts.join("\n\n") };
    }
    case "place": {
      const target = names.targetOf(file, occurrence);
      if (target.kind === "rule")
        return { range, markdown: ruleMarkdown(project, names, target.path, lastDecision(target.path)) };
      if (target.kind === "package") return { range, markdown: packageMarkdown(project, names, target.path) };
      const parts = [placeMarkdown(project, names, meaning.path), ...schemaLines(project, file, offset, meaning.path)];
      return { range, markdown: parts.join("\n\n") };
    }
  }
}

/** What the schemas that hold there say of a path. */
function schemaLines(project: Project, file: SourceFile, offset: number, path: readonly string[]): readonly string[] {
  for (const declared of schemasAt(project, recoveredModule(project.parsed(file)), file.text, offset)) {
    const rest = below(declared, path);
    const schema = rest === undefined || path.length < 2 ? undefined : schemaAt(declared.schema, rest);
    if (schema === undefined || rest === undefined) continue;
    const values = valuesAt(declared.schema, rest).map((value) => `\`${JSON.stringify(value)}\``);
    const allowed = values.length === 0 ? "" : `, one of ${values.slice(0, 10).join(", ")}${values.length > 10 ? ", …" : ""}`;
    return [`By the schema: \`${typeOf(schema)}\`${allowed}`, descriptionOf(schema)].filter((line) => line !== "");
  }
  return sampleLines(project, path);
}

/** What all samples have in common at a path, beside their values: an enumeration, a format. */
function sampleLines(project: Project, path: readonly string[]): readonly string[] {
  if (path[0] !== "input" || path.length < 2 || project.inputs.samples.length === 0) return [];
  const schema = schemaAt(schemaOfSamples(project), path.slice(1));
  const { enum: values, format } = schema ?? {};
  if (Array.isArray(values))
    return [`By the samples: one of ${values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")}`];
  return typeof format === "string" ? [`By the samples: \`${format}\``] : [];
}

/** A key of METADATA. */
function metadataHover(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const { comments } = project.parsed(file).module;
  const at = comments.findIndex(({ start, end }) => start <= offset && offset <= end);
  const comment = comments[at];
  if (comment === undefined) return undefined;
  const [, before = "", key = ""] = /^(#\s*)(\w+):/u.exec(file.text.slice(comment.start, comment.end)) ?? [];
  const range = { start: comment.start + before.length, end: comment.start + before.length + key.length };
  const doc = Object.hasOwn(metadataDocs, key) ? metadataDocs[key] : undefined;
  if (doc === undefined || offset < range.start || range.end < offset || !isInMetadata(file.text, comments, at)) return undefined;
  return { range, markdown: `### ${key}\n\n${doc}` };
}

/** True when the comments right above, line by line, begin with `# METADATA`. */
function isInMetadata(text: string, comments: readonly Range[], from: number): boolean {
  for (let at = from; at >= 0; at--) {
    const { start, end } = comments[at]!;
    if (/^#\s*METADATA\s*$/u.test(text.slice(start, end).trim())) return true;
    const above = comments[at - 1];
    if (above === undefined || text.slice(above.end, start).split("\n").length !== 2) return false;
  }
  return false;
}

/** A key behind a variable whose value comes from the input or the data: `price` of `item.price`. */
function memberHover(project: Project, names: ProjectNames, file: SourceFile, offset: number): Hover | undefined {
  const key = memberKeyAt(project, names, file, offset);
  if (key === undefined) return undefined;
  const shown = key.path.join(".").replaceAll(".*", "[_]");
  return { range: key.range, markdown: [`\`\`\`rego\n${shown}\n\`\`\``, ...valueLines(project, key.path)].join("\n\n") };
}

/** A role, an action, a resource or somebody, where the library of roles is asked. */
function roleHover(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const use = useInPolicy(project, file, offset);
  const markdown = use === undefined ? undefined : useMarkdown(project, use);
  return use === undefined || markdown === undefined ? undefined : { range: use.range, markdown };
}

function wordHover(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const token = project
    .parsed(file)
    .tokens.find(
      (item) =>
        item.startOffset <= offset &&
        offset <= item.startOffset + item.image.length &&
        /^(?:[a-z]+|[:=!<>]=|[=|&+\-*/%<>])$/u.test(item.image),
    );
  const special = numberHover(project, file, offset) ?? dialectImport(project, file, offset);
  if (special !== undefined) return special;
  const doc = token === undefined ? undefined : keywordDoc(token.image);
  if (token === undefined || doc === undefined) return undefined;
  return {
    range: { start: token.startOffset, end: token.startOffset + token.image.length },
    markdown: `### ${token.image}\n\n${doc}`,
  };
}

/** `import rego.v1` and `import future.keywords.in`: what they were for. */
function dialectImport(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const found = project.parsed(file).module.imports.find(({ path }) => path.start <= offset && offset <= path.end);
  if (found === undefined) return undefined;
  const { path } = found;
  const written = file.text.slice(path.start, path.end);
  const doc = /^rego\.v1$/u.test(written)
    ? "The file is Rego v1 also for OPA before 1.0; later versions read every file so."
    : /^future\.keywords(?:\.\w+)?$/u.test(written)
      ? "Gives OPA before 1.0 the keywords `if`, `contains`, `in` and `every`, or the one that is named; Rego v1 has them all."
      : undefined;
  return doc === undefined ? undefined : { range: path, markdown: `### ${written}\n\n${doc}` };
}

/** The heads of a rule's clauses, as written. */
export function headsOf(clauses: readonly Declared[]): readonly string[] {
  return clauses.map(({ file, rule }) => {
    const head = file.text.slice(rule.head.start, rule.head.end).replaceAll(/\s+/gu, " ");
    return rule.default && !head.startsWith("default") ? `default ${head}` : head;
  });
}

/** What the editor says about a rule. */
export function ruleMarkdown(project: Project, names: ProjectNames, path: string, last: LastDecision | undefined): string {
  const clauses = names.rule(path);
  const heads = [...new Set(headsOf(clauses))];
  const shown = heads.slice(0, 5).join("\n") + (heads.length > 5 ? `\n# and ${heads.length - 5} more clauses` : "");
  const type = typeAt(project, path.split("."));
  const isFunction = clauses[0]!.rule.head.args !== undefined;
  const told = type === undefined ? "" : isFunction ? `, gives \`${type}\`` : `, type \`${type}\``;
  const parts = [`\`\`\`rego\n${shown}\n\`\`\``, `\`${path}\`${told}`];
  for (const clause of clauses) {
    const docs = documentationAbove(project.parsed(clause.file).module, clause.file.text, clause.rule);
    if (docs !== undefined) {
      parts.push(documentationMarkdown(docs));
      break;
    }
  }
  if (last !== undefined) parts.push(lastDecisionMarkdown(last));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Whole numbers of YAML are read exactly. */
const plainNumbers = (_: string, value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);

/** METADATA as Markdown. */
export function documentationMarkdown(docs: Documentation): string {
  const parts: string[] = [];
  if (docs.title !== undefined) parts.push(`**${docs.title}**`);
  if (docs.description !== undefined) parts.push(docs.description);
  if (docs.related.length > 0)
    parts.push(docs.related.map(({ ref, description }) => `- [${description ?? ref}](${ref})`).join("\n"));
  if (docs.authors.length > 0) parts.push(`Authors: ${docs.authors.join(", ")}`);
  if (docs.organizations.length > 0) parts.push(`Organizations: ${docs.organizations.join(", ")}`);
  for (const [key, value] of Object.entries(docs.custom))
    parts.push(`${key}: ${typeof value === "string" ? value : (JSON.stringify(value, plainNumbers) ?? "")}`);
  if (docs.entrypoint) parts.push("*entrypoint*");
  return parts.join("\n\n");
}

function packageMarkdown(project: Project, names: ProjectNames, path: string): string {
  const parts = [`\`\`\`rego\npackage ${path.slice("data.".length)}\n\`\`\``, `\`${path}\``];
  for (const file of names.filesOfPackage(path)) {
    const { module } = project.parsed(file);
    const docs = module.package && documentationAbove(module, file.text, module.package);
    if (docs?.metadata === true) parts.push(documentationMarkdown(docs));
  }
  return [...parts, ...rulesBelow(names, path)].join("\n\n");
}

/** What rules a package, or the first keys of rules, has. */
function rulesBelow(names: ProjectNames, path: string): readonly string[] {
  const rules = [...names.rules.keys()]
    .filter((rule) => rule.startsWith(`${path}.`))
    .map((rule) => `\`${rule.slice(path.length + 1)}\``);
  return rules.length === 0 ? [] : [`Rules: ${rules.slice(0, 20).join(", ")}${rules.length > 20 ? ", …" : ""}`];
}

function placeMarkdown(project: Project, names: ProjectNames, path: readonly string[]): string {
  const parts = [`\`\`\`rego\n${path.join(".")}\n\`\`\``];
  const behind = names.ruleBehind(path);
  const below = [...names.packages].filter((one) => one.startsWith(`${path.join(".")}.`));
  if (path.length === 1) parts.push(keywordDoc(path[0]!) ?? "");
  else if (path[0] === "input") parts.push(...valueLines(project, path));
  else if (behind !== undefined) {
    const type = typeAt(project, path);
    parts.push(`in the value of \`${behind}\`${type === undefined ? "" : `, type \`${type}\``}`);
  } else if (below.length > 0) {
    parts.push(
      `Packages: ${below
        .slice(0, 20)
        .map((one) => `\`${one.slice("data.".length)}\``)
        .join(", ")}`,
    );
    parts.push(...valueLines(project, path));
  } else {
    const rules = rulesBelow(names, path.join("."));
    parts.push(...(rules.length > 0 ? rules : ["base document"]), ...valueLines(project, path));
  }
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What stands at a path in the samples, or in the data files. */
function valueLines(project: Project, path: readonly string[]): readonly string[] {
  if (path.length < 2) return [];
  if (path[0] === "data") {
    const value = dataValue(project, path.slice(1));
    return value === undefined ? [] : [`Value: \`${value}\``];
  }
  const values = inputValues(project, path.slice(1));
  const total = project.inputs.samples.length;
  if (total === 0) return [];
  return [`In ${values.length} of ${total} samples`, ...values.slice(0, 6).map(({ sample, text }) => `- ${sample}: \`${text}\``)];
}
