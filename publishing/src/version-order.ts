// The order of versions, as semver has it.

/** True for a version that comes before another; names that are no versions have no order. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [partsOf(version), partsOf(than)];
  return left !== undefined && right !== undefined && compare(left, right) < 0;
}

/** True for what RMS takes as a version. */
export const isVersion = (text: string): boolean => partsOf(text) !== undefined;

interface Parts {
  readonly numbers: readonly bigint[];
  /** What follows a hyphen; a version without it comes after all that have it. */
  readonly before: readonly string[];
}

function partsOf(version: string): Parts | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/u.exec(version);
  if (found === null) return undefined;
  return { numbers: found.slice(1, 4).map((part) => BigInt(part!)), before: found[4]?.split(".") ?? [] };
}

function compare(left: Parts, right: Parts): number {
  for (const [at, number] of left.numbers.entries()) {
    const other = right.numbers[at]!;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (left.before.length === 0 || right.before.length === 0) return right.before.length - left.before.length;
  for (const [at, part] of left.before.entries()) {
    const other = right.before[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [number, second] = [part, other].map((one) => (/^\d+$/u.test(one) ? BigInt(one) : undefined));
    if (number !== undefined && second !== undefined) return number < second ? -1 : 1;
    if (number !== undefined || second !== undefined) return number !== undefined ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return left.before.length - right.before.length;
}
