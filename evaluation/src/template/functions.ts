// The functions of templates: comparison, indexing, printing and escaping.
import { decodeBytes, encodeBytes } from "../rego-text.ts";
import { RegoNumber, RegoObject } from "../value.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escapes.ts";
import { TemplateFault } from "./fault.ts";
import { formatted, printed } from "./format.ts";
import { GoNumber, type GoValue, goType, isList, isTrue } from "./values.ts";

interface GoFunction {
  /** How many arguments it takes; at least so many when `more` is set. */
  readonly count: number;
  readonly more: boolean;
  run(args: readonly GoValue[]): GoValue;
}

const takes = (count: number, run: GoFunction["run"]): GoFunction => ({ count, more: false, run });
const takesMore = (count: number, run: GoFunction["run"]): GoFunction => ({ count, more: true, run });

/** `and` and `or` are evaluated where their arguments are, since they leave out what does not count. */
export const functions: Readonly<Record<string, GoFunction>> = {
  and: takesMore(1, (args) => args.at(-1)),
  or: takesMore(1, (args) => args.at(-1)),
  not: takes(1, ([value]) => !isTrue(value)),
  eq: takesMore(1, ([first, ...others]) => {
    if (others.length === 0) throw new TemplateFault("missing argument for comparison");
    return others.some((other) => isEqual(first, other));
  }),
  ne: takes(2, ([a, b]) => !isEqual(a, b)),
  lt: takes(2, ([a, b]) => isLess(a, b)),
  le: takes(2, ([a, b]) => isLess(a, b) || isEqual(a, b)),
  gt: takes(2, ([a, b]) => !isLess(a, b) && !isEqual(a, b)),
  ge: takes(2, ([a, b]) => !isLess(a, b)),
  len: takes(1, ([value]) => new GoNumber(BigInt(lengthOf(value)))),
  index: takesMore(1, ([item, ...indexes]) => indexes.reduce(indexed, required(item, "index"))),
  slice: takesMore(1, ([item, ...indexes]) => sliced(required(item, "slice"), indexes)),
  print: takesMore(0, (args) => joined(args)),
  println: takesMore(0, (args) => `${args.map(printed).join(" ")}\n`),
  printf: takesMore(1, ([format, ...args]) => formatted(format as string, args)),
  html: takesMore(0, (args) => escapeHtml(escapable(args))),
  js: takesMore(0, (args) => escapeJs(escapable(args))),
  urlquery: takesMore(0, (args) => escapeQuery(escapable(args))),
  call: takesMore(1, ([value]) => {
    throw new TemplateFault(value === undefined || value === null ? "call of nil" : `non-function of type ${goType(value)}`);
  }),
};

export const functionNames: readonly string[] = Object.keys(functions);

/** Go's Sprint: a space between two neighbours that are no texts. */
function joined(args: readonly GoValue[]): string {
  return args.reduce<string>((text, arg, at) => {
    const spaced = at > 0 && typeof arg !== "string" && typeof args[at - 1] !== "string";
    const isNumber = arg instanceof RegoNumber || args[at - 1] instanceof RegoNumber;
    return text + (spaced && !isNumber ? " " : "") + printed(arg);
  }, "");
}

/** Nothing shows as it does in an action of its own. */
function escapable(args: readonly GoValue[]): string {
  return joined(args.map((arg) => (isNothing(arg) ? "<no value>" : arg)));
}

type Basic = "bool" | "int" | "float" | "string" | undefined;

function basicKind(value: GoValue): Basic {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string" || value instanceof RegoNumber) return "string";
  if (value instanceof GoNumber) return typeof value.value === "bigint" ? "int" : "float";
  return undefined;
}

function plain(value: GoValue): string | number | bigint | boolean {
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof GoNumber) return value.value;
  return value as string | boolean;
}

function incompatible(a: GoValue, b: GoValue): TemplateFault {
  return new TemplateFault(`incompatible types for comparison: ${goType(a)} and ${goType(b)}`);
}

const isNothing = (value: GoValue): boolean => value === undefined || value === null;

function isEqual(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  if (kind !== basicKind(b)) {
    if (isNothing(a) || isNothing(b)) return false;
    throw incompatible(a, b);
  }
  if (kind !== undefined) return plain(a) === plain(b);
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (isList(a) !== isList(b))
    throw new TemplateFault(`non-comparable types ${printed(a)}: ${goType(a)}, ${goType(b)}: ${printed(b)}`);
  throw new TemplateFault(`non-comparable type ${printed(b)}: ${goType(b)}`);
}

function isLess(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === undefined || other === undefined) throw new TemplateFault("invalid type for comparison");
  if (kind !== other) throw incompatible(a, b);
  if (kind === "bool") throw new TemplateFault("invalid type for comparison");
  const left = plain(a);
  const right = plain(b);
  return left < right;
}

function required(value: GoValue, what: string): GoValue {
  if (isNothing(value)) throw new TemplateFault(`${what} of untyped nil`);
  return value;
}

function textOf(value: GoValue): string | undefined {
  return typeof value === "string" ? value : value instanceof RegoNumber ? value.text : undefined;
}

function lengthOf(value: GoValue): number {
  const text = textOf(value);
  if (text !== undefined) return encodeBytes(text).length;
  if (value === undefined) throw new TemplateFault("reflect: call of reflect.Value.Type on zero Value");
  if (value === null) throw new TemplateFault("len of nil pointer");
  if (value instanceof RegoObject) return value.entries.length;
  if (isList(value)) return value.length;
  throw new TemplateFault(`len of type ${goType(value)}`);
}

function place(index: GoValue, most: number): number {
  if (isNothing(index)) throw new TemplateFault("cannot index slice/array with nil");
  if (!(index instanceof GoNumber) || typeof index.value !== "bigint")
    throw new TemplateFault(`cannot index slice/array with type ${goType(index)}`);
  if (index.value < 0n || index.value > BigInt(most)) throw new TemplateFault(`index out of range: ${index.value}`);
  return Number(index.value);
}

function indexed(item: GoValue, index: GoValue): GoValue {
  if (isNothing(item)) throw new TemplateFault("index of nil pointer");
  const text = textOf(item);
  if (text !== undefined) {
    const bytes = encodeBytes(text);
    const at = place(index, bytes.length);
    if (at === bytes.length) throw new TemplateFault("reflect: string index out of range");
    return new GoNumber(BigInt(bytes[at]!));
  }
  if (isList(item)) {
    const at = place(index, item.length);
    if (at === item.length) throw new TemplateFault("reflect: slice index out of range");
    return item[at];
  }
  if (!(item instanceof RegoObject)) throw new TemplateFault(`can't index item of type ${goType(item)}`);
  if (isNothing(index)) throw new TemplateFault("value is nil; should be of type string");
  if (typeof index !== "string") throw new TemplateFault(`value has type ${goType(index)}; should be string`);
  return (item.get(index) ?? null) as GoValue;
}

function sliced(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (indexes.length > 3) throw new TemplateFault(`too many slice indexes: ${indexes.length}`);
  const text = textOf(item);
  if (text !== undefined && indexes.length === 3) throw new TemplateFault("cannot 3-index slice a string");
  const bytes = text === undefined ? undefined : encodeBytes(text);
  if (bytes === undefined && !isList(item)) throw new TemplateFault(`can't slice item of type ${goType(item)}`);
  const length = bytes === undefined ? (item as readonly GoValue[]).length : bytes.length;
  const [from = 0, to = length, most = length] = indexes.map((index) => place(index, length));
  if (from > to) throw new TemplateFault(`invalid slice index: ${from} > ${to}`);
  if (to > most) throw new TemplateFault(`invalid slice index: ${to} > ${most}`);
  if (bytes === undefined) return (item as readonly GoValue[]).slice(from, to);
  const part = decodeBytes(bytes.subarray(from, to));
  return item instanceof RegoNumber ? new RegoNumber(part) : part;
}
