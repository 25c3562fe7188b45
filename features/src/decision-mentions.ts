// Where a rule is named as a decision outside of policies: the `entrypoints` of `rw.conf`, and the expected decisions beside samples.
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface Mention {
  readonly file: string;
  /** The name of the rule, the last part of its path. */
  readonly range: Range;
}

/** The mentions of a rule, `data.policy.allow`. */
export function mentionsOf(project: Project, path: string): readonly Mention[] {
  const config = project.find(resolve(project.root, "rw.conf"));
  const found = config === undefined ? [] : inEntrypoints(config, path);
  const seen = new Set<string>();
  for (const sample of project.samples) {
    const { expected } = sample;
    if (expected === undefined || seen.has(expected.path)) continue;
    seen.add(expected.path);
    for (const { query, range } of project.expectationsOf(sample).expectations)
      if (query === path) found.push(lastPart(expected, range));
  }
  return found;
}

/** `policy/allow` and `data.policy.allow` in the list. */
function inEntrypoints(config: SourceFile, path: string): Mention[] {
  const { body } = parsedHocon(config).tree;
  if (body.kind !== "object") return [];
  const found: Mention[] = [];
  for (const member of body.members) {
    if (member.kind !== "field" || member.key.path.join(".") !== "entrypoints" || member.value === undefined) continue;
    const { start, end } = member.value;
    for (const written of config.text.slice(start, end).matchAll(/[\w./-]+/gu)) {
      const name = written[0].startsWith("data.") ? written[0] : `data.${written[0].replaceAll("/", ".")}`;
      const from = start + written.index;
      if (name === path) found.push(lastPart(config, { start: from, end: from + written[0].length }));
    }
  }
  return found;
}

function lastPart(file: SourceFile, { start, end }: Range): Mention {
  const name = /\w+(?=\W*$)/u.exec(file.text.slice(start, end));
  if (name === null) return { file: file.path, range: { start, end } };
  return { file: file.path, range: { start: start + name.index, end: start + name.index + name[0].length } };
}
