// Whether two plans, or parts of them, say the same: they are plain data.

/** `placed`: also of what stands where; else two that only lie elsewhere say the same. */
export function samePlan(a: unknown, b: unknown, placed = true): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => samePlan(item, b[at], placed));
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      (key === "location" && !placed) ||
      samePlan((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], placed),
  );
}
