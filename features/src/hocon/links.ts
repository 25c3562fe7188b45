// Links of HOCON: the name of an include opens the file that it found, or the page that it names.
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Link } from "../rego/links.ts";
import { documentOf } from "./document.ts";

export interface FileLink {
  readonly range: { readonly start: number; readonly end: number };
  readonly file: string;
  readonly tooltip: string;
}

/** One link per include statement of the file itself, to the heaviest file that it found; an address on the network is one itself. */
export function includeLinks(project: Project, file: SourceFile): readonly (FileLink | Link)[] {
  return documentOf(project, file).resolved.includes.flatMap(({ source, node, found }): readonly (FileLink | Link)[] => {
    const [first] = found;
    if (node.target === undefined || source.file !== file.path) return [];
    if (first === undefined) {
      const isPage = node.form === "url" && node.name !== undefined && /^https?:\/\/\S+$/u.test(node.name);
      return isPage ? [{ range: node.target, target: node.name, tooltip: "Open in the browser" }] : [];
    }
    return [{ range: node.target, file: first.file, tooltip: `Open ${relative(project.root, first.file)}` }];
  });
}
