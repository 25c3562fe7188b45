// LSP's shapes as Monaco's, and back: lines and characters from 0 there, from 1 here.
import type * as Monaco from "monaco-editor/editor";
import type { Command, MarkupContent, Position, Range, TextEdit } from "vscode-languageserver";

export const positionOf = ({ lineNumber, column }: Monaco.IPosition): Position => ({
  line: lineNumber - 1,
  character: column - 1,
});

export const rangeOf = (range: Monaco.IRange): Range => ({
  start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
  end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
});

export const shownPosition = ({ line, character }: Position): Monaco.IPosition => ({
  lineNumber: line + 1,
  column: character + 1,
});

export const shownRange = ({ start, end }: Range): Monaco.IRange => ({
  startLineNumber: start.line + 1,
  startColumn: start.character + 1,
  endLineNumber: end.line + 1,
  endColumn: end.character + 1,
});

export const shownEdit = ({ range, newText }: TextEdit): Monaco.languages.TextEdit => ({
  range: shownRange(range),
  text: newText,
});

export const shownCommand = ({ command, title, arguments: given }: Command): Monaco.languages.Command => ({
  id: command,
  title,
  ...(given === undefined ? {} : { arguments: given }),
});

/** Documentation: Markdown is shown as such, and never runs commands or HTML. */
export function shownText(text: string | MarkupContent): string | Monaco.IMarkdownString {
  if (typeof text === "string") return text;
  return text.kind === "markdown" ? { value: text.value } : text.value;
}
