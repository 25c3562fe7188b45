// What completion knows of the place where something is typed.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type DeclaredSchema, schemasAt } from "../declared-schemas.ts";
import { pathOfName } from "../local-origins.ts";
import type { ProjectNames } from "../project-names.ts";
import { recoveredModule } from "../recovered.ts";
import type { Inside } from "./inside.ts";
import type { Around } from "./read-around.ts";

export interface CompletionOptions {
  readonly autoImport: boolean;
}

export interface Context {
  readonly project: Project;
  readonly file: SourceFile;
  readonly names: ProjectNames;
  readonly offset: number;
  /** The text of the line up to the cursor. */
  readonly line: string;
  /** The start of a word that is being typed. */
  readonly word: string;
  /** The module and its names with the place of typing mended away. */
  readonly around: Around;
  readonly inside: Inside;
  readonly options: CompletionOptions;
}

/** The path of a reference as written; `*` stands for keys that variables choose. */
export function pathOfWritten({ around, offset }: Context, written: string): readonly string[] | undefined {
  const [head, ...rest] = written
    .replaceAll(/\["([^"\]]*)"\]/gu, ".$1")
    .replaceAll(/\[[^\]]*\]/gu, ".*")
    .split(".");
  const start = pathOfName(head!, offset, around.parsed.module, around.names);
  return start === undefined ? undefined : [...start, ...rest];
}

export const schemasOf = ({ project, file, offset }: Context): readonly DeclaredSchema[] =>
  schemasAt(project, recoveredModule(project.parsed(file)), file.text, offset);
