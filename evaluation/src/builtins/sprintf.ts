// sprintf: Go's fmt verbs over OPA's conversion of arguments (integers, floats, and everything else as its text).
import { integerOf } from "../number.ts";
import { writeRegoText } from "../rego-text.ts";
import { RegoNumber, type Value } from "../value.ts";
import { type Family, operand } from "./builtin.ts";
import { formatFloat, quoteText } from "./go-format.ts";

/** What Go sees of an argument. */
type Argument =
  | { readonly kind: "int64" | "*big.Int"; readonly value: bigint }
  | { readonly kind: "float64"; readonly value: number }
  | { readonly kind: "string"; readonly value: string };

interface Flags {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

export const sprintf: Family = {
  sprintf: (args) => format(operand(args, 1, "string"), operand(args, 2, "array").map(argument)),
};

function argument(value: Value): Argument {
  if (typeof value === "string") return { kind: "string", value };
  if (!(value instanceof RegoNumber)) return { kind: "string", value: writeRegoText(value) };
  if (/^-?[0-9]+$/.test(value.text)) {
    const integer = integerOf(value.text)!;
    return { kind: BigInt.asIntN(64, integer) === integer ? "int64" : "*big.Int", value: integer };
  }
  const float = Number(value.text);
  return Number.isFinite(float) ? { kind: "float64", value: float } : { kind: "string", value: value.text };
}

/** The text of a format with its arguments; faults stand in the text, as Go writes them. */
export function format(text: string, args: readonly Argument[]): string {
  let out = "";
  let next = 0;
  let reordered = false;
  const directive = /%([-+# 0]*)(\[[^\]]*\]?)?(\*|[0-9]+)?(?:\.(\[[^\]]*\]?)?(\*|[0-9]*))?(\[[^\]]*\]?)?(.)?/suy;
  for (let at = 0; at < text.length; ) {
    const percent = text.indexOf("%", at);
    if (percent < 0) {
      out += text.slice(at);
      break;
    }
    out += text.slice(at, percent);
    directive.lastIndex = percent;
    const found = directive.exec(text)!;
    at = percent + found[0].length;
    const [, marks = "", firstIndex, width, precisionIndex, precision, lastIndex, verb] = found;
    let badIndex = false;
    const choose = (index: string | undefined): void => {
      if (index === undefined) return;
      reordered = true;
      const number = /^\[([0-9]+)\]$/.exec(index)?.[1];
      if (number === undefined || Number(number) < 1 || Number(number) > args.length) badIndex = true;
      else next = Number(number) - 1;
    };
    let extra = "";
    let minus = marks.includes("-");
    const star = (what: string): number | undefined => {
      const value = args[next++];
      if (value?.kind === "int64" && value.value > -1_000_001n && value.value < 1_000_001n) return Number(value.value);
      extra += `%!(BAD${what})`;
      return undefined;
    };
    choose(firstIndex);
    let wide = width === "*" ? star("WIDTH") : width === undefined ? undefined : Number(width);
    if (wide !== undefined && wide < 0) {
      wide = -wide;
      minus = true;
    }
    choose(precisionIndex);
    let precise =
      precision === "*" ? star("PREC") : precision === undefined ? undefined : Number(precision === "" ? 0 : precision);
    if (precise !== undefined && precise < 0) precise = undefined;
    choose(lastIndex);
    out += extra;
    if (verb === undefined) {
      out += "%!(NOVERB)";
      break;
    }
    const flags: Flags = {
      minus,
      plus: marks.includes("+"),
      sharp: marks.includes("#"),
      space: marks.includes(" "),
      zero: marks.includes("0") && !minus,
      width: wide,
      precision: precise,
    };
    if (verb === "%") out += "%";
    else if (badIndex) out += `%!${verb}(BADINDEX)`;
    else if (next >= args.length) out += `%!${verb}(MISSING)`;
    else out += print(args[next++]!, verb, flags);
  }
  if (!reordered && next < args.length)
    out += `%!(EXTRA ${args
      .slice(next)
      .map((one) => `${one.kind}=${print(one, "v", plainFlags)}`)
      .join(", ")})`;
  return out;
}

const plainFlags: Flags = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
};

function print(value: Argument, verb: string, flags: Flags): string {
  if (verb === "T") return pad(value.kind, flags);
  const text =
    value.kind === "int64" || value.kind === "*big.Int"
      ? printInteger(value.value, value.kind === "*big.Int" && verb === "s" ? "d" : verb, flags)
      : value.kind === "float64"
        ? printFloat(value.value, verb, flags)
        : printText(value.value, verb, flags);
  return text ?? `%!${verb}(${value.kind}=${print(value, "v", { ...flags, plus: false, sharp: false })})`;
}

function pad(text: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

function signed(negative: boolean, digits: string, flags: Flags, zeroPad: boolean): string {
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  const missing = zeroPad ? (flags.width ?? 0) - sign.length - digits.length : 0;
  return pad(sign + "0".repeat(Math.max(0, missing)) + digits, { ...flags, zero: false });
}

const integerPrefix: Readonly<Record<string, string>> = { b: "0b", o: "0", x: "0x", X: "0X" };

function printInteger(value: bigint, verb: string, flags: Flags): string | undefined {
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const base = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }[verb];
  if (base !== undefined) {
    let digits = magnitude.toString(base);
    if (verb === "X") digits = digits.toUpperCase();
    if (flags.precision !== undefined)
      digits = flags.precision === 0 && value === 0n ? "" : digits.padStart(flags.precision, "0");
    if (flags.sharp) digits = (integerPrefix[verb] ?? "") + (verb === "o" && digits.startsWith("0") ? digits.slice(1) : digits);
    if (verb === "O") digits = `0o${digits}`;
    return signed(negative, digits, flags, flags.zero && flags.precision === undefined);
  }
  const point = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
  const character = String.fromCodePoint(point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
  switch (verb) {
    case "c":
      return pad(character, flags);
    case "q":
      return pad(quoteText(character, "'", flags.plus), flags);
    case "U": {
      const hex = magnitude
        .toString(16)
        .toUpperCase()
        .padStart(Math.max(4, flags.precision ?? 4), "0");
      return pad(`U+${hex}${flags.sharp ? ` '${character}'` : ""}`, { ...flags, zero: false });
    }
    default:
      return undefined;
  }
}

function printFloat(value: number, verb: string, flags: Flags): string | undefined {
  const shown = verb === "v" ? "g" : verb;
  if (!"eEfFgGxXb".includes(shown)) return undefined;
  const digits = formatFloat(Math.abs(value), shown, flags.precision, flags.sharp, verb === "v");
  return signed(value < 0 || Object.is(value, -0), digits, flags, flags.zero);
}

function printText(value: string, verb: string, flags: Flags): string | undefined {
  const cut = flags.precision === undefined ? value : [...value].slice(0, flags.precision).join("");
  switch (verb) {
    case "s":
      return pad(cut, flags);
    case "v":
      return pad(flags.sharp ? quoteText(cut, '"', false) : cut, flags);
    case "q":
      return pad(
        flags.sharp && !/[`\u0000-\u0008\u000a-\u001f\u007f\ufeff]/.test(cut) ? `\`${cut}\`` : quoteText(cut, '"', flags.plus),
        flags,
      );
    case "x":
    case "X": {
      let bytes = [...new TextEncoder().encode(value)];
      if (flags.precision !== undefined) bytes = bytes.slice(0, flags.precision);
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
      const prefix = flags.sharp ? "0x" : "";
      const joined = flags.space ? hex.map((pair) => prefix + pair).join(" ") : hex.length > 0 ? prefix + hex.join("") : "";
      return pad(verb === "X" ? joined.toUpperCase() : joined, flags);
    }
    default:
      return undefined;
  }
}
