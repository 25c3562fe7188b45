// What a handler answers.
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is bytes, text or a stream of texts. */
  readonly body?: unknown;
}
