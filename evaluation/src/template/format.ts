// Values as Go's fmt prints them, and its formats with verbs, as far as templates can meet them.
import { goQuote } from "#grammars/text/go-quote.ts";
import { encodeBytes } from "../rego-text.ts";
import { RegoNumber, RegoObject } from "../value.ts";
import { floatText } from "../yaml/go-syntax.ts";
import { GoNumber, type GoValue, goType } from "./values.ts";

/** `%v`. */
export function printed(value: GoValue): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return value;
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof GoNumber) return typeof value.value === "bigint" ? String(value.value) : largeFloat(value.value);
  if (value instanceof RegoObject)
    return `map[${value.entries.map(([key, item]) => `${key as string}:${printed(item as GoValue)}`).join(" ")}]`;
  return `[${value.map(printed).join(" ")}]`;
}

/** `%v` of a float: an exponent from 1e21 on. */
function largeFloat(value: number): string {
  return Math.abs(value) >= 1e6 && Math.abs(value) < 1e21 ? String(value) : floatText(value);
}

/** Fields beyond this width are refused by Go as well. */
const widest = 1_000_000;

export function formatted(format: string, args: readonly GoValue[]): string {
  return new Formatter(args).format(format);
}

class Formatter {
  private readonly args: readonly GoValue[];
  /** What is not read yet. */
  private rest = "";
  private next = 0;
  private reordered = false;
  private isIndexGood = true;

  constructor(args: readonly GoValue[]) {
    this.args = args;
  }

  format(format: string): string {
    let out = "";
    this.rest = format;
    for (let at = this.rest.indexOf("%"); at >= 0; at = this.rest.indexOf("%")) {
      out += this.rest.slice(0, at);
      this.rest = this.rest.slice(at + 1);
      out += this.directive();
    }
    return this.end(out + this.rest);
  }

  /** What stands behind `%`, in the order in which Go reads it. */
  private directive(): string {
    this.isIndexGood = true;
    let flags = this.taken(/^[-+# 0]*/u);
    let indexed = this.index();
    const width = this.size(indexed);
    let faults = width === undefined ? "%!(BADWIDTH)" : "";
    if (width !== undefined && width.value < 0) flags += "-";
    if (width?.isArg !== false) indexed = false;
    let precision: number | undefined;
    if (this.rest.startsWith(".")) {
      this.rest = this.rest.slice(1);
      if (indexed) this.isIndexGood = false;
      indexed = this.index();
      const size = this.size(false);
      if (size?.isArg !== false) indexed = false;
      precision = size === undefined || size.value < 0 ? undefined : size.value;
      if (precision === undefined) faults += "%!(BADPREC)";
    }
    if (!indexed) this.index();
    if (this.rest === "") return `${faults}%!(NOVERB)`;
    const verb = String.fromCodePoint(this.rest.codePointAt(0)!);
    this.rest = this.rest.slice(verb.length);
    if (verb === "%") return `${faults}%`;
    if (!this.isIndexGood) return `${faults}%!${verb}(BADINDEX)`;
    if (this.next >= this.args.length) return `${faults}%!${verb}(MISSING)`;
    return faults + padded(one(verb, this.args[this.next++], flags, precision), Math.abs(width?.value ?? 0), flags);
  }

  private taken(pattern: RegExp): string {
    const [text] = pattern.exec(this.rest)!;
    this.rest = this.rest.slice(text.length);
    return text;
  }

  /** Goes to the argument of an index in brackets; whether there was one. Go looks for the closing bracket in all that follows. */
  private index(): boolean {
    if (!this.rest.startsWith("[")) return false;
    this.reordered = true;
    const close = this.rest.length < 3 ? -1 : this.rest.indexOf("]");
    const digits = close < 0 ? "" : this.rest.slice(1, close);
    this.rest = this.rest.slice(close < 0 ? 1 : close + 1);
    const isNumber = /^[0-9]+$/u.test(digits);
    const at = Number(digits) - 1;
    if (isNumber && at >= 0 && at < this.args.length) this.next = at;
    else this.isIndexGood = false;
    return isNumber;
  }

  /** A size that is written, or the next argument for `*`; undefined for an argument that is no size. */
  private size(indexed: boolean): { readonly value: number; readonly isArg: boolean } | undefined {
    if (this.rest.startsWith("*")) {
      this.rest = this.rest.slice(1);
      const arg = this.args[this.next++];
      const value = arg instanceof GoNumber ? Number(arg.value) : Number.NaN;
      return Math.abs(value) <= widest ? { value, isArg: true } : undefined;
    }
    const digits = this.taken(/^[0-9]*/u);
    if (digits !== "" && indexed) this.isIndexGood = false;
    // Go looks at the number before it takes the next digit, not behind the last one.
    if (Number(digits.slice(0, -1)) <= widest) return { value: Number(digits), isArg: false };
    this.rest = "";
    return { value: 0, isArg: false };
  }

  private end(text: string): string {
    if (this.reordered || this.next >= this.args.length) return text;
    const extra = this.args
      .slice(this.next)
      .map((arg) => (arg === undefined || arg === null ? "<nil>" : `${goType(arg)}=${printed(arg)}`));
    return `${text}%!(EXTRA ${extra.join(", ")})`;
  }
}

function padded(text: string, width: number, flags: string): string {
  if (width === 0) return text;
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0")) return " ".repeat(missing) + text;
  const sign = /^[+-]/u.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

function one(verb: string, value: GoValue, flags: string, precision: number | undefined): string {
  if (verb === "T") return goType(value);
  if (value === undefined || value === null) return verb === "v" ? "<nil>" : `%!${verb}(<nil>)`;
  if (verb === "v" && !(value instanceof GoNumber) && typeof value !== "string") return printed(value);
  if (typeof value === "boolean") return verb === "t" ? String(value) : wrong(verb, value);
  if (typeof value === "string" || value instanceof RegoNumber)
    return ofText(verb, typeof value === "string" ? value : value.text, flags, precision) ?? wrong(verb, value);
  if (value instanceof GoNumber)
    return (
      (typeof value.value === "bigint" ? ofInteger(verb, value.value, flags) : ofFloat(verb, value.value, flags, precision)) ??
      wrong(verb, value)
    );
  if (value instanceof RegoObject)
    return `map[${value.entries.map(([key, item]) => `${one(verb, key as string, flags, precision)}:${inner(verb, item as GoValue, flags, precision)}`).join(" ")}]`;
  return `[${value.map((item) => inner(verb, item, flags, precision)).join(" ")}]`;
}

/** An item of a collection: nothing shows as such whatever the verb is. */
function inner(verb: string, value: GoValue, flags: string, precision: number | undefined): string {
  return value === undefined || value === null ? "<nil>" : one(verb, value, flags, precision);
}

function wrong(verb: string, value: GoValue): string {
  return `%!${verb}(${goType(value)}=${printed(value)})`;
}

function ofText(verb: string, text: string, flags: string, precision: number | undefined): string | undefined {
  const cut = precision === undefined ? text : [...text].slice(0, precision).join("");
  switch (verb) {
    case "v":
    case "s":
      return cut;
    case "q":
      return flags.includes("#") && !cut.includes("`") ? `\`${cut}\`` : goQuote(cut);
    case "x":
    case "X": {
      const hex = [...encodeBytes(cut)].map((byte) => byte.toString(16).padStart(2, "0")).join(flags.includes(" ") ? " " : "");
      return verb === "x" ? hex : hex.toUpperCase();
    }
    default:
      return undefined;
  }
}

function signed(text: string, flags: string): string {
  return text.startsWith("-") ? text : flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

const bases: Readonly<Record<string, readonly [number, string]>> = { b: [2, "0b"], o: [8, "0"], x: [16, "0x"], X: [16, "0X"] };

function ofInteger(verb: string, value: bigint, flags: string): string | undefined {
  if (verb === "d" || verb === "v") return signed(String(value), flags);
  const base = bases[verb];
  if (base !== undefined) {
    const digits = (value < 0n ? -value : value).toString(base[0]);
    const text = (flags.includes("#") ? base[1] : "") + (verb === "X" ? digits.toUpperCase() : digits);
    return signed(value < 0n ? `-${text}` : text, flags);
  }
  const isCharacter = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
  const character = isCharacter ? String.fromCodePoint(Number(value)) : "\ufffd";
  if (verb === "c") return character;
  if (verb === "q") return quotedCharacter(character, flags.includes("+"));
  if (verb !== "U") return undefined;
  const name = `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
  return flags.includes("#") && isCharacter && !goQuote(character).startsWith('"\\') ? `${name} '${character}'` : name;
}

function quotedCharacter(character: string, plain: boolean): string {
  const code = character.codePointAt(0)!;
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  if (!plain || code < 0x80) return `'${goQuote(character).slice(1, -1)}'`;
  return code > 0xffff ? `'\\U${code.toString(16).padStart(8, "0")}'` : `'\\u${code.toString(16).padStart(4, "0")}'`;
}

function ofFloat(verb: string, value: number, flags: string, precision: number | undefined): string | undefined {
  const exponent = (text: string): string => text.replace(/e([+-])([0-9])$/u, "e$10$2");
  switch (verb) {
    case "v":
      return signed(largeFloat(value), flags);
    case "g":
      return signed(
        precision === undefined ? largeFloat(value) : exponent(String(Number(value.toPrecision(precision || 1)))),
        flags,
      );
    case "f":
    case "F":
      return signed(value.toFixed(Math.min(precision ?? 6, 100)), flags);
    case "e":
      return signed(exponent(value.toExponential(Math.min(precision ?? 6, 100))), flags);
    case "E":
      return signed(exponent(value.toExponential(Math.min(precision ?? 6, 100))).toUpperCase(), flags);
    default:
      return undefined;
  }
}
