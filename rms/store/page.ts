// A part of a list: keyset pages stay right while others write.

export interface Page<Key extends string | number> {
  /** The key of the last item that the reader has; undefined starts at the front. */
  readonly after?: Key | undefined;
  readonly limit: number;
}
