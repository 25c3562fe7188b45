// A value read from JSON, HOCON, YAML or settings as an object.

/** Undefined for what is no object. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** What is no object has no members. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return asRecord(value) ?? {};
}
