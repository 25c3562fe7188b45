// Errors in the words of OPA's library, which its commands and its builtins print alike.

export interface WordedError {
  /** As `placeText` gives it; undefined for an error of no place. */
  readonly place: string | undefined;
  readonly code: string;
  readonly message: string;
  /** What stands below the message. */
  readonly lines?: readonly string[];
}

/** `file:row`, or `row:col` in a text without a name. */
export function placeText({ file, row, col }: { readonly file: string; readonly row: number; readonly col: number }): string {
  return file === "" ? `${row}:${col}` : `${file}:${row}`;
}

/** `policy.rego:3: rego_parse_error: …`, with the lines below it indented by a tab. */
export function errorText({ place, code, message, lines = [] }: WordedError): string {
  return [`${place === undefined ? "" : `${place}: `}${code}: ${message}`, ...lines].join("\n\t");
}

/** `1 error occurred: …`, or the texts below their count; `when` says when they occurred. */
export function errorList(texts: readonly string[], when = ""): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return `1 error occurred${when}: ${only}`;
  return `${texts.length} errors occurred${when}:\n${texts.join("\n")}`;
}
