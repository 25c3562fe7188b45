// What is wrong with what the settings name.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { readDocument } from "./documents.ts";
import type { Schemas } from "./schemas.ts";

/** A setting that names what is not there, told where the reader will see it. */
export function settingProblem(file: string, message: string): Diagnostic {
  return { file, range: { start: 0, end: 0 }, severity: "error", code: "rw_config_error", message };
}

/** A folder of schemas that is not there, told at `file`, and what is wrong with the text of a schema. */
export function schemaProblems(schemas: Schemas | undefined, file: string): readonly Diagnostic[] {
  if (schemas === undefined) return [];
  const { files, problem } = schemas;
  const told = problem === undefined ? [] : [settingProblem(file, problem)];
  return [...told, ...[...files.values()].flatMap((one) => readDocument(one).diagnostics)];
}
