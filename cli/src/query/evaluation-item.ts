// An error of an evaluation as an item of a report.
import { walkBody } from "#analysis/rego/tree/walk.ts";
import type { EvaluationError } from "#evaluation/instance.ts";
import { writtenText } from "#evaluation/written-text.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { ErrorItem } from "../errors.ts";

/** In the query its place is named by what stands there. */
export function evaluationItem({ code, message, place }: EvaluationError, query = ""): ErrorItem {
  if (place === undefined) return { message, code };
  const item: ErrorItem = { message, code, location: place };
  const text = place.file === "" ? writtenAt(query, place, message) : undefined;
  return text === undefined ? item : { ...item, place: text };
}

/** The text at a place of the query: that of the call of the builtin that the message begins with, else that of the shortest term, else that of the expression. */
function writtenAt(query: string, place: { readonly row: number; readonly col: number }, message: string): string | undefined {
  const lines = new LineIndex(query);
  const found: { readonly text: string; readonly name: string | undefined }[] = [];
  let whole: string | undefined;
  walkBody(parseQuery(query, { file: "" }).body, (node) => {
    const { row, col } = lines.rowCol(node.start);
    if (!("kind" in node) || row !== place.row || col !== place.col) return undefined;
    if (node.kind === "expr") {
      whole ??= query.slice(node.start, node.end);
      return undefined;
    }
    const name = node.kind === "call" ? printRef(node.operator.parts) : undefined;
    found.push({ text: writtenText(query, node), name });
    return undefined;
  });
  const called = found.find(({ name }) => name !== undefined && message.startsWith(`${name}: `));
  return (called ?? found.find(({ name }) => name !== undefined) ?? found.at(-1))?.text ?? whole;
}
