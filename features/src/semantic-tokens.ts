// The semantic tokens of a file, by its language.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { hoconTokens } from "./hocon/semantic-tokens.ts";
import { semanticTokensOf } from "./rego/semantic-tokens.ts";
import { linesOf, type SemanticToken } from "./semantic-token.ts";

/** The semantic tokens of any file that touch a range, by its language. */
export function semanticTokensIn(project: Project, file: SourceFile, within?: Range): readonly SemanticToken[] {
  if (file.kind === "rego") return semanticTokensOf(project, file, within);
  if (file.kind !== "hocon") return [];
  const tokens = hoconTokens(file).flatMap((token) => linesOf(token.range, file.text).map((range) => ({ ...token, range })));
  return within === undefined ? tokens : tokens.filter(({ range }) => range.end > within.start && range.start < within.end);
}
