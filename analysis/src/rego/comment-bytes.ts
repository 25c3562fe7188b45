// The text of a comment as OPA holds it: one that ends the file lacks what its last character has beside its first byte.
import type { Comment } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { cutToFirstByte } from "#grammars/text/broken-bytes.ts";

/** The text behind the `#`; `source` is the file's. */
export function bytesOfComment({ text, end }: Comment, source: string): string {
  return end === source.length ? cutToFirstByte(text) : text;
}

/** The module with its comments as OPA holds them. */
export function withBytesOfComments(parsed: ParsedModule): ParsedModule {
  const { text, module } = parsed;
  const last = module.comments.at(-1);
  if (last?.end !== text.length) return parsed;
  const comments = [...module.comments.slice(0, -1), { ...last, text: bytesOfComment(last, text) }];
  return { ...parsed, module: { ...module, comments } };
}
