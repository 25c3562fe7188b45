// Answers to requests of http.send from a list: the first whose request fits.

import type { HttpAnswer, HttpRequest } from "./builtins/builtin.ts";
import { readJsonText } from "./json-text.ts";
import { compareValues } from "./value.ts";

export interface RecordedAnswer {
  readonly method: string;
  readonly url: string;
  /** Headers that the request must have, whatever others there are; names in any letters. */
  readonly headers?: readonly (readonly [string, string])[];
  /** The body that the request must have, as it is sent; undefined takes any. JSON is compared by its value. */
  readonly requestBody?: string;
  readonly answer: HttpAnswer;
}

/** The first recorded answer to the request. */
export function recordedAnswer(answers: readonly RecordedAnswer[], request: HttpRequest): HttpAnswer | undefined {
  const method = request.method || "GET";
  const body = new TextDecoder().decode(request.body);
  return answers.find(
    (one) =>
      one.method.toUpperCase() === method &&
      one.url === request.url &&
      (one.headers ?? []).every((header) => hasHeader(request, header)) &&
      (one.requestBody === undefined || isSameBody(one.requestBody, body)),
  )?.answer;
}

function hasHeader({ headers }: HttpRequest, [name, value]: readonly [string, string]): boolean {
  return headers.some(([other, text]) => other.toLowerCase() === name.toLowerCase() && text === value);
}

function isSameBody(wanted: string, sent: string): boolean {
  if (wanted === sent) return true;
  const [one, other] = [readJsonText(wanted), readJsonText(sent)];
  return "value" in one && "value" in other && compareValues(one.value, other.value) === 0;
}
