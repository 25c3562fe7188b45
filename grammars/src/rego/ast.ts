// The syntax tree of a Rego module. The compile stages of `analysis` rewrite the same node types, so a stage is a function tree → tree.
// Shapes follow OPA's AST (v1/ast/policy.go, term.go); names are OPA's. Every node is immutable.

/** Half-open range `[start, end)` in UTF-16 offsets of the module's text. Rewritten nodes keep the range of what they came from. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The dialect a module is read in: v0, v1 (the default) or v2 (`import rego.v2`). */
export type RegoVersion = "v0" | "v1" | "v2";

export interface Module extends Range {
  readonly kind: "module";
  /** Missing when the file has no readable package statement. */
  readonly package: Package | undefined;
  readonly imports: readonly Import[];
  /** Every rule; `else` branches hang below their rule. */
  readonly rules: readonly Rule[];
  readonly comments: readonly Comment[];
  readonly version: RegoVersion;
}

export interface Package extends Range {
  readonly kind: "package";
  /** The path without the leading `data`: `package a.b["c d"]` has three parts. */
  readonly path: readonly StringTerm[];
}

export interface Import extends Range {
  readonly kind: "import";
  /** Parts of the path, the root (`data`, `input`, `rego`, `future`) as a var. */
  readonly path: Ref | Var;
  readonly alias: Var | undefined;
}

export interface Comment extends Range {
  readonly kind: "comment";
  /** Text after `#`, without trailing carriage returns. */
  readonly text: string;
}

export interface Rule extends Range {
  readonly kind: "rule";
  readonly default: boolean;
  readonly head: Head;
  /** Undefined when the source has no body; OPA then evaluates the body `true`. */
  readonly body: Body | undefined;
  readonly else: Rule | undefined;
  /** True for the second and later `{…}` bodies after one head (each is a rule of its own). */
  readonly chained: boolean;
  /** True when `if` stands before the body. */
  readonly hasIf?: true;
}

export interface Head extends Range {
  readonly kind: "head";
  /** `p`, `p.q[x]`: first part is a var, dotted parts are strings. */
  readonly reference: Ref | Var;
  /** Present for functions, also when empty: `f() := 1`. */
  readonly args: readonly Term[] | undefined;
  /** The term after `contains`, or the key of a v0 partial set/object `p[x] { … }`. */
  readonly key: Term | undefined;
  /** The written value; undefined when the source has none (then `true` for single-value rules). */
  readonly value: Term | undefined;
  /** True for `:=`, false for `=` or no value. */
  readonly assign: boolean;
  /** True when written with `contains`. */
  readonly contains: boolean;
}

export type Body = readonly Expr[];

/** One literal of a query. */
export interface Expr extends Range {
  readonly kind: "expr";
  readonly negated: boolean;
  /** An ordinary term (a top-level call stays a `call`), or one of the statement forms. */
  readonly body: Term | SomeDecl | Every | NotBody | Logical;
  readonly with: readonly With[];
  /** A hole of a template string that holds a mere constant with no comment before it: OPA's tree has the constant itself. */
  readonly constantHole?: true;
  /** Made by a rewriting stage, not written by the author. */
  readonly generated?: boolean;
  /** An `=` that a rewriting stage made of `:=`. */
  readonly fromAssignment?: boolean;
}

export interface SomeDecl extends Range {
  readonly kind: "some";
  /** `some x, y`: vars; `some x in xs`: one call of `internal.member_2`/`_3`. */
  readonly symbols: readonly Term[];
}

export interface Every extends Range {
  readonly kind: "every";
  readonly key: Var | undefined;
  readonly value: Var;
  readonly domain: Term;
  readonly body: Body;
}

/** `not { … }` (rego.v2, future.keywords.not). */
export interface NotBody extends Range {
  readonly kind: "notBody";
  readonly body: Body;
  /** True for `not x` without braces, where the `not` keyword of rego.v2 is on. */
  readonly implicit?: boolean;
}

/** `a and b`, `a or b` (rego.v2, future.keywords.and/or): operands are bodies. */
export interface Logical extends Range {
  readonly kind: "logical";
  readonly operator: "and" | "or";
  readonly left: Body;
  readonly right: Body;
  /** True for an operand without braces. */
  readonly implicitLeft?: boolean;
  readonly implicitRight?: boolean;
}

export interface With extends Range {
  readonly kind: "with";
  readonly target: Ref | Var;
  readonly value: Term;
}

export type Term =
  | NullTerm
  | BooleanTerm
  | NumberTerm
  | StringTerm
  | Var
  | Ref
  | ArrayTerm
  | ObjectTerm
  | SetTerm
  | ArrayComprehension
  | SetComprehension
  | ObjectComprehension
  | Call
  | TemplateString;

interface Groupable extends Range {
  /** The parentheses around the term, outermost; the term's own range leaves them out. */
  readonly grouped?: Range;
}

export interface NullTerm extends Groupable {
  readonly kind: "null";
}

export interface BooleanTerm extends Groupable {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface NumberTerm extends Groupable {
  readonly kind: "number";
  /** The literal as written, `1.50` stays `1.50`. */
  readonly text: string;
}

export interface StringTerm extends Groupable {
  readonly kind: "string";
  /** The decoded value. */
  readonly value: string;
  /** True for backtick strings. */
  readonly raw?: boolean;
}

export interface Var extends Groupable {
  readonly kind: "var";
  /** Wildcards are numbered `$0`, `$1`, … per module as in OPA. */
  readonly name: string;
}

export interface Ref extends Groupable {
  readonly kind: "ref";
  /** Head first; at least one part, at least two unless it is a call's operator. Dotted parts are strings. */
  readonly parts: readonly Term[];
}

export interface ArrayTerm extends Groupable {
  readonly kind: "array";
  readonly items: readonly Term[];
}

export interface ObjectEntry {
  readonly key: Term;
  readonly value: Term;
}

export interface ObjectTerm extends Groupable {
  readonly kind: "object";
  readonly entries: readonly ObjectEntry[];
}

export interface SetTerm extends Groupable {
  readonly kind: "set";
  readonly items: readonly Term[];
}

export interface ArrayComprehension extends Groupable {
  readonly kind: "arrayComprehension";
  readonly term: Term;
  readonly body: Body;
}

export interface SetComprehension extends Groupable {
  readonly kind: "setComprehension";
  readonly term: Term;
  readonly body: Body;
}

export interface ObjectComprehension extends Groupable {
  readonly kind: "objectComprehension";
  readonly key: Term;
  readonly value: Term;
  readonly body: Body;
}

export interface Call extends Groupable {
  readonly kind: "call";
  /** `count`, `data.a.f`, `plus`: always a ref, of one part for plain names. Infix operators use OPA's builtin names. */
  readonly operator: Ref;
  readonly args: readonly Term[];
  /** The operator as written when it was infix: `+`, `==`, `:=`, `in`, … */
  readonly infix?: string;
}

export interface TemplateString extends Groupable {
  readonly kind: "templateString";
  /** Text parts as strings, holes as expressions. */
  readonly parts: readonly (StringTerm | Expr)[];
  /** True for the multi-line backtick form. */
  readonly multiline: boolean;
}
