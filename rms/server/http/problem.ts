// Answers to wrong requests: RFC 9457 problem details with a stable code.
import type { Answer } from "./answer.ts";

export interface ProblemError {
  readonly file?: string;
  readonly pointer?: string;
  readonly row?: number;
  readonly col?: number;
  readonly code: string;
  readonly message: string;
}

/** Thrown by handlers; the router turns it into `application/problem+json`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly ProblemError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: { readonly errors?: readonly ProblemError[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** What a client gets; `instance` is the request's id. */
export function problemAnswer({ status, code, title, message, errors, headers }: Problem, instance: string): Answer {
  const more = errors === undefined ? {} : { errors };
  return {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
    body: { type: `urn:rms:${code}`, title, status, detail: message, instance, ...more },
  };
}

export const notFound = (): Problem =>
  new Problem(404, "not-found", "Not found", "There is no such thing, or you have no right to see it.");
export const invalid = (detail: string, errors?: readonly ProblemError[]): Problem =>
  new Problem(422, "invalid", "The request cannot be taken", detail, errors === undefined ? {} : { errors });
/** 422 for one member of the body. */
export const invalidMember = (name: string, message: string): Problem =>
  invalid(`${name} ${message}.`, [{ pointer: `/${name}`, code: "rms_shape", message }]);
export const conflict = (detail: string): Problem => new Problem(409, "conflict", "Conflict", detail);
export const forbidden = (scope: string): Problem =>
  new Problem(403, "forbidden", "Not allowed", `The token lacks the scope ${scope}.`);
export const unauthorized = (): Problem =>
  new Problem(401, "unauthorized", "Not signed in", "A valid bearer token is needed.", {
    headers: { "WWW-Authenticate": "Bearer" },
  });
