// Links of HOCON: the name of an include opens the files that it found.

import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentOf } from "./document.ts";

export interface FileLink {
  readonly range: { readonly start: number; readonly end: number };
  readonly file: string;
  readonly tooltip: string;
}

/** One link per include statement of the file itself, to the heaviest file that it found. */
export function includeLinks(project: Project, file: SourceFile): readonly FileLink[] {
  return documentOf(project, file).resolved.includes.flatMap(({ source, node, found }) => {
    const [first] = found;
    if (first === undefined || node.target === undefined || source.file !== file.path) return [];
    return [{ range: node.target, file: first.file, tooltip: `Open ${relative(project.root, first.file)}` }];
  });
}
