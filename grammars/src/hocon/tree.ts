// The syntax tree of a HOCON text. Nodes hold exact ranges; what lies between them (whitespace, comments, commas) is in the token list.
import type { Diagnostic } from "../diagnostic.ts";
import type { Range } from "../rego/ast.ts";
import type { TokenList } from "./tokens.ts";

export type Syntax = "conf" | "json" | "properties";

export interface Root extends Range {
  readonly kind: "root";
  /** An array at the root parses, but is refused by the reference. */
  readonly body: ObjectNode | ArrayNode;
  /** False when the braces of the root object are left out. */
  readonly braced: boolean;
}

export interface ObjectNode extends Range {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** False when the closing brace is missing (and for a root without braces). */
  readonly closed: boolean;
}

export interface ArrayNode extends Range {
  readonly kind: "array";
  readonly items: readonly ValueNode[];
  readonly closed: boolean;
}

export type Member = FieldNode | IncludeNode;

export type Separator = "=" | ":" | "+=";

export interface FieldNode extends Range {
  readonly kind: "field";
  readonly key: KeyNode;
  /** Undefined for `key { … }`, and for a broken field. */
  readonly separator: Separator | undefined;
  readonly value: ValueNode | undefined;
}

export interface KeyNode extends Range {
  readonly kind: "key";
  /** The elements of the path, decoded. */
  readonly path: readonly string[];
}

export type IncludeForm = "heuristic" | "file" | "url" | "classpath";

export interface IncludeNode extends Range {
  readonly kind: "include";
  readonly form: IncludeForm;
  readonly required: boolean;
  /** The decoded name; undefined in a broken statement. */
  readonly name: string | undefined;
  /** Range of the quoted name, quotes included. */
  readonly target: Range | undefined;
}

export type ValueNode = ConcatenationNode | PieceNode;

/** Two or more pieces in a row. Whitespace between two simple pieces belongs to the value. */
export interface ConcatenationNode extends Range {
  readonly kind: "concatenation";
  readonly pieces: readonly PieceNode[];
}

export type PieceNode = ObjectNode | ArrayNode | SimpleNode | SubstitutionNode;

/** A scalar token. `text` is the decoded text of strings and the written text of everything else. */
export interface SimpleNode extends Range {
  readonly kind: "string" | "unquoted" | "number" | "boolean" | "null";
  readonly text: string;
}

export interface SubstitutionNode extends Range {
  readonly kind: "substitution";
  readonly optional: boolean;
  readonly path: readonly string[];
  /** `${X[]}`: a list of environment variables `X_0`, `X_1`, … */
  readonly list: boolean;
}

/** What the reference does first with a broken text: the phase it fails in and the place whose line it names. */
export interface FirstError {
  readonly kind: "Parse" | "BadPath" | "WrongType";
  readonly offset: number;
  /** The line the reference names, from 1. */
  readonly line: number;
  readonly message: string;
}

/** An error of the first pass. `order` is where the reference meets it, `at` the place whose line it names. */
export interface SyntaxProblem {
  readonly order: number;
  readonly kind: FirstError["kind"];
  readonly at: number;
  /** Found by the lexer, which always knows its line. */
  readonly lexical: boolean;
  readonly diagnostic: Diagnostic;
}

export interface ParsedHocon {
  readonly file: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly tree: Root;
  readonly tokens: TokenList;
  readonly diagnostics: readonly Diagnostic[];
  /** All errors of the first pass, in the order in which the reference meets them. */
  readonly problems: readonly SyntaxProblem[];
  /** The text does not parse. */
  readonly broken: boolean;
  /** What the reference stops at in the text; set exactly when it is broken. */
  readonly firstError: FirstError | undefined;
  /**
   * For a text with an open substitution: how the reference reads it, which lets the substitution swallow the lines up to the next `}`. Undefined
   * where the reference reads the same.
   */
  readonly exact: (() => ParsedHocon) | undefined;
  /** Problems that the reference finds only while it builds values; the resolver reports them in its own order. */
  readonly late: readonly LateProblem[];
}

/** A problem met in the reference's second pass, at a node: a bad substitution path, text that strict JSON forbids. */
export interface LateProblem extends FirstError {
  /** Start of the node that the problem belongs to. */
  readonly start: number;
  readonly range: Range;
}
