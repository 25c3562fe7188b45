// The resolved JSON of a HOCON file, with the place that each line's value was written at.
import { type ConfigValue, toJsonText } from "#analysis/hocon/resolve.ts";
import { renderElement } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { assignmentsTo } from "./provenance.ts";

export interface PreviewOrigin {
  /** As HOCON writes paths, with `[n]` for elements of lists. */
  readonly path: string;
  /** Line of the JSON text, from 0. */
  readonly line: number;
  readonly file: string;
  readonly range: Range;
  /** Earlier assignments of the path, which this one hides or merges over. */
  readonly overrides: readonly { readonly file: string; readonly range: Range }[];
}

export interface Preview {
  /** Indented JSON; undefined when nothing could be resolved. */
  readonly json: string | undefined;
  readonly origins: readonly PreviewOrigin[];
}

/** The value of a file with a profile, line by line with its origins. Values of the environment have none. */
export function previewOf(project: Project, file: SourceFile, profile: string | undefined): Preview {
  const { json, value: root, resolved } = project.inputs.resolveHocon(file, profile);
  if (json === undefined) return { json: undefined, origins: [] };
  const origins: PreviewOrigin[] = [];
  let line = 0;
  const visit = (value: ConfigValue, path: readonly string[], shown: string): void => {
    const { source, start, end } = value;
    if (path.length > 0 && source.parsed !== undefined) {
      const overrides = assignmentsTo(resolved, path)
        .slice(0, -1)
        .map((item) => ({ file: item.source.file, range: { start: item.start, end: item.end } }));
      origins.push({ path: shown, line, file: source.file, range: { start, end }, overrides });
    }
    const children: readonly (readonly [string, ConfigValue, string])[] =
      value.kind === "object"
        ? [...value.fields].map(([key, field]) => [key, field, joined(shown, renderElement(key))] as const)
        : value.kind === "array"
          ? value.items.map((item, index) => [String(index), item, `${shown}[${index}]`] as const)
          : [];
    for (const [key, child, name] of children) {
      line += 1;
      visit(child, [...path, key], name);
    }
    if (children.length > 0) line += 1;
  };
  visit(root, [], "");
  return { json: toJsonText(root, { indent: 2 }), origins };
}

function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
