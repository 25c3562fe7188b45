// Hover of HOCON: the resolved value, where it comes from and what it overrides, units in plain words, the comment above.
import { type ConfigValue, toJsonText } from "#analysis/hocon/resolve.ts";
import { describeDuration, describeSize, readDuration, readSize } from "#analysis/hocon/units.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { schemaDescription } from "../input-schema.ts";
import type { Hover } from "../rego/hover.ts";
import { knownRoles } from "../roles/known-roles.ts";
import { inputKind } from "../roles/role-uses.ts";
import { useMarkdown } from "../roles/role-words.ts";
import { documentOf, type Pointed, pointedAt } from "./document.ts";
import { assignmentsTo, placeName, valueAt } from "./provenance.ts";
import { useAt } from "./tree.ts";

/** What is known about the key, substitution or include at an offset. */
export function hoconHover(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const use = useAt(parsedHocon(file), offset);
  if (use?.kind === "include") {
    const { includes } = documentOf(project, file).resolved;
    const record = includes.find(({ node }) => node.start === use.node.start && node.name === use.node.name);
    const found = (record?.found ?? []).map((source) => `\`${relative(project.root, source.file)}\``);
    return { range: use.range, markdown: found.length === 0 ? "no such file" : `includes ${found.join(", ")}` };
  }
  const pointed = pointedAt(project, file, offset);
  const best = pointed.find(({ document, path }) => valueAt(document.resolved.value, path) !== undefined) ?? pointed[0];
  if (best === undefined) return roleHover(project, file, offset);
  const parts = [`\`\`\`hocon\n${renderPath(best.path)}\n\`\`\``, ...valueParts(project, best)];
  if (best.occurrence.kind === "substitution" && best.occurrence.last) parts.push(...environmentParts(project, best));
  const description = schemaDescription(project, best.document.file, best.path);
  if (description !== "") parts.push(description);
  const { field } = best.occurrence;
  const comment = field === undefined ? "" : commentAbove(file.text, field.start);
  if (comment !== "") parts.push(comment);
  return { range: best.occurrence.range, markdown: parts.join("\n\n") };
}

/** A text that stands for a role, an action, a resource or somebody: by what policies hand to the library, or as a role is called. */
function roleHover(project: Project, file: SourceFile, offset: number): Hover | undefined {
  const found = textAt(documentOf(project, file).resolved.value, file.path, offset);
  if (found === undefined) return undefined;
  const { path, text, range } = found;
  const kind = inputKind(project, path) ?? (knownRoles(project)?.roles.has(text) ? "role" : undefined);
  const markdown = kind === undefined ? undefined : useMarkdown(project, { kind, text });
  return markdown === undefined ? undefined : { range, markdown };
}

interface WrittenText {
  readonly path: readonly string[];
  readonly text: string;
  readonly range: Range;
}

/** The text that a file writes at an offset. */
function textAt(value: ConfigValue, file: string, offset: number, path: readonly string[] = []): WrittenText | undefined {
  const within = (one: ConfigValue, key: string): WrittenText | undefined => textAt(one, file, offset, [...path, key]);
  switch (value.kind) {
    case "object":
      return firstOf(value.fields, ([key, one]) => within(one, key));
    case "array":
      return firstOf(value.items.entries(), ([at, one]) => within(one, String(at)));
    case "string": {
      const { source, start, end, text } = value;
      return source.file === file && start <= offset && offset <= end ? { path, text, range: { start, end } } : undefined;
    }
    case "number":
    case "boolean":
    case "null":
      return undefined;
  }
}

function firstOf<T, Found>(items: Iterable<T>, find: (item: T) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueParts(project: Project, { document, path }: Pointed): readonly string[] {
  const { resolved } = document;
  const value = valueAt(resolved.value, path);
  if (value === undefined) return ["no value"];
  const parts = [`\`\`\`json\n${shorten(toJsonText(value, { indent: 2 }))}\n\`\`\``];
  const assignments = assignmentsTo(resolved, path);
  const place = (source: (typeof assignments)[number]["source"], at: number) => `\`${placeName(project.root, source, at)}\``;
  const origin = value.source.parsed === undefined ? "the environment" : place(value.source, value.start);
  const winner = assignments.at(-1);
  const elsewhere = winner !== undefined && (winner.source !== value.source || !holds(winner.field, value));
  const set = elsewhere ? `, set at ${place(winner.source, winner.start)}` : "";
  parts.push(`${value.kind}, from ${origin}${set}`);
  const earlier = assignments.slice(0, -1).map((item) => place(item.source, item.start));
  if (earlier.length > 0) parts.push(`${value.kind === "object" ? "merged over" : "overrides"} ${earlier.join(", ")}`);
  if (value.kind === "string" || value.kind === "number") parts.push(...unitParts(value.text, value.kind === "string"));
  return parts;
}

function holds(outer: { readonly start: number; readonly end: number }, inner: { readonly start: number }): boolean {
  return outer.start <= inner.start && inner.start < outer.end;
}

/** What a typed read would make of a text such as `90m` or `10MiB`; bare numbers say nothing. */
function unitParts(text: string, isString: boolean): readonly string[] {
  if (!isString || !/^\s*[+-]?[\d.]+\s*[a-zA-Z]+\s*$/u.test(text)) return [];
  const duration = readDuration(text).value;
  const size = readSize(text).value;
  return [
    ...(duration === undefined ? [] : [`read as a duration: ${describeDuration(duration)}`]),
    ...(size === undefined ? [] : [`read as a size: ${describeSize(size)}`]),
  ];
}

function environmentParts(project: Project, { occurrence, document, path }: Pointed): readonly string[] {
  const name = occurrence.substitution!.path.join(".");
  if (assignmentsTo(document.resolved, path).length > 0) return [];
  const setters = project.config.profiles.filter(({ env }) => env[name] !== undefined);
  if (setters.length === 0) return [`no profile sets the variable \`${name}\``];
  return [setters.map((profile) => `profile \`${profile.name}\` sets \`${name}\` to \`${profile.env[name]}\``).join(", ")];
}

function shorten(json: string): string {
  const lines = json.split("\n");
  return lines.length > 20 ? `${lines.slice(0, 20).join("\n")}\n…` : json;
}

function commentAbove(text: string, offset: number): string {
  const lines = text
    .slice(0, text.lastIndexOf("\n", offset - 1) + 1)
    .split("\n")
    .slice(0, -1)
    .reverse();
  const found: string[] = [];
  for (const line of lines) {
    const match = /^\s*(?:#|\/\/)\s?(.*)$/u.exec(line);
    if (match === null) break;
    found.unshift(match[1]!);
  }
  return found.join("\n");
}
