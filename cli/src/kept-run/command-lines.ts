// Which command lines can be kept.

/** What these commands say and write follows from files and the environment alone, unless they say that it may vary. */
const followsFromFiles: ReadonlySet<string> = new Set(["build", "check", "deps", "fmt", "inspect", "lint", "parse", "test"]);

/** Flags with keys: nothing that could be a secret is kept, not even as a hash. */
const namesKey = /^--?(?:signing|verification)-/u;

export function canBeKept(args: readonly string[]): boolean {
  return followsFromFiles.has(args[0] ?? "") && !args.some((arg) => namesKey.test(arg));
}
