// Which published decisions get another name with the thing under the cursor: who asks for the old one gets undefined.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { namesOf } from "./project-names.ts";

/** Entrypoints, as `data.storage.allow`, that are or lie below what is renamed at an offset; none where the project is not published. */
export function entrypointsRenamedAt(project: Project, file: SourceFile, offset: number): readonly string[] {
  if (project.config.rms.domain === undefined) return [];
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence === undefined || occurrence.alias === true) return [];
  const target = names.targetOf(file, occurrence);
  if (target.kind === "local" || target.kind === "builtin") return [];
  const path = target.kind === "document" ? target.path.join(".") : target.path;
  return project.entrypoints.filter((entrypoint) => entrypoint === path || entrypoint.startsWith(`${path}.`));
}
