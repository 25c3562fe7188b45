export declare function readOptions(args: readonly string[]): {
  readonly once: boolean;
  readonly listen: string;
  readonly data: string;
};
