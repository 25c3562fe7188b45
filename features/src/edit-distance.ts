// How far apart two words are.

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const change =
        i === 0 ? j : Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : change;
      rows[i]!.push(Math.min(change, swapped));
    }
  }
  return rows[a.length]![b.length]!;
}

/** The names that differ from a wanted one by a letter or two, the closest first, three at most. */
export function closestNames(wanted: string, names: Iterable<string>): readonly string[] {
  // Two single letters have nothing in common.
  const most = wanted.length === 1 ? 0 : Math.min(2, Math.max(1, Math.floor(wanted.length / 3)));
  return [...names]
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ distance }) => distance > 0 && distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}
