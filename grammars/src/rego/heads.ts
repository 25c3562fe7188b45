// Heads of rules: the ref, arguments, key and value.
import type { Head, Ref, Term, Var } from "./ast.ts";
import { partsOf } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import type { Reader } from "./reader.ts";
import { parseRef, parseTermIn, parseVar } from "./terms.ts";

export interface ReadHead {
  readonly head: Head;
  /** The whole ref, with the bracket that may turn out to be the key of a partial set. */
  readonly parts: readonly Term[];
  readonly valueless: boolean;
}

const operators = new Set(["+", "-", "*", "/", "%", "&", "|", "==", ">", ">=", "<", "<=", "!="]);

type Named = Pick<ReadHead, "parts"> & Pick<Head, "args">;
type Said = Pick<Head, "key" | "value" | "assign" | "contains">;

// head = ref-head [ "(" args ")" ] [ ( ":=" | "=" ) term ] | ref-head "contains" term
export function parseHead(r: Reader, isDefault: boolean): ReadHead | undefined {
  const { start } = r.place;
  const named = parseHeadName(r);
  if (named === undefined) return undefined;
  const { parts, args } = named;
  const { key, value, assign, contains } = parseSaid(r, named, isDefault);
  const head: Head = {
    kind: "head",
    reference: refOf(parts),
    args,
    key,
    value,
    assign,
    contains,
    start,
    end: r.place.lastEnd,
  };
  const valueless = value === undefined && !contains && (parts.length !== 2 || (args?.length ?? 0) > 0);
  return { head, parts, valueless };
}

function parseHeadName(r: Reader): Named | undefined {
  const written = finishHead(r, parseVar(r));
  switch (written?.kind) {
    case undefined:
      r.unexpected("expected rule head name");
      return undefined;
    case "var":
    case "ref":
      return { parts: partsOf(written), args: undefined };
    case "call": {
      const { args, operator } = written;
      if (operator.parts[0]?.kind === "var") return { parts: operator.parts, args };
      r.unexpected(`rule head ref ${printRef(operator.parts)} invalid`);
      return undefined;
    }
    default:
      return undefined;
  }
}

const nothing: Said = { key: undefined, value: undefined, assign: false, contains: false };

/** The key or the value behind a name. */
function parseSaid(r: Reader, named: Named, isDefault: boolean): Said {
  const shown = (): string => printRef(named.parts);
  if (r.is("contains")) {
    if (named.args !== undefined)
      r.unexpected(
        `the contains keyword can only be used with multi-value rule definitions (e.g., ${shown()} contains <VALUE> { ... })`,
      );
    const key = parseNext(r);
    if (key === undefined) r.unexpected(`expected rule key term (e.g., ${shown()} contains <VALUE> { ... })`);
    return { ...nothing, key, contains: true };
  }
  const assign = r.is(":=");
  if (!assign && !r.is("=")) return nothing;
  const value = parseNext(r);
  if (value === undefined) r.unexpected(expectedValue(shown(), named, assign, isDefault));
  return { ...nothing, value, assign };
}

function parseNext(r: Reader): Term | undefined {
  r.scan();
  return parseTermIn(r);
}

function expectedValue(shown: string, { args }: Named, assign: boolean, isDefault: boolean): string {
  if (!assign) return `expected rule value term (e.g., ${shown}[<nil>] = <VALUE> { ... })`;
  if (args !== undefined && args.length > 0) return `expected function value term (e.g., ${shown}(...) := <VALUE> { ... })`;
  if (isDefault) return `expected default rule value term (e.g., default ${shown} := <VALUE>)`;
  return `expected rule value term (e.g., ${shown} := <VALUE> { ... })`;
}

/** The rest of a head's ref; an operator right behind the name is an error, and blanks before the arguments are allowed. */
function finishHead(r: Reader, name: Term): Term | undefined {
  r.scanBlank();
  if (operators.has(r.kind)) r.unexpected();
  else if (r.is("blank")) r.scan();
  if (r.is("(") || r.is(".") || r.is("[")) return parseRef(r, name);
  return name;
}

export function refOf(parts: readonly Term[]): Ref | Var {
  const first = parts[0]!;
  if (parts.length === 1 && first.kind === "var") return first;
  return { kind: "ref", parts, start: first.start, end: parts.at(-1)!.end };
}

/** Wildcards among the arguments of a repeated head are variables of their own. */
export function freshWildcards(r: Reader, head: Head): Head {
  const args = head.args?.map(
    (arg): Term => (arg.kind === "var" && arg.name.startsWith("$") ? { ...arg, name: r.wildcard() } : arg),
  );
  return { ...head, args };
}
