// A port for http.send that answers from a list: recorded answers first, then live calls to the hosts that are allowed.

import { parseUri } from "#grammars/text/go-url.ts";
import type { HttpAnswer, HttpRequest } from "./builtins/builtin.ts";

export interface RecordedAnswer {
  readonly method: string;
  readonly url: string;
  /** The body that the request must have; undefined takes any. */
  readonly requestBody?: string;
  readonly answer: HttpAnswer;
}

export interface RecordedOptions {
  readonly answers: readonly RecordedAnswer[];
  /** Hosts without ports that `live` may be asked for; none unless given. */
  readonly allowedHosts?: readonly string[];
  readonly live?: (request: HttpRequest) => HttpAnswer;
}

/** The first recorded answer to the request, else the live one; other hosts are refused in OPA's words. */
export function recordedHttp({ answers, allowedHosts = [], live }: RecordedOptions): (request: HttpRequest) => HttpAnswer {
  return (request) => {
    const body = new TextDecoder().decode(request.body);
    const found = answers.find(
      ({ method, url, requestBody }) =>
        method.toUpperCase() === request.method && url === request.url && (requestBody ?? body) === body,
    );
    if (found !== undefined) return found.answer;
    const parsed = parseUri(request.url);
    const host = "value" in parsed ? parsed.value.host.replace(/:[0-9]*$/u, "") : "";
    if (live === undefined || !allowedHosts.includes(host)) return { kind: "refused", message: `disallowed host: ${host}` };
    return live(request);
  };
}
