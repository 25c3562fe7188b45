// Modules as the JSON that `opa parse --format json` prints, with places or without.
import type { Body, Expr, Head, Import, Module, Range, Rule, TemplateString, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { isRuleKey, outerStart } from "#grammars/rego/nodes.ts";
import { withoutRepeats } from "#grammars/rego/term-key.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { isNegation } from "#grammars/rego/told-text.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { base64Of } from "./base64.ts";
import { bytesOfComment } from "./comment-bytes.ts";
import { exactNumber } from "./exact-number.ts";
import { headParts, rootOf } from "./tree/refs.ts";
import { type TreePlace, TreePlaces } from "./tree-places.ts";

/** A module that parsed without errors, and the file and text it came from. */
export interface TreeSource {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly module: Module;
}

export interface TreeOptions {
  /** With the comments, as OPA prints them unless told `--json-include -comments`. */
  readonly comments?: boolean;
  /** With the place of every node, as for `--json-include locations`. */
  readonly locations?: boolean;
  /** Numbers that JSON does not know, `.5`, as they are written: for who does not write JSON. */
  readonly spelled?: boolean;
  /** What METADATA blocks say, as JSON, and the rules that they describe. */
  readonly annotations?: readonly WrittenAnnotation[];
}

export interface WrittenAnnotation {
  readonly json: Readonly<Record<string, unknown>>;
  /** The block, from its first line to its last. */
  readonly range: Range;
  readonly rules: readonly Rule[];
}

/** The tree of a module, its keys in OPA's order. */
export function moduleToJson(source: TreeSource, options: TreeOptions = {}): unknown {
  const { comments = true, locations = false, spelled = false, annotations = [] } = options;
  const places = locations ? new TreePlaces(source) : undefined;
  const written = annotations.map(({ json, range, rules }): PlacedAnnotation => {
    const place = places?.told(range.start, blockText(source.module, range));
    return { json: place === undefined ? json : withPlace(json, place), start: range.start, place, rules };
  });
  return new TreeWriter(places, undefined, spelled).module(source, written, comments);
}

/** A rule as the compiler leaves it, without places. */
export function ruleToJson(rule: Rule): unknown {
  return new TreeWriter(undefined).rule(rule);
}

/** Expressions as the compiler leaves them, without places. */
export function bodyToJson(body: Body): unknown {
  return new TreeWriter(undefined).body(body);
}

/** An expression of a body, by its position there. */
export function exprToJson(expr: Expr, index: number): unknown {
  return new TreeWriter(undefined).expr(expr, index);
}

export function termToJson(term: Term): unknown {
  return new TreeWriter(undefined).term(term);
}

interface PlacedAnnotation {
  readonly json: unknown;
  readonly start: number;
  readonly place: TreePlace | undefined;
  readonly rules: readonly Rule[];
}

/** Keys of annotations are sorted. */
function withPlace(json: Readonly<Record<string, unknown>>, location: TreePlace): unknown {
  return Object.fromEntries(Object.entries({ ...json, location }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** OPA tells a block's text as it would write it. */
export function blockText({ comments }: Module, { start, end }: Range): string {
  const lines = comments.filter((comment) => comment.start > start && comment.end <= end);
  return ["# METADATA", ...lines.map(({ text }) => `# ${text.replace(/^ /u, "")}`)].join("\n");
}

/** What OPA's tree calls a rule besides its ref; `else` branches share it. */
interface Naming {
  readonly head: Head;
  readonly name: string | undefined;
  readonly key: Term | undefined;
}

/** Refs of two parts are named and keyed by how the rule was written: `p[x]` was a partial rule before refs were heads. */
export function namingOf({ head, body, default: isDefault, hasIf }: Rule): Naming {
  const parts = headParts(head);
  const name = parts[0]?.kind === "var" ? parts[0].name : "";
  const second = parts[1];
  if (second === undefined) return { head, name, key: head.key };
  if (parts.length > 2 || head.contains || isDefault) return { head, name: undefined, key: head.key };
  const isFunction = (head.args?.length ?? 0) > 0;
  if (hasIf) {
    const key = !isFunction && isRuleKey(second) ? second : undefined;
    return { head, name: isFunction || head.value !== undefined ? name : undefined, key };
  }
  // Without a body, brackets make a function, also when they are empty.
  const isCalled = isFunction || (body === undefined && head.args !== undefined);
  return isCalled ? { head, name: undefined, key: undefined } : { head, name, key: second };
}

/** What a rule's places are taken from; undefined where OPA notes none. */
interface RulePlaces {
  readonly rule: TreePlace | undefined;
  readonly head: TreePlace | undefined;
  /** Of the value `true` that nobody wrote. */
  readonly value: TreePlace | undefined;
  /** Of the body that nobody wrote. */
  readonly body: TreePlace | undefined;
}

interface Placed {
  readonly location?: TreePlace;
}

class TreeWriter {
  readonly #places: TreePlaces | undefined;
  /** The one place of all nodes below: what OPA copies to a further rule stands where that rule does. */
  readonly #fixed: TreePlace | undefined;
  readonly #spelled: boolean;

  constructor(places: TreePlaces | undefined, fixed?: TreePlace, spelled = false) {
    this.#places = places;
    this.#fixed = fixed;
    this.#spelled = spelled;
  }

  module(source: TreeSource, annotations: readonly PlacedAnnotation[], comments: boolean): unknown {
    const { module } = source;
    const path = module.package?.path ?? [];
    return {
      package: {
        ...this.#word(module.package, "package".length),
        path: [{ ...this.#term(path[0]), type: "var", value: "data" }, ...path.map((part) => this.term(part))],
      },
      ...(module.imports.length > 0 ? { imports: module.imports.map((item) => this.#import(item)) } : {}),
      ...(annotations.length > 0 ? { annotations: annotations.map(({ json }) => json) } : {}),
      ...(module.rules.length > 0 ? { rules: module.rules.map((rule) => this.#annotatedRule(rule, annotations)) } : {}),
      ...(comments && module.comments.length > 0 ? { comments: this.#comments(source, annotations) } : {}),
    };
  }

  /** Texts are base64, as Go writes bytes. The comment that opens a block is told with the text of the whole block. */
  #comments({ file, text, module }: TreeSource, annotations: readonly PlacedAnnotation[]): unknown {
    const lines = new LineIndex(text);
    const blocks = new Map(annotations.map(({ start, place }) => [start, place]));
    return module.comments.map((comment) => ({
      // As in OPA, what is but a carriage return is no text at all.
      Text: comment.text === "" && text[comment.end] === "\r" ? null : base64Of(bytesOfComment(comment, text)),
      Location: blocks.get(comment.start) ?? this.#places?.line(comment) ?? { file, ...lines.rowCol(comment.start) },
    }));
  }

  #import(item: Import): unknown {
    const parts = item.path.kind === "ref" ? item.path.parts : [item.path];
    const path = { ...this.#term(item.path), type: "ref", value: parts.map((part) => this.#plain(part)) };
    const location = this.#word(item, "import".length);
    if (item.alias === undefined) return { ...location, path };
    const alias = this.#places?.term(item.alias);
    return { alias: item.alias.name, ...(alias === undefined ? {} : { alias_location: alias }), ...location, path };
  }

  #annotatedRule(rule: Rule, annotations: readonly PlacedAnnotation[]): unknown {
    const own = annotations.filter(({ rules }) => rules.includes(rule)).map(({ json }) => copied(json));
    return { ...(own.length > 0 ? { annotations: own } : {}), ...(this.rule(rule) as object) };
  }

  rule(rule: Rule): unknown {
    return this.#rule(rule, namingOf(rule), this.#placesOf(rule));
  }

  #placesOf(rule: Rule): RulePlaces {
    const places = this.#places;
    if (places === undefined) return { rule: undefined, head: undefined, value: undefined, body: undefined };
    const { head } = rule;
    const own = places.range(rule);
    if (rule.chained) return { rule: own, head: own, value: own, body: own };
    if (rule.default) {
      const word = places.word(rule, "default".length);
      return { rule: word, head: places.range(head), value: undefined, body: word };
    }
    if (rule.body === undefined && !head.contains) {
      const at = places.constant(rule);
      return { rule: at, head: at, value: at, body: head.value === undefined ? at : places.term(head.value) };
    }
    const headPlace = places.range(head);
    const parts = headParts(head);
    const byIf = rule.hasIf && parts.length === 2 && (head.args?.length ?? 0) === 0;
    return {
      rule: rule.body === undefined ? headPlace : own,
      head: headPlace,
      value: byIf ? headPlace : undefined,
      body: places.range(parts[0] ?? head),
    };
  }

  #rule(rule: Rule, naming: Naming, at: RulePlaces): object {
    const body =
      rule.body === undefined
        ? [{ generated: true, index: 0, ...placed(at.body), terms: { ...placed(at.body), type: "boolean", value: true } }]
        : this.#bodyOf(rule, at);
    return {
      body,
      ...(rule.default ? { default: true } : {}),
      ...(rule.else === undefined ? {} : { else: this.#rule(rule.else, naming, this.#elsePlaces(rule.else)) }),
      head: this.#head(rule, naming, at),
      ...placed(at.rule),
    };
  }

  #elsePlaces(rule: Rule): RulePlaces {
    const own = this.#places?.range(rule);
    return { rule: own, head: this.#places?.range(rule.head), value: undefined, body: own };
  }

  /** What stands behind the `if` of an `else` without braces has the branch's place, as its range tells. */
  #bodyOf({ body = [], start }: Rule, at: RulePlaces): unknown {
    const whole = at.rule !== undefined && body.length === 1 && body[0]?.start === start;
    return (whole ? new TreeWriter(this.#places, at.rule) : this).body(body);
  }

  #head({ head, chained }: Rule, { head: named, name, key }: Naming, at: RulePlaces): unknown {
    const { args } = head;
    const multiple = head.key !== undefined && head.value === undefined;
    const within = chained && at.rule !== undefined ? new TreeWriter(this.#places, at.rule) : this;
    const value = head.value === undefined ? { ...placed(at.value), type: "boolean", value: true } : within.term(head.value);
    return {
      ...(name === undefined ? {} : { name }),
      ...(args === undefined || args.length === 0 ? {} : { args: args.map((arg) => within.term(arg)) }),
      ...(key === undefined ? {} : { key: within.term(key) }),
      ...(multiple ? {} : { value }),
      ...(head.assign ? { assign: true } : {}),
      ref: headParts(named).map((part, i) => (i === 0 ? this.#plain(part) : this.term(part))),
      ...placed(at.head),
    };
  }

  body(body: Body): unknown {
    return body.map((expr, index) => this.expr(expr, index, expr.start));
  }

  /** `literal` is where the literal begins whose first operand this is. */
  expr(expr: Expr, index: number, literal?: number, unplaced = false): unknown {
    return {
      ...(expr.generated === true ? { generated: true } : {}),
      index,
      ...(unplaced && this.#fixed === undefined ? {} : this.#range(expr)),
      ...(expr.negated ? { negated: true } : {}),
      terms: this.#terms(expr, literal),
      ...(expr.with.length === 0
        ? {}
        : {
            with: expr.with.map((one) => ({
              ...this.#range(one),
              target: this.term(one.target),
              value: this.term(one.value),
            })),
          }),
    };
  }

  #terms({ body, start }: Expr, literal?: number): unknown {
    switch (body.kind) {
      case "call":
        return this.#callParts(body);
      case "some":
        return { ...this.#word(body, "some".length), symbols: body.symbols.map((symbol) => this.#plain(symbol)) };
      case "every":
        return {
          body: this.body(body.body),
          domain: this.term(body.domain),
          key: body.key === undefined ? null : this.term(body.key),
          ...this.#word(body, "every".length),
          value: this.term(body.value),
        };
      case "notBody": {
        // OPA's parser gives no place to what a leading `not` negates in a chain of `and` and `or`.
        const unplaced = (inner: Expr): boolean =>
          body.implicit === true && literal === start && (this.#places?.followsNot(body, inner) ?? false);
        const inner = body.body.map((expr, index) =>
          this.expr(expr, index, body.implicit ? undefined : expr.start, unplaced(expr)),
        );
        return { body: inner, explicit_body: !body.implicit, type: "not" };
      }
      case "logical": {
        const operand = (side: Body, implicit: boolean | undefined, from?: number): unknown =>
          implicit ? side.map((expr, index) => this.expr(expr, index, from)) : this.body(side);
        return {
          ...(body.implicitLeft ? {} : { explicit_lhs: true }),
          ...(body.implicitRight ? {} : { explicit_rhs: true }),
          lhs: operand(body.left, body.implicitLeft, literal),
          rhs: operand(body.right, body.implicitRight),
          type: body.operator,
        };
      }
      default:
        return this.term(body);
    }
  }

  /** A hole that holds a mere constant counts as the constant, unless a comment stands in it. */
  #part(part: TemplateString["parts"][number]): unknown {
    if (part.kind !== "expr") return this.term(part);
    return part.constantHole ? this.#terms(part) : this.expr(part, 0, part.start);
  }

  #plain(term: Term): unknown {
    return term.kind === "var" ? { ...this.#term(term), type: "var", value: term.name } : this.term(term);
  }

  /** `from` is where the text of a middle operand begins. */
  term(term: Term, from?: number): unknown {
    const at = this.#term(term, from);
    switch (term.kind) {
      case "null":
        return { ...at, type: "null", value: {} };
      case "boolean":
      case "string":
        return { ...at, type: term.kind, value: term.value };
      case "number":
        return { ...at, type: "number", value: this.#spelled ? term.text : exactNumber(term.text) };
      case "var":
        return rootOf(term) === undefined ? this.#plain(term) : { ...at, type: "ref", value: [this.#plain(term)] };
      case "ref":
        return { ...at, type: "ref", value: this.#ref(term.parts) };
      case "array":
        return { ...at, type: "array", value: term.items.map((item) => this.term(item)) };
      case "set":
        return { ...at, type: "set", value: [...withoutRepeats(term.items)].sort(compareTerms).map((item) => this.term(item)) };
      case "object":
        return {
          ...at,
          type: "object",
          value: [...term.entries]
            .sort((a, b) => compareTerms(a.key, b.key))
            .map(({ key, value }) => [this.term(key), this.term(value)]),
        };
      case "arrayComprehension":
      case "setComprehension":
        return { ...at, type: term.kind.toLowerCase(), value: { term: this.term(term.term), body: this.body(term.body) } };
      case "objectComprehension":
        return {
          ...at,
          type: "objectcomprehension",
          value: { key: this.term(term.key), value: this.term(term.value), body: this.body(term.body) },
        };
      case "call":
        return { ...at, type: "call", value: this.#callParts(term, from) };
      case "templateString":
        return {
          ...at,
          type: "templatestring",
          value: {
            parts: term.parts.length === 0 ? null : term.parts.map((part) => this.#part(part)),
            multi_line: term.multiline,
          },
        };
    }
  }

  #ref(parts: readonly Term[]): unknown {
    return parts.map((part, i) => (i === 0 ? this.#plain(part) : this.term(part)));
  }

  #callParts(call: Extract<Term, { kind: "call" }>, from?: number): unknown {
    const { operator, args, infix } = call;
    const negation = isNegation(call);
    const operatorTree =
      negation && this.#fixed === undefined
        ? new TreeWriter(undefined).term(operator)
        : { ...placed(this.#fixed ?? this.#places?.operator(call)), type: "ref", value: this.#ref(operator.parts) };
    const middle = infix === "in" && args.length === 3 ? outerStart(args[0]!) : undefined;
    return [operatorTree, ...args.map((arg, i) => this.term(arg, i === 1 ? middle : i === 0 ? from : undefined))];
  }

  #term(term: Term | undefined, from?: number): Placed {
    if (this.#fixed !== undefined) return { location: this.#fixed };
    return term === undefined ? {} : placed(this.#places?.term(term, from));
  }

  #range(range: Range): Placed {
    return placed(this.#fixed ?? this.#places?.range(range));
  }

  #word(range: Range | undefined, length: number): Placed {
    return range === undefined ? {} : placed(this.#fixed ?? this.#places?.word(range, length));
  }
}

function placed(location: TreePlace | undefined): Placed {
  return location === undefined ? {} : { location };
}

/** A rule has a copy of its annotations: what is no ref among `unknowns` is an empty one there. */
function copied(json: unknown): unknown {
  const { compile } = json as { readonly compile?: { readonly unknowns?: readonly unknown[] } };
  if (compile?.unknowns?.includes(null) !== true) return json;
  return { ...(json as object), compile: { ...compile, unknowns: compile.unknowns.map((ref) => ref ?? []) } };
}
