// A change of an input: a value that is another one, an element more, a key less; applied to the input's value, and in words.

export type Step = string | number;

export interface Change {
  readonly kind: "set" | "add" | "remove";
  readonly path: readonly Step[];
  /** What is set, or added to the list at the path. */
  readonly value?: unknown;
}

/** The input with a change; undefined where the path does not fit it, or nothing would be another. */
export function changed(input: unknown, change: Change): { readonly input: unknown } | undefined {
  const { kind, path, value } = change;
  if (path.length === 0) return undefined;
  const copy: unknown = structuredClone(input);
  if (kind === "add") {
    const list = valueAt(copy, path);
    if (list === undefined) return changed(input, { kind: "set", path, value: [value] });
    if (!Array.isArray(list) || list.some((one) => isSame(one, value))) return undefined;
    list.push(value);
    return { input: copy };
  }
  const root = isContainer(copy) ? copy : {};
  let at: Record<Step, unknown> = root as Record<Step, unknown>;
  for (const [depth, step] of path.slice(0, -1).entries()) {
    const next = at[step];
    if (isContainer(next)) at = next as Record<Step, unknown>;
    else if (kind === "set" && next === undefined && typeof path[depth + 1] === "string" && !Array.isArray(at)) {
      const made = {};
      at[step] = made;
      at = made;
    } else return undefined;
  }
  const last = path.at(-1)!;
  if (Array.isArray(at) !== (typeof last === "number")) return undefined;
  if (kind === "remove") {
    if (Array.isArray(at) || !Object.hasOwn(at, last)) return undefined;
    delete at[last];
    return { input: root };
  }
  if (Object.hasOwn(at, last) && isSame(at[last], value)) return undefined;
  at[last] = value;
  return { input: root };
}

/** The input with several changes, one after the other. */
export function changedBy(input: unknown, changes: readonly Change[]): { readonly input: unknown } | undefined {
  let result: { readonly input: unknown } | undefined = { input };
  for (const change of changes) result = result && changed(result.input, change);
  return result;
}

export function valueAt(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (isContainer(at) && Object.hasOwn(at, step) ? (at as Record<Step, unknown>)[step] : undefined),
    value,
  );
}

/** `input.users[0].name`. */
export function pathText(path: readonly Step[]): string {
  const parts = path.map((step) =>
    typeof step === "string" && /^[A-Za-z_]\w*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`,
  );
  return `input${parts.join("")}`;
}

/** `input.amount: 70 → 5`. */
export function changeText(input: unknown, { kind, path, value }: Change): string {
  const name = pathText(path);
  const before = valueAt(input, path);
  if (kind === "remove") return `without ${name}`;
  if (kind === "add")
    return Array.isArray(before) ? `${name}: with ${JSON.stringify(value)}` : `${name}: ${JSON.stringify([value])}`;
  return before === undefined
    ? `${name}: ${JSON.stringify(value)}`
    : `${name}: ${JSON.stringify(before)} → ${JSON.stringify(value)}`;
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
