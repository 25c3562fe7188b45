// The grammar: what may stand between one pair of brackets. A nested bracket is a single token here and its content is read on its own
// (see parse.ts), so nesting costs no stack and a fault stays between its brackets. No input fails: what does not fit is reported and skipped.
//
//   objectBody : { NEWLINE | COMMA | include | field | junk }
//   arrayBody  : { NEWLINE | COMMA | value | SEPARATOR | STRAY }
//   field      : WORD+ { NEWLINE } ( OBJECT | SEPARATOR { NEWLINE } [ value ] )?
//   value      : ( WORD | SUBSTITUTION | OBJECT | ARRAY )+
//   include    : INCLUDE { NEWLINE | WORD }
import { createToken, EmbeddedActionsParser, type IToken, type TokenType } from "chevrotain";
import type { BodyActions } from "./body-actions.ts";
import type { FieldNode, IncludeNode, KeyNode, PieceNode, ValueNode } from "./tree.ts";

export const Newline = createToken({ name: "Newline" });
export const Comma = createToken({ name: "Comma" });
export const SeparatorToken = createToken({ name: "Separator" });
export const Word = createToken({ name: "Word" });
export const Substitution = createToken({ name: "Substitution" });
export const ObjectGroup = createToken({ name: "ObjectGroup" });
export const ArrayGroup = createToken({ name: "ArrayGroup" });
export const IncludeWord = createToken({ name: "IncludeWord" });
export const Stray = createToken({ name: "Stray" });

const VOCABULARY = [Newline, Comma, SeparatorToken, Word, Substitution, ObjectGroup, ArrayGroup, IncludeWord, Stray];

/** A token of one bracket's content. `index` is its place in the token list. */
export class BodyToken implements IToken {
  readonly image = "";
  readonly tokenTypeIdx: number;
  readonly tokenType: TokenType;
  readonly startOffset: number;
  readonly index: number;

  constructor(tokenType: TokenType, startOffset: number, index: number) {
    this.tokenTypeIdx = tokenType.tokenTypeIdx!;
    this.tokenType = tokenType;
    this.startOffset = startOffset;
    this.index = index;
  }
}

/** One instance serves every text; `actions` builds the nodes and reports what is wrong. */
export class BodyParser extends EmbeddedActionsParser {
  actions!: BodyActions;

  constructor() {
    super(VOCABULARY, { recoveryEnabled: false, maxLookahead: 1, outputCst: false } as object);
    this.performSelfAnalysis();
  }

  /** Reads the content of an object. */
  readonly objectBody = this.RULE("objectBody", () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.newline(this.CONSUME(Newline)) },
        { ALT: () => this.comma(this.CONSUME(Comma)) },
        { ALT: () => this.SUBRULE(this.field) },
        { ALT: () => this.SUBRULE(this.include) },
        { ALT: () => this.SUBRULE(this.junk) },
      ]),
    );
  });

  /** Reads the content of an array. */
  readonly arrayBody = this.RULE("arrayBody", () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.newline(this.CONSUME(Newline)) },
        { ALT: () => this.comma(this.CONSUME(Comma)) },
        { ALT: () => this.SUBRULE(this.item) },
        { ALT: () => this.skip(this.CONSUME(SeparatorToken)) },
        { ALT: () => this.skip(this.CONSUME(Stray)) },
      ]),
    );
  });

  private readonly item = this.RULE("item", () => {
    const first = this.LA(1);
    this.ACTION(() => this.actions.startEntry(first as BodyToken));
    const value = this.SUBRULE(this.value);
    this.ACTION(() => this.actions.item(value));
  });

  private readonly field = this.RULE("field", () => {
    const first = this.CONSUME(Word) as BodyToken;
    let last = first;
    this.ACTION(() => this.actions.startEntry(first));
    this.MANY(() => {
      last = this.CONSUME2(Word) as BodyToken;
    });
    let key: KeyNode | undefined;
    let field: FieldNode | undefined;
    this.ACTION(() => {
      key = this.actions.key(first, last);
    });
    this.OPTION({
      GATE: () => this.keyContinues(),
      DEF: () => {
        this.MANY2(() => this.CONSUME(Newline));
        this.OR([
          {
            ALT: () => {
              const group = this.CONSUME(ObjectGroup) as BodyToken;
              this.ACTION(() => {
                field = this.actions.field(key!, undefined, this.actions.piece(group));
              });
            },
          },
          {
            ALT: () => {
              const separator = this.CONSUME(SeparatorToken) as BodyToken;
              let value: ValueNode | undefined;
              this.OPTION2({
                GATE: () => this.valueFollows(),
                DEF: () => {
                  this.MANY3(() => this.CONSUME2(Newline));
                  value = this.SUBRULE(this.value);
                },
              });
              this.ACTION(() => {
                if (value === undefined) this.actions.missingValue(key!, this.afterNewlines());
                field = this.actions.field(key!, separator, value);
              });
            },
          },
        ]);
      },
    });
    this.ACTION(() => {
      if (field === undefined) this.actions.missingSeparator(key!, this.afterNewlines());
      this.actions.endField(field ?? this.actions.field(key!, undefined, undefined));
    });
  });

  private readonly value = this.RULE("value", (): ValueNode => {
    let only: PieceNode | undefined;
    let several: PieceNode[] | undefined;
    this.AT_LEAST_ONE({
      GATE: () => only === undefined || this.actions.concatenates,
      DEF: () => {
        const token = this.OR([
          { ALT: () => this.CONSUME(Word) },
          { ALT: () => this.CONSUME(Substitution) },
          { ALT: () => this.CONSUME(ObjectGroup) },
          { ALT: () => this.CONSUME(ArrayGroup) },
        ]) as BodyToken;
        this.ACTION(() => {
          const piece = this.actions.piece(token);
          if (only === undefined) only = piece;
          else if (several === undefined) several = [only, piece];
          else several.push(piece);
        });
      },
    });
    return several === undefined ? only! : this.actions.concatenation(several);
  });

  private readonly include = this.RULE("include", () => {
    const keyword = this.CONSUME(IncludeWord) as BodyToken;
    let node: IncludeNode | undefined;
    this.ACTION(() => {
      this.actions.startEntry(keyword);
      this.actions.startInclude(keyword);
    });
    this.MANY({
      GATE: () => this.actions.includeIsOpen,
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(Newline) },
          {
            ALT: () => {
              const word = this.CONSUME(Word) as BodyToken;
              this.ACTION(() => this.actions.includeWord(word));
            },
          },
        ]),
    });
    this.ACTION(() => {
      node = this.actions.endInclude(this.LA(1) as BodyToken);
      this.actions.member(node);
    });
  });

  /** What can start neither a field nor an item: reported once, then skipped up to the next comma or line. */
  private readonly junk = this.RULE("junk", () => {
    this.AT_LEAST_ONE(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(SeparatorToken) },
        { ALT: () => this.CONSUME(Stray) },
        { ALT: () => this.CONSUME(Substitution) },
        { ALT: () => this.CONSUME(ObjectGroup) },
        { ALT: () => this.CONSUME(ArrayGroup) },
      ]) as BodyToken;
      this.ACTION(() => this.actions.junk(token));
    });
  });

  private skip(token: IToken): void {
    this.ACTION(() => this.actions.junk(token as BodyToken));
  }

  private newline(_: IToken): void {
    this.ACTION(() => this.actions.newline());
  }

  private comma(token: IToken): void {
    this.ACTION(() => this.actions.comma(token as BodyToken));
  }

  /** The next token that is no line break; undefined at the end. */
  private afterNewlines(): BodyToken | undefined {
    let distance = 1;
    while (this.LA(distance).tokenTypeIdx === Newline.tokenTypeIdx) distance++;
    const token = this.LA(distance);
    return token instanceof BodyToken ? token : undefined;
  }

  private keyContinues(): boolean {
    const next = this.LA(1).tokenTypeIdx;
    if (next === SeparatorToken.tokenTypeIdx || next === ObjectGroup.tokenTypeIdx) return true;
    if (next !== Newline.tokenTypeIdx) return false;
    const after = this.afterNewlines()?.tokenType;
    return after === SeparatorToken || (after === ObjectGroup && this.actions.concatenates);
  }

  private valueFollows(): boolean {
    switch (this.afterNewlines()?.tokenType) {
      case Word:
      case Substitution:
      case ObjectGroup:
      case ArrayGroup:
        return true;
      default:
        return false;
    }
  }
}
