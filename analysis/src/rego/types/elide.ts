// Two types side by side in an error whose lines would be too wide: what they have in common is left out, as OPA prints them.
import { compareJson, type JsonValue, printPlain } from "./json-value.ts";
import { arrayText, functionText, objectText, printType, unionText } from "./print.ts";
import type { AnyType, ArrayType, FunctionType, Maybe, ObjectType } from "./type.ts";

type Pair = readonly [string, string];

const elision = "...";
const widestLine = 80;
/** A type that is no part of the difference is shortened beyond this width. */
const widestElided = 32;
const deepestDifference = 8;

/** True when one of the lines has more characters than OPA prints of a type error. */
export function isTooWide(...lines: readonly string[]): boolean {
  return lines.some((line) => line.length > widestLine && [...line].length > widestLine);
}

/** The type, or only its outermost form when its text is long; `label` stands before it. */
export function elideType(type: Maybe, label = ""): string {
  const full = printType(type);
  return [...label, ...full].length <= widestElided ? full : outline(type, 0);
}

/** The type with everything deeper than `depth` levels left out; in full below zero. */
function outline(type: Maybe, depth: number): string {
  if (depth < 0 || type === undefined) return printType(type);
  const below = (part: Maybe): string => outline(part, depth - 1);
  const parts = <T>(items: readonly T[], print: (item: T) => string): readonly string[] =>
    depth === 0 && items.length > 0 ? [elision] : items.map(print);
  switch (type.kind) {
    case "set":
      return type.of === undefined ? printType(type) : `set[${depth === 0 ? elision : below(type.of)}]`;
    case "array": {
      const dynamic = type.dynamic && (depth === 0 ? elision : below(type.dynamic));
      return arrayText(parts(type.static, below), dynamic);
    }
    case "object": {
      const dynamic = type.dynamic && (depth === 0 ? elision : `${below(type.dynamic.key)}: ${below(type.dynamic.value)}`);
      return objectText(
        parts(type.static, ({ key, value }) => property(key, below(value))),
        dynamic,
      );
    }
    case "any":
      return unionText(parts(type.of, below));
    case "function": {
      if (depth > 0) return functionText(argumentsOf(type, below), below(type.result));
      const takes = type.args.length > 0 || type.variadic !== undefined;
      return functionText(takes ? [elision] : [], type.result === undefined ? printType(undefined) : elision);
    }
    default:
      return printType(type);
  }
}

/** What tells two types apart. */
export function difference(a: Maybe, b: Maybe, depth = 0): Pair {
  const elided: Pair = [elideType(a), elideType(b)];
  if (a === undefined || b === undefined || depth >= deepestDifference || isSame(a, b)) return elided;
  const below = (x: Maybe, y: Maybe): Pair => difference(x, y, depth + 1);
  if (a.kind === "set" && b.kind === "set") {
    if (a.of === undefined || b.of === undefined) return elided;
    const [left, right] = below(a.of, b.of);
    return [`set[${left}]`, `set[${right}]`];
  }
  if (a.kind === "array" && b.kind === "array") return betweenArrays(a, b, below);
  if (a.kind === "object" && b.kind === "object") return betweenObjects(a, b, below);
  if (a.kind === "any" && b.kind === "any") return [without(a, b), without(b, a)];
  if (a.kind === "function" && b.kind === "function" && a.args.length === b.args.length) return betweenFunctions(a, b, below);
  return elided;
}

function isSame(a: Maybe, b: Maybe): boolean {
  return printType(a) === printType(b);
}

function property(key: JsonValue, value: string): string {
  return `${printPlain(key)}: ${value}`;
}

function argumentsOf({ args, variadic }: FunctionType, print: (type: Maybe) => string): readonly string[] {
  return [...args.map(print), ...(variadic === undefined ? [] : [`${print(variadic)}...`])];
}

type Below = (a: Maybe, b: Maybe) => Pair;

function betweenArrays(a: ArrayType, b: ArrayType, below: Below): Pair {
  if (a.static.length !== b.static.length || (a.dynamic === undefined) !== (b.dynamic === undefined))
    return [outline(a, 1), outline(b, 1)];
  // Items are known by their position: equal ones stay, so that both sides keep in step.
  const items = a.static.map((item, i) => below(item, b.static[i]));
  const [left, right] = a.dynamic === undefined ? [undefined, undefined] : below(a.dynamic, b.dynamic);
  return [
    arrayText(
      items.map(([text]) => text),
      left,
    ),
    arrayText(
      items.map(([, text]) => text),
      right,
    ),
  ];
}

function betweenObjects(a: ObjectType, b: ObjectType, below: Below): Pair {
  const left: string[] = [];
  const right: string[] = [];
  let common = false;
  let [i, j] = [0, 0];
  while (i < a.static.length || j < b.static.length) {
    const [x, y] = [a.static[i], b.static[j]];
    const order = x === undefined ? 1 : y === undefined ? -1 : compareJson(x.key, y.key);
    if (x !== undefined && order <= 0) i++;
    if (y !== undefined && order >= 0) j++;
    if (x !== undefined && order < 0) left.push(property(x.key, elideType(x.value)));
    else if (y !== undefined && order > 0) right.push(property(y.key, elideType(y.value)));
    else if (isSame(x?.value, y?.value)) common = true;
    else if (x !== undefined && y !== undefined) {
      const [mine, other] = below(x.value, y.value);
      left.push(property(x.key, mine));
      right.push(property(y.key, other));
    }
  }
  if (common) for (const side of [left, right]) side.push(elision);
  const [own, others] = betweenDynamic(a, b, below);
  return [objectText(left, own), objectText(right, others)];
}

function betweenDynamic({ dynamic: a }: ObjectType, { dynamic: b }: ObjectType, below: Below): readonly (string | undefined)[] {
  if (a !== undefined && b !== undefined) {
    const [keyA, keyB] = below(a.key, b.key);
    const [valueA, valueB] = below(a.value, b.value);
    return [`${keyA}: ${valueA}`, `${keyB}: ${valueB}`];
  }
  return [a, b].map((one) => one && `${elideType(one.key)}: ${elideType(one.value)}`);
}

/** The members of a union that are not the other's. */
function without(a: AnyType, b: AnyType): string {
  const own = a.of.filter((member) => !b.of.some((other) => isSame(member, other)));
  return unionText([...own.map((member) => elideType(member)), ...(own.length < a.of.length ? [elision] : [])]);
}

function betweenFunctions(a: FunctionType, b: FunctionType, below: Below): Pair {
  const pairs: Pair[] = a.args.map((arg, i) => below(arg, b.args[i]));
  const left = pairs.map(([text]) => text);
  const right = pairs.map(([, text]) => text);
  if (a.variadic !== undefined || b.variadic !== undefined) {
    const [mine, other] =
      a.variadic !== undefined && b.variadic !== undefined
        ? below(a.variadic, b.variadic)
        : [elideType(a.variadic), elideType(b.variadic)];
    if (a.variadic !== undefined) left.push(`${mine}...`);
    if (b.variadic !== undefined) right.push(`${other}...`);
  }
  const [resultA, resultB] = below(a.result, b.result);
  return [functionText(left, resultA), functionText(right, resultB)];
}
