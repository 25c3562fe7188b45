// The grammar of Rego in Chevrotain, in the order of the language reference; actions build the tree of ast.ts.
import { EmbeddedActionsParser, type IToken, type TokenType } from "chevrotain";
import type {
  Body,
  Call,
  Every,
  Expr,
  Head,
  Import,
  ObjectEntry,
  Package,
  Range,
  Ref,
  Rule,
  SomeDecl,
  StringTerm,
  Term,
  Var,
  With,
} from "./ast.ts";
import * as T from "./tokens.ts";

export interface Statement {
  readonly package?: Package;
  readonly import?: Import;
  readonly rules?: readonly Rule[];
}

/** What a rule's action found wrong although the tokens fit. */
export interface SyntaxFault {
  readonly range: Range;
  readonly message: string;
}

const infixBuiltins: Readonly<Record<string, string>> = {
  ":=": "assign",
  "=": "eq",
  "==": "equal",
  "!=": "neq",
  "<": "lt",
  "<=": "lte",
  ">": "gt",
  ">=": "gte",
  "+": "plus",
  "-": "minus",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "&": "and",
  "|": "or",
};

const end = (token: IToken): number => token.startOffset + token.image.length;
const asToken = (token: IToken): T.Token => token as T.Token;

/** One instance serves a process: building it records the grammar. */
export class RegoParser extends EmbeddedActionsParser {
  faults: SyntaxFault[] = [];
  statements: Statement[] = [];
  /** Index of the first token of the statement that was begun last. */
  statementStart = 0;
  /** True when `contains` is a keyword in heads. */
  containsKeyword = true;
  v0 = false;
  private tokens: readonly T.Token[] = [];
  private wildcards = 0;

  constructor() {
    super(T.vocabulary as TokenType[], { recoveryEnabled: false, maxLookahead: 2, skipValidations: false });
    this.performSelfAnalysis();
  }

  /** Prepares for the tokens of one module or query. */
  begin(tokens: readonly T.Token[], options: { readonly contains: boolean; readonly v0: boolean }): void {
    this.tokens = tokens;
    this.containsKeyword = options.contains;
    this.v0 = options.v0;
    this.wildcards = 0;
    this.statements = [];
    this.faults = [];
  }

  /** Reads on from the token with this index. */
  resume(index: number): void {
    this.input = index === 0 ? (this.tokens as T.Token[]) : (this.tokens.slice(index) as T.Token[]);
  }

  // module = package { import | rule }
  module = this.RULE("module", () => {
    this.MANY(() => {
      this.ACTION(() => {
        this.statementStart = asToken(this.LA(1)).index;
      });
      const statement = this.OR([
        { ALT: () => this.SUBRULE(this.packageStatement) },
        { ALT: () => this.SUBRULE(this.importStatement) },
        { ALT: () => this.SUBRULE(this.ruleStatement) },
      ]);
      this.ACTION(() => this.statements.push(statement));
    });
  });

  // package = "package" ref
  private packageStatement = this.RULE("packageStatement", (): Statement => {
    const keyword = this.CONSUME(T.keywordTokens.package);
    const ref = this.SUBRULE(this.plainRef);
    return this.ACTION(() => {
      const parts = ref.kind === "var" ? [ref] : ref.parts;
      const path: StringTerm[] = [];
      for (const part of parts) {
        if (part.kind === "var") path.push({ kind: "string", start: part.start, end: part.end, value: part.name });
        else if (part.kind === "string") path.push(part);
        else this.fault(part, `unexpected ${part.kind} token: expecting string`);
      }
      return { package: { kind: "package", start: keyword.startOffset, end: ref.end, path } };
    });
  });

  // import = "import" ref [ "as" var ]
  private importStatement = this.RULE("importStatement", (): Statement => {
    const keyword = this.CONSUME(T.keywordTokens.import);
    const path = this.SUBRULE(this.plainRef);
    const alias = this.OPTION(() => {
      this.CONSUME(T.keywordTokens.as);
      return this.CONSUME(T.Identifier);
    });
    return this.ACTION(() => ({
      import: {
        kind: "import",
        start: keyword.startOffset,
        end: alias === undefined ? path.end : end(alias),
        path,
        alias: alias === undefined ? undefined : this.variable(alias),
      },
    }));
  });

  /** A ref of names and brackets only. */
  private plainRef = this.RULE("plainRef", (): Ref | Var => {
    const head = this.CONSUME(T.Identifier);
    const parts: Term[] = [];
    this.ACTION(() => parts.push(this.variable(head)));
    this.MANY({
      GATE: () => asToken(this.LA(1)).adjacent,
      DEF: () => parts.push(this.OR([{ ALT: () => this.SUBRULE(this.dotPart) }, { ALT: () => this.SUBRULE(this.bracketPart) }])),
    });
    return this.ACTION(() => this.refOf(parts));
  });

  // "." name
  private dotPart = this.RULE("dotPart", (): StringTerm => {
    this.CONSUME(T.Dot);
    const name = this.CONSUME(T.Identifier);
    return this.ACTION((): StringTerm => ({ kind: "string", start: name.startOffset, end: end(name), value: name.image }));
  });

  // "[" term "]"
  private bracketPart = this.RULE("bracketPart", (): Term => {
    this.CONSUME(T.LBracket);
    const term = this.SUBRULE(this.termIn, { ARGS: [true] });
    this.CONSUME(T.RBracket);
    return term;
  });

  // rule = [ "default" ] head ( body | nothing ), with the chained bodies and else branches that follow
  private ruleStatement = this.RULE("ruleStatement", (): Statement => {
    const isDefault = this.OPTION(() => this.CONSUME(T.keywordTokens.default));
    const head = this.SUBRULE(this.ruleHead);
    const body = this.OPTION2(() => this.SUBRULE(this.ruleBody));
    const chained: { readonly start: number; readonly end: number; readonly body: Body }[] = [];
    this.MANY({
      GATE: () => body !== undefined && !(isDefault !== undefined),
      DEF: () => {
        const open = this.LA(1);
        const next = this.SUBRULE2(this.bracedBody);
        this.ACTION(() => chained.push({ start: open.startOffset, end: end(this.LA(0)), body: next }));
      },
    });
    const otherwise = this.OPTION3(() => this.SUBRULE(this.elseBranch, { ARGS: [head] }));
    return this.ACTION(() => {
      const start = isDefault?.startOffset ?? head.start;
      const first: Rule = {
        kind: "rule",
        start,
        end: chained.length > 0 ? chained[0]!.start : end(this.LA(0)),
        default: isDefault !== undefined,
        head,
        body,
        else: otherwise,
        chained: false,
      };
      const rest = chained.map(
        (one): Rule => ({
          kind: "rule",
          start: one.start,
          end: one.end,
          default: false,
          head,
          body: one.body,
          else: undefined,
          chained: true,
        }),
      );
      return { rules: [first, ...rest] };
    });
  });

  // head = ref-head [ "(" args ")" ] [ ( ":=" | "=" ) term ] | ref-head "contains" term
  private ruleHead = this.RULE("ruleHead", (): Head => {
    const written = this.SUBRULE(this.plainRef);
    const args = this.OPTION({
      GATE: () => asToken(this.LA(1)).adjacent,
      DEF: () => this.SUBRULE(this.callArguments),
    });
    let key: Term | undefined;
    let value: Term | undefined;
    let assign = false;
    let contains = false;
    this.OPTION2({
      GATE: () => this.LA(1).tokenType !== T.Identifier || (this.containsKeyword && this.LA(1).image === "contains"),
      DEF: () => {
        this.OR([
          {
            GATE: () => this.containsKeyword && this.LA(1).image === "contains",
            ALT: () => {
              this.CONSUME(T.Identifier);
              contains = true;
              key = this.SUBRULE(this.termIn, { ARGS: [true] });
            },
          },
          {
            ALT: () => {
              const operator = this.OR2([{ ALT: () => this.CONSUME(T.Assign) }, { ALT: () => this.CONSUME(T.Unify) }]);
              assign = operator.tokenType === T.Assign;
              value = this.SUBRULE2(this.termIn, { ARGS: [true] });
            },
          },
        ]);
      },
    });
    return this.ACTION(() => this.headOf(written, args, key, value, assign, contains));
  });

  private headOf(
    written: Ref | Var,
    args: readonly Term[] | undefined,
    key: Term | undefined,
    value: Term | undefined,
    assign: boolean,
    contains: boolean,
  ): Head {
    const common = { kind: "head", start: written.start, end: end(this.LA(0)), args, value, assign, contains } as const;
    const last = written.kind === "ref" ? written.parts.at(-1)! : undefined;
    // v0: `p[x] { … }` without a value is a partial set.
    const bracketed = last !== undefined && this.tokenEndingAt(written.end)?.tokenType === T.RBracket;
    if (
      key === undefined &&
      value === undefined &&
      args === undefined &&
      bracketed &&
      this.LA(1).tokenType !== T.keywordTokens.if
    ) {
      return { ...common, reference: this.refOf((written as Ref).parts.slice(0, -1)), key: last };
    }
    return { ...common, reference: written, key };
  }

  private tokenEndingAt(offset: number): T.Token | undefined {
    for (let index = asToken(this.LA(0)).index; index >= 0; index--) {
      const token = this.tokens[index]!;
      if (end(token) <= offset) return token;
    }
    return undefined;
  }

  // body = "if" literal | "if" "{" query "}" | "{" query "}"
  private ruleBody = this.RULE(
    "ruleBody",
    (): Body =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(T.keywordTokens.if);
            return this.OR2([
              { GATE: () => this.opensBody(), ALT: () => this.SUBRULE(this.bracedBody) },
              { ALT: () => [this.SUBRULE(this.literal)] },
            ]);
          },
        },
        { ALT: () => this.SUBRULE2(this.bracedBody) },
      ]),
  );

  private bracedBody = this.RULE("bracedBody", (): Body => {
    this.CONSUME(T.LBrace);
    const query = this.SUBRULE(this.query);
    this.CONSUME(T.RBrace);
    return query;
  });

  // else = "else" [ ( ":=" | "=" ) term ] [ body ] [ else ]
  private elseBranch = this.RULE("elseBranch", (head?: Head): Rule => {
    const keyword = this.CONSUME(T.keywordTokens.else);
    let assign = false;
    const value = this.OPTION(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(T.Assign) }, { ALT: () => this.CONSUME(T.Unify) }]);
      assign = operator.tokenType === T.Assign;
      return this.SUBRULE(this.termIn, { ARGS: [true] });
    });
    const body = this.OPTION2(() => this.SUBRULE(this.ruleBody));
    const stop = this.LA(0);
    const otherwise = this.OPTION3(() => this.SUBRULE2(this.elseBranch, { ARGS: [head] }));
    return this.ACTION(() => ({
      kind: "rule",
      start: keyword.startOffset,
      end: end(this.LA(0)),
      default: false,
      head: { ...head!, start: keyword.startOffset, end: end(stop), value, assign },
      body,
      else: otherwise,
      chained: false,
    }));
  });

  // query = literal { ( ";" | newline ) literal }
  query = this.RULE("query", (): Body => {
    const literals: Expr[] = [];
    literals.push(this.SUBRULE(this.literal));
    this.MANY({
      GATE: () => this.LA(1).tokenType === T.Semicolon || asToken(this.LA(1)).newlineBefore,
      DEF: () => {
        this.OPTION(() => this.CONSUME(T.Semicolon));
        this.OPTION2({
          GATE: () => this.LA(1).tokenType !== T.RBrace,
          DEF: () => literals.push(this.SUBRULE2(this.literal)),
        });
      },
    });
    return literals;
  });

  /** A query that is the whole text. */
  wholeQuery = this.RULE("wholeQuery", (): Body => this.SUBRULE(this.query));

  // literal = [ "not" ] expr { "with" target "as" term } | some | every
  private literal = this.RULE("literal", (): Expr => {
    const first = this.LA(1);
    const negated = this.OPTION(() => this.CONSUME(T.keywordTokens.not)) !== undefined;
    const body = this.OR([
      { ALT: () => this.SUBRULE(this.someDecl) },
      { ALT: () => this.SUBRULE(this.every) },
      { ALT: () => this.SUBRULE(this.assignment) },
    ]);
    const modifiers: With[] = [];
    this.MANY(() => modifiers.push(this.SUBRULE(this.withModifier)));
    return this.ACTION(
      (): Expr => ({ kind: "expr", start: first.startOffset, end: end(this.LA(0)), negated, body, with: modifiers }),
    );
  });

  // "with" target "as" term
  private withModifier = this.RULE("withModifier", (): With => {
    const keyword = this.CONSUME(T.keywordTokens.with);
    const target = this.SUBRULE(this.plainRef);
    this.CONSUME(T.keywordTokens.as);
    const value = this.SUBRULE(this.termIn, { ARGS: [true] });
    return this.ACTION((): With => ({ kind: "with", start: keyword.startOffset, end: value.end, target, value }));
  });

  // some = "some" var { "," var } | "some" term [ "," term ] "in" term
  private someDecl = this.RULE("someDecl", (): SomeDecl => {
    const keyword = this.CONSUME(T.keywordTokens.some);
    const symbols: Term[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => symbols.push(this.SUBRULE(this.relation)) });
    const collection = this.OPTION(() => {
      this.CONSUME(T.keywordTokens.in);
      return this.SUBRULE2(this.relation);
    });
    return this.ACTION(() => {
      const stop = end(this.LA(0));
      if (collection === undefined) {
        for (const symbol of symbols)
          if (symbol.kind !== "var") this.fault(symbol, `unexpected ${symbol.kind} token: expected var`);
        return { kind: "some", start: keyword.startOffset, end: stop, symbols };
      }
      if (symbols.length > 2) this.fault(symbols[2]!, "expected `x in xs` or `x, y in xs` expression");
      return {
        kind: "some",
        start: keyword.startOffset,
        end: stop,
        symbols: [this.member([...symbols, collection], symbols[0]!.start, stop)],
      };
    });
  });

  // every = "every" var [ "," var ] "in" term "{" query "}"
  private every = this.RULE("everyStatement", (): Every => {
    const keyword = this.CONSUME(T.keywordTokens.every);
    const first = this.CONSUME(T.Identifier);
    const second = this.OPTION(() => {
      this.CONSUME(T.Comma);
      return this.CONSUME2(T.Identifier);
    });
    this.CONSUME(T.keywordTokens.in);
    const domain = this.SUBRULE(this.relation);
    const body = this.SUBRULE(this.bracedBody);
    return this.ACTION(() => ({
      kind: "every",
      start: keyword.startOffset,
      end: end(this.LA(0)),
      key: second === undefined ? undefined : this.variable(first),
      value: this.variable(second ?? first),
      domain,
      body,
    }));
  });

  // expr = term-in [ ( ":=" | "=" ) term-in ]
  private assignment = this.RULE("assignment", (): Term => {
    const left = this.SUBRULE(this.termIn, { ARGS: [true] });
    const rest = this.OPTION(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(T.Assign) }, { ALT: () => this.CONSUME(T.Unify) }]);
      const right = this.SUBRULE2(this.termIn, { ARGS: [true] });
      return { operator, right };
    });
    return this.ACTION(() => (rest === undefined ? left : this.infix(rest.operator, left, rest.right)));
  });

  // term-in = rel [ [ "," rel ] "in" rel { "in" rel } ]
  termIn = this.RULE("termIn", (pairs?: boolean): Term => {
    let left = this.SUBRULE(this.relation);
    let key: Term | undefined;
    this.OPTION({
      GATE: () => pairs === true && this.pairMember(),
      DEF: () => {
        this.CONSUME(T.Comma);
        const value = this.SUBRULE2(this.relation);
        this.ACTION(() => {
          key = left;
          left = value;
        });
      },
    });
    this.MANY(() => {
      this.CONSUME(T.keywordTokens.in);
      const collection = this.SUBRULE3(this.relation);
      this.ACTION(() => {
        const terms = key === undefined ? [left, collection] : [key, left, collection];
        left = this.member(terms, terms[0]!.start, collection.end);
        key = undefined;
      });
    });
    return left;
  });

  // rel = or { ( == != < > <= >= ) or }
  private relation = this.RULE("relation", (): Term => {
    let left = this.SUBRULE(this.union);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(T.Equal) },
        { ALT: () => this.CONSUME(T.NotEqual) },
        { ALT: () => this.CONSUME(T.Less) },
        { ALT: () => this.CONSUME(T.LessEqual) },
        { ALT: () => this.CONSUME(T.Greater) },
        { ALT: () => this.CONSUME(T.GreaterEqual) },
      ]);
      const right = this.SUBRULE2(this.union);
      this.ACTION(() => {
        left = this.infix(operator, left, right);
      });
    });
    return left;
  });

  // or = and { "|" and }
  private union = this.RULE("union", (): Term => {
    let left = this.SUBRULE(this.intersection);
    this.MANY(() => {
      const operator = this.CONSUME(T.Or);
      const right = this.SUBRULE2(this.intersection);
      this.ACTION(() => {
        left = this.infix(operator, left, right);
      });
    });
    return left;
  });

  // and = arith { "&" arith }
  private intersection = this.RULE("intersection", (): Term => {
    let left = this.SUBRULE(this.sum);
    this.MANY(() => {
      const operator = this.CONSUME(T.And);
      const right = this.SUBRULE2(this.sum);
      this.ACTION(() => {
        left = this.infix(operator, left, right);
      });
    });
    return left;
  });

  // arith = factor { ( + | - ) factor }
  private sum = this.RULE("sum", (): Term => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }]);
      const right = this.SUBRULE2(this.product);
      this.ACTION(() => {
        left = this.infix(operator, left, right);
      });
    });
    return left;
  });

  // factor = term { ( * | / | % ) term }
  private product = this.RULE("product", (): Term => {
    let left = this.SUBRULE(this.term);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(T.Times) },
        { ALT: () => this.CONSUME(T.Divide) },
        { ALT: () => this.CONSUME(T.Remainder) },
      ]);
      const right = this.SUBRULE2(this.term);
      this.ACTION(() => {
        left = this.infix(operator, left, right);
      });
    });
    return left;
  });

  // term = ( scalar | var | array | set | object | comprehension | "(" term-in ")" | template | "-" term ) { "." name | "[" term "]" | "(" args ")" }
  term = this.RULE("term", (): Term => {
    const first = this.LA(1);
    let head = this.OR([
      { ALT: () => this.SUBRULE(this.scalar) },
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.brackets) },
      { ALT: () => this.SUBRULE(this.braces) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.template) },
      { ALT: () => this.SUBRULE(this.negative) },
    ]);
    const parts: Term[] = [];
    this.MANY({
      GATE: () => asToken(this.LA(1)).adjacent && this.takesParts(first),
      DEF: () =>
        this.OR2([
          { ALT: () => parts.push(this.SUBRULE(this.dotPart)) },
          { ALT: () => parts.push(this.SUBRULE(this.bracketPart)) },
          {
            ALT: () => {
              const args = this.SUBRULE(this.callArguments);
              this.ACTION(() => {
                head = this.callOf(head, parts.splice(0), args, end(this.LA(0)));
              });
            },
          },
        ]),
    });
    return this.ACTION(() => (parts.length === 0 ? head : this.refOf([head, ...parts])));
  });

  private takesParts(first: IToken): boolean {
    return first.tokenType !== T.LParen && first.tokenType !== T.NumberLiteral && first.tokenType !== T.Minus;
  }

  private callOf(head: Term, parts: readonly Term[], args: readonly Term[], stop: number): Call {
    const operator: Ref = { kind: "ref", start: head.start, end: parts.at(-1)?.end ?? head.end, parts: [head, ...parts] };
    if (operator.parts.length === 1 && head.kind === "var" && head.name === "set" && args.length === 0) {
      return { kind: "set", start: head.start, end: stop, items: [] } as unknown as Call;
    }
    return { kind: "call", start: head.start, end: stop, operator, args };
  }

  private callArguments = this.RULE("callArguments", (): readonly Term[] => {
    this.CONSUME(T.LParen);
    const args: Term[] = [];
    this.MANY(() => {
      args.push(this.SUBRULE(this.termIn, { ARGS: [false] }));
      this.OPTION(() => this.CONSUME(T.Comma));
    });
    this.CONSUME(T.RParen);
    return args;
  });

  private scalar = this.RULE(
    "scalar",
    (): Term =>
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(T.keywordTokens.null);
            return this.ACTION((): Term => ({ kind: "null", start: token.startOffset, end: end(token) }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.keywordTokens.true);
            return this.ACTION((): Term => ({ kind: "boolean", start: token.startOffset, end: end(token), value: true }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.keywordTokens.false);
            return this.ACTION((): Term => ({ kind: "boolean", start: token.startOffset, end: end(token), value: false }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.NumberLiteral);
            return this.ACTION((): Term => ({ kind: "number", start: token.startOffset, end: end(token), text: token.image }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.StringLiteral);
            return this.ACTION(
              (): Term => ({
                kind: "string",
                start: token.startOffset,
                end: end(token),
                value: this.stringValue(token),
              }),
            );
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.RawString);
            return this.ACTION(
              (): Term => ({
                kind: "string",
                start: token.startOffset,
                end: end(token),
                value: token.image.slice(1).replace(/`$/, ""),
                raw: true,
              }),
            );
          },
        },
      ]),
  );

  private name = this.RULE("name", (): Term => {
    const token = this.CONSUME(T.Identifier);
    return this.ACTION(() => this.variable(token));
  });

  // "-" term
  private negative = this.RULE("negative", (): Term => {
    const minus = this.CONSUME(T.Minus);
    const term = this.SUBRULE(this.term);
    return this.ACTION(() => {
      if (term.kind === "number") return { ...term, start: minus.startOffset, text: `-${term.text}` };
      const zero: Term = { kind: "number", start: minus.startOffset, end: end(minus), text: "0" };
      return this.infix(minus, zero, term);
    });
  });

  // "(" term-in ")"
  private group = this.RULE("group", (): Term => {
    const open = this.CONSUME(T.LParen);
    const term = this.SUBRULE(this.termIn, { ARGS: [true] });
    const close = this.CONSUME(T.RParen);
    return this.ACTION(() => ({ ...term, start: open.startOffset, end: end(close) }));
  });

  // array = "[" [ term { "," term } ] "]" | "[" term "|" query "]"
  private brackets = this.RULE("brackets", (): Term => {
    const open = this.CONSUME(T.LBracket);
    const content = this.OR([
      {
        GATE: () => this.comprehensionAhead(),
        ALT: () => {
          const term = this.SUBRULE(this.term);
          this.CONSUME(T.Or);
          const body = this.SUBRULE(this.query);
          return (range: Range): Term => ({ kind: "arrayComprehension", ...range, term, body });
        },
      },
      {
        ALT: () => {
          const items: Term[] = [];
          this.OPTION(() => this.CONSUME(T.Comma));
          this.MANY(() => {
            items.push(this.SUBRULE(this.termIn, { ARGS: [false] }));
            this.OPTION2(() => this.CONSUME2(T.Comma));
          });
          return (range: Range): Term => ({ kind: "array", ...range, items });
        },
      },
    ]);
    const close = this.CONSUME(T.RBracket);
    return this.ACTION(() => content({ start: open.startOffset, end: end(close) }));
  });

  // set, object and their comprehensions
  private braces = this.RULE("braces", (): Term => {
    const open = this.CONSUME(T.LBrace);
    const content = this.OR([
      {
        GATE: () => this.comprehensionAhead(),
        ALT: () => {
          const term = this.SUBRULE(this.term);
          this.CONSUME(T.Or);
          const body = this.SUBRULE(this.query);
          return (range: Range): Term => ({ kind: "setComprehension", ...range, term, body });
        },
      },
      {
        ALT: () => {
          const items: Term[] = [];
          const entries: ObjectEntry[] = [];
          let comprehension: { readonly body: Body } | undefined;
          this.OPTION(() => this.CONSUME(T.Comma));
          this.MANY(() => {
            const key = this.SUBRULE(this.termIn, { ARGS: [false] });
            const value = this.OPTION2(() => {
              this.CONSUME(T.Colon);
              return this.OR2([
                {
                  GATE: () => entries.length === 0 && this.loneTermBeforePipe(1),
                  ALT: () => {
                    const lone = this.SUBRULE2(this.term);
                    this.CONSUME2(T.Or);
                    const body = this.SUBRULE2(this.query);
                    comprehension = { body };
                    return lone;
                  },
                },
                { ALT: () => this.SUBRULE2(this.termIn, { ARGS: [false] }) },
              ]);
            });
            this.OPTION3(() => this.CONSUME2(T.Comma));
            this.ACTION(() => {
              if (value === undefined) items.push(key);
              else entries.push({ key, value });
            });
          });
          return (range: Range): Term => {
            if (comprehension !== undefined && entries[0] !== undefined) {
              return {
                kind: "objectComprehension",
                ...range,
                key: entries[0].key,
                value: entries[0].value,
                body: comprehension.body,
              };
            }
            if (items.length > 0 && entries.length > 0) this.fault(items[0]!, "non-terminated object");
            return items.length > 0 ? { kind: "set", ...range, items } : { kind: "object", ...range, entries };
          };
        },
      },
    ]);
    const close = this.CONSUME(T.RBrace);
    return this.ACTION(() => content({ start: open.startOffset, end: end(close) }));
  });

  // $"text{expr}text"
  private template = this.RULE("template", (): Term => {
    const open = this.CONSUME(T.TemplateStart);
    const parts: (StringTerm | Expr)[] = [];
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const piece = this.CONSUME(T.TemplateText);
            this.ACTION(() =>
              parts.push({
                kind: "string",
                start: piece.startOffset,
                end: end(piece),
                value: this.templateText(piece, open.image === "$`"),
              }),
            );
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.HoleStart);
            parts.push(this.SUBRULE(this.literal));
            this.CONSUME(T.HoleEnd);
          },
        },
      ]);
    });
    const close = this.CONSUME(T.TemplateEnd);
    return this.ACTION(() => ({
      kind: "templateString",
      start: open.startOffset,
      end: end(close),
      parts,
      multiline: open.image === "$`",
    }));
  });

  /** `{` after `if`: a body, unless the braces hold an object or a comprehension. */
  private opensBody(): boolean {
    const open = asToken(this.LA(1));
    if (open.tokenType !== T.LBrace || this.LA(2).tokenType === T.RBrace) return false;
    if (this.loneTermBeforePipe(2)) return false;
    const stop = open.match < 0 ? this.tokens.length : open.match;
    for (let index = open.index + 1; index < stop; index++) {
      const token = this.tokens[index]!;
      if (token.tokenType === T.Colon) return false;
      if (token.tokenType === T.Semicolon || (token.newlineBefore && index > open.index + 1)) return true;
      if (token.match > index) index = token.match;
    }
    return true;
  }

  /** Inside an opened bracket: does a lone term stand before a `|`? */
  private comprehensionAhead(): boolean {
    return this.loneTermBeforePipe(1);
  }

  private loneTermBeforePipe(from: number): boolean {
    let index = asToken(this.LA(from)).index;
    if (index === undefined) return false;
    if (this.tokens[index]?.tokenType === T.Minus) index++;
    const first = this.tokens[index];
    if (first === undefined) return false;
    if (first.tokenType === T.TemplateStart) {
      while (index < this.tokens.length && this.tokens[index]!.tokenType !== T.TemplateEnd) index++;
    } else if (first.match > index) index = first.match;
    else if (
      ![
        T.Identifier,
        T.NumberLiteral,
        T.StringLiteral,
        T.RawString,
        T.keywordTokens.true,
        T.keywordTokens.false,
        T.keywordTokens.null,
      ].includes(first.tokenType)
    )
      return false;
    index++;
    for (; index < this.tokens.length; index++) {
      const token = this.tokens[index]!;
      if (!token.adjacent) break;
      if (token.tokenType === T.Dot) index++;
      else if ((token.tokenType === T.LBracket || token.tokenType === T.LParen) && token.match > index) index = token.match;
      else break;
    }
    return this.tokens[index]?.tokenType === T.Or;
  }

  /** After `x` in `x, y in z`: a comma that an `in` follows before the next comma. */
  private pairMember(): boolean {
    const comma = asToken(this.LA(1));
    if (comma.tokenType !== T.Comma) return false;
    for (let index = comma.index + 1; index < this.tokens.length; index++) {
      const token = this.tokens[index]!;
      if (token.tokenType === T.keywordTokens.in) return true;
      if (token.match > index) index = token.match;
      else if (
        token.tokenType === T.Comma ||
        token.match >= 0 ||
        token.tokenType === T.Semicolon ||
        token.tokenType === T.keywordTokens.if
      )
        return false;
    }
    return false;
  }

  private member(terms: readonly Term[], start: number, stop: number): Call {
    const name = terms.length === 2 ? "internal.member_2" : "internal.member_3";
    const place = { start, end: start };
    const [head, tail] = name.split(".") as [string, string];
    const operator: Ref = {
      kind: "ref",
      ...place,
      parts: [
        { kind: "var", ...place, name: head },
        { kind: "string", ...place, value: tail },
      ],
    };
    return { kind: "call", start, end: stop, operator, args: terms, infix: "in" };
  }

  private infix(operator: IToken, left: Term, right: Term): Call {
    const place = { start: operator.startOffset, end: end(operator) };
    return {
      kind: "call",
      start: left.start,
      end: right.end,
      operator: { kind: "ref", ...place, parts: [{ kind: "var", ...place, name: infixBuiltins[operator.image]! }] },
      args: [left, right],
      infix: operator.image,
    };
  }

  private variable(token: IToken): Var {
    const name = token.image === "_" ? `$${this.wildcards++}` : token.image;
    return { kind: "var", start: token.startOffset, end: end(token), name };
  }

  private refOf(parts: readonly Term[]): Ref | Var {
    const head = parts[0]!;
    if (parts.length === 1 && head.kind === "var") return head;
    const stop = this.LA(0);
    return {
      kind: "ref",
      start: head.start,
      end: Math.max(parts.at(-1)!.end, parts.length > 1 && stop.tokenType === T.RBracket ? end(stop) : 0),
      parts,
    };
  }

  private stringValue(token: IToken): string {
    const inner = token.image.slice(1).replace(/"$/, "");
    if (!inner.includes("\\")) return inner;
    try {
      return (JSON.parse(`"${inner}"`) as string).toWellFormed();
    } catch {
      this.fault({ start: token.startOffset, end: end(token) }, "illegal string literal");
      return inner;
    }
  }

  private templateText(token: IToken, raw: boolean): string {
    const text = token.image.replace(/\\\{/g, "{");
    if (raw || !text.includes("\\")) return text;
    try {
      return (JSON.parse(`"${text}"`) as string).toWellFormed();
    } catch {
      return text;
    }
  }

  private fault(range: Range, message: string): void {
    this.faults.push({ range: { start: range.start, end: range.end }, message });
  }
}
