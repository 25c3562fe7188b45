// Regular expressions in the options of rules, written for Go.

const compiled = new Map<string, RegExp | undefined>();

/** True when the text has a match of the pattern; a pattern that cannot be read matches nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text) ?? false;
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}
