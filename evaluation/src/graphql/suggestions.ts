// "Did you mean": names that are close to a wrong one.

/** Those within a distance that grows with the length, the closest first. */
export function similarNames(typed: string, names: readonly string[]): readonly string[] {
  const threshold = Math.max(Math.floor(new TextEncoder().encode(typed).length * 0.4) + 1, 1);
  return names
    .map((name) => ({ name, distance: distance(typed, name) }))
    .filter((one) => one.distance <= threshold)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}

/** A sentence with a space before it, or nothing. */
export function suggestion(prefix: string, names: readonly string[]): string {
  return names.length === 0 ? "" : ` ${prefix} ${orList(names)}?`;
}

export function quoted(names: readonly string[]): readonly string[] {
  return names.map((name) => `"${name}"`);
}

/** `a`, `a or b`, `a, b, or c`: five at most. */
function orList(names: readonly string[]): string {
  const items = names.slice(0, 5);
  if (items.length === 2) return `${items[0]} or ${items[1]}`;
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")}, or ${items.at(-1)}`;
}

function distance(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a.toLowerCase()];
  const right = [...b.toLowerCase()];
  if (left.join("") === right.join("")) return 1;
  let row = right.map((_, at) => at + 1);
  row.unshift(0);
  for (const [at, char] of left.entries()) {
    const next = [at + 1];
    for (const [other, wanted] of right.entries())
      next.push(Math.min(next[other]! + 1, row[other + 1]! + 1, row[other]! + (char === wanted ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}
