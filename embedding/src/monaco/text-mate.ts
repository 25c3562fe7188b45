// Runs the TextMate grammars of the extension line by line, as VS Code does: one grammar colours in both. It takes what they are
// made of: match, begin and end, captures, includes of the repository.

export interface Rule {
  readonly include?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

export interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] } | undefined>>;
type Scopes = readonly string[];

/** Where a line ends: the rules that are open, the innermost one here. */
export interface LineState {
  readonly parent: LineState | undefined;
  readonly rule: Rule;
  /** Of the rule as a whole, and of what is in it. */
  readonly scopes: Scopes;
  readonly inner: Scopes;
}

export interface ScopedToken {
  /** Offset in the line. */
  readonly start: number;
  /** Innermost scope last. */
  readonly scopes: Scopes;
}

/** What the rules of one state look for. */
interface Looked {
  readonly rule: Rule;
  readonly expression: RegExp;
}

interface Found {
  readonly looked: Looked | undefined;
  readonly match: RegExpExecArray;
}

export class LineTokens {
  readonly #grammar: Grammar;
  readonly #looked = new WeakMap<Rule, readonly Looked[]>();
  readonly #expressions = new Map<string, RegExp>();
  readonly start: LineState;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    const rule: Rule = { patterns: grammar.patterns };
    const scopes = [grammar.scopeName];
    this.start = { parent: undefined, rule, scopes, inner: scopes };
  }

  /** The tokens of a line, and where the next one begins. */
  line(text: string, state: LineState): { readonly tokens: readonly ScopedToken[]; readonly state: LineState } {
    return new LineRun(text, this).run(state, 0);
  }

  expression(source: string): RegExp {
    let expression = this.#expressions.get(source);
    if (expression === undefined) {
      expression = new RegExp(source, "dg");
      this.#expressions.set(source, expression);
    }
    return expression;
  }

  /** The rules that can begin within one, without those that only hold others. */
  lookedFor(rule: Rule): readonly Looked[] {
    let looked = this.#looked.get(rule);
    if (looked === undefined) {
      looked = this.#flat(rule.patterns ?? [], new Set());
      this.#looked.set(rule, looked);
    }
    return looked;
  }

  #flat(rules: readonly Rule[], included: ReadonlySet<string>): readonly Looked[] {
    return rules.flatMap((rule) => {
      const source = rule.match ?? rule.begin;
      if (source !== undefined) return [{ rule, expression: this.expression(source) }];
      const name = rule.include?.slice(1) ?? "";
      if (rule.include === undefined) return this.#flat(rule.patterns ?? [], included);
      const target = this.#grammar.repository[name];
      return target === undefined || included.has(name) ? [] : this.#flat([target], new Set([...included, name]));
    });
  }
}

/** One line, or the part of one that a capture has rules for. */
class LineRun {
  readonly #text: string;
  readonly #grammar: LineTokens;
  readonly #tokens: ScopedToken[] = [];
  /** Where each expression matches next; null when it does not any more. */
  readonly #next = new Map<RegExp, RegExpExecArray | null>();
  #told: number;

  constructor(text: string, grammar: LineTokens, from = 0) {
    this.#text = text;
    this.#grammar = grammar;
    this.#told = from;
  }

  run(state: LineState, from: number): { readonly tokens: readonly ScopedToken[]; readonly state: LineState } {
    let position = from;
    // Rules that begin and end without taking a character would go on for ever.
    const open = new Set<Rule>();
    for (;;) {
      const found = this.#find(state, position);
      if (found === undefined) break;
      const { looked, match } = found;
      const end = match.index + match[0].length;
      if (end > position) open.clear();
      this.#tell(match.index, state.inner);
      if (looked === undefined) {
        this.#captures(match, state.rule.endCaptures ?? state.rule.captures, state.scopes);
        this.#tell(end, state.scopes);
        if (state.parent === undefined) break;
        state = state.parent;
      } else {
        const { rule } = looked;
        const scopes = named(state.inner, rule.name);
        this.#captures(match, rule.beginCaptures ?? rule.captures, scopes);
        this.#tell(end, scopes);
        if (end === position && (rule.begin === undefined || open.has(rule))) break;
        open.add(rule);
        if (rule.begin !== undefined) state = { parent: state, rule, scopes, inner: named(scopes, rule.contentName) };
      }
      position = end;
    }
    this.#tell(this.#text.length, state.inner);
    return { tokens: this.#tokens, state };
  }

  /** What comes first from a position on; the end of the open rule before all others. */
  #find(state: LineState, position: number): Found | undefined {
    let best: Found | undefined;
    const look = (expression: RegExp, looked: Looked | undefined): void => {
      const match = this.#match(expression, position);
      if (match !== null && (best === undefined || match.index < best.match.index)) best = { looked, match };
    };
    if (state.rule.end !== undefined) look(this.#grammar.expression(state.rule.end), undefined);
    for (const looked of this.#grammar.lookedFor(state.rule)) look(looked.expression, looked);
    return best;
  }

  #match(expression: RegExp, position: number): RegExpExecArray | null {
    const known = this.#next.get(expression);
    if (known === null || (known !== undefined && known.index >= position)) return known;
    expression.lastIndex = position;
    const match = expression.exec(this.#text);
    this.#next.set(expression, match);
    return match;
  }

  #captures(match: RegExpExecArray, captures: Captures | undefined, scopes: Scopes): void {
    if (captures === undefined) return;
    const open: { readonly end: number; readonly scopes: Scopes }[] = [];
    for (const [at, range] of (match.indices ?? []).entries()) {
      const capture = captures[at];
      if (capture === undefined || range === undefined) continue;
      const [start, end] = range;
      if (start === end) continue;
      for (let last = open.at(-1); last !== undefined && last.end <= start; last = open.at(-1)) {
        this.#tell(last.end, last.scopes);
        open.pop();
      }
      const around = open.at(-1)?.scopes ?? scopes;
      this.#tell(start, around);
      const own = named(around, capture.name);
      if (capture.patterns === undefined) open.push({ end, scopes: own });
      else {
        const rule = { patterns: capture.patterns };
        const part = new LineRun(this.#text.slice(0, end), this.#grammar, start);
        this.#tokens.push(...part.run({ parent: undefined, rule: kept(rule), scopes: own, inner: own }, start).tokens);
        this.#told = end;
      }
    }
    for (const { end, scopes: own } of open.toReversed()) this.#tell(end, own);
  }

  /** All up to an offset that was not told yet has these scopes. */
  #tell(to: number, scopes: Scopes): void {
    if (to <= this.#told) return;
    this.#tokens.push({ start: this.#told, scopes });
    this.#told = to;
  }
}

/** The same rule for the same patterns, so that what it looks for is known. */
const rules = new WeakMap<readonly Rule[], Rule>();
function kept(rule: { readonly patterns: readonly Rule[] }): Rule {
  const known = rules.get(rule.patterns) ?? rule;
  rules.set(rule.patterns, known);
  return known;
}

/** Brackets nest as deep as somebody likes: below this, scopes take the place of the innermost ones. */
const mostScopes = 64;

/** A name can be several scopes. */
function named(scopes: Scopes, name: string | undefined): Scopes {
  if (name === undefined) return scopes;
  const added = name.split(" ");
  return [...scopes.slice(0, mostScopes - added.length), ...added];
}

/** True when the next line has the same tokens after both. */
export function sameState(one: LineState | undefined, other: LineState | undefined): boolean {
  for (; one !== other; one = one.parent, other = other.parent)
    if (one === undefined || other === undefined || one.rule !== other.rule) return false;
  return true;
}
