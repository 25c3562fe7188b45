// The grammar: what may stand between one pair of brackets. A nested bracket is a single token here and its content is read on its own
// (see parse.ts), so nesting costs no stack and a fault stays between its brackets. No input fails: what does not fit is reported and skipped.
//
//   objectBody : { NEWLINE | COMMA | include | field | junk }
//   arrayBody  : { NEWLINE | COMMA | value | SEPARATOR | STRAY }
//   field      : WORD+ { NEWLINE } ( OBJECT | SEPARATOR { NEWLINE } [ value ] )?
//   value      : ( WORD | SUBSTITUTION | OBJECT | ARRAY )+
//   include    : INCLUDE { NEWLINE | WORD }
import { createToken, EmbeddedActionsParser, type IToken, type TokenType } from "chevrotain";

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

function only(tokenType: TokenType): IToken {
  return { image: "", startOffset: 0, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx! };
}

/** The grammar sees no difference between two tokens of one type, so one object stands for all of them. */
export const TOKENS = {
  newline: only(Newline),
  comma: only(Comma),
  separator: only(SeparatorToken),
  word: only(Word),
  substitution: only(Substitution),
  object: only(ObjectGroup),
  array: only(ArrayGroup),
  include: only(IncludeWord),
  stray: only(Stray),
} as const;

/** The content of one bracket: token `i` is the one at `places[i]` of the text's tokens. */
export interface BodyTokens {
  readonly types: IToken[];
  readonly places: number[];
}

/** What the grammar does with what it reads. Tokens are told by their places. */
export interface BodyListener {
  /** False in strict JSON, which has neither concatenations nor values without a separator. */
  readonly concatenates: boolean;
  newline(): void;
  comma(token: number): void;
  junk(token: number): void;
  endItem(): void;
  startField(first: number): void;
  endKey(last: number): void;
  separator(token: number): void;
  missingValue(next: number | undefined): void;
  missingSeparator(next: number | undefined): void;
  endField(): void;
  piece(token: number): void;
  readonly includeIsOpen: boolean;
  startInclude(keyword: number): void;
  includeWord(word: number): void;
  endInclude(next: number | undefined): void;
}

/**
 * One instance serves every text. What the rules hand to Chevrotain is made once, as members of the parser, and not with every call: most of
 * the time of a large document would go into these small functions.
 */
export class BodyParser extends EmbeddedActionsParser {
  /** Undefined while Chevrotain records the rules: it must see every part of them, so every condition holds then. */
  private listener: BodyListener | undefined;
  private places: readonly number[] = [];
  /** How many tokens are consumed. */
  private position = 0;

  constructor() {
    super(VOCABULARY, { recoveryEnabled: false, maxLookahead: 1, outputCst: false } as object);
    this.performSelfAnalysis();
  }

  /** Reads the content of an object or of an array. */
  read(content: "object" | "array", { types, places }: BodyTokens, listener: BodyListener): void {
    this.input = types;
    this.places = places;
    this.position = 0;
    this.listener = listener;
    if (content === "array") this.arrayBody();
    else this.objectBody();
  }

  private readonly objectBody = this.RULE("objectBody", () => {
    this.MANY(this.member);
  });

  private readonly member = () => this.OR(this.memberKinds);

  private readonly memberKinds = [
    { ALT: () => this.newline(this.CONSUME(Newline)) },
    { ALT: () => this.comma(this.CONSUME(Comma)) },
    { ALT: () => this.SUBRULE(this.field) },
    { ALT: () => this.SUBRULE(this.include) },
    { ALT: () => this.SUBRULE(this.junk) },
  ];

  private readonly arrayBody = this.RULE("arrayBody", () => {
    this.MANY(this.element);
  });

  private readonly element = () => this.OR(this.elementKinds);

  private readonly elementKinds = [
    { ALT: () => this.newline(this.CONSUME(Newline)) },
    { ALT: () => this.comma(this.CONSUME(Comma)) },
    { ALT: () => this.SUBRULE(this.item) },
    { ALT: () => this.unexpected(this.CONSUME(SeparatorToken)) },
    { ALT: () => this.unexpected(this.CONSUME(Stray)) },
  ];

  private readonly item = this.RULE("item", () => {
    this.SUBRULE(this.value);
    this.listener?.endItem();
  });

  private readonly field = this.RULE("field", () => {
    const first = this.take(this.CONSUME(Word));
    this.listener?.startField(first);
    this.MANY(this.keyWord);
    this.listener?.endKey(this.taken());
    if (this.listener === undefined || this.keyContinues()) this.OPTION(this.assignment);
    else this.listener.missingSeparator(this.afterNewlines());
    this.listener?.endField();
  });

  private readonly keyWord = () => this.take(this.CONSUME2(Word));

  private readonly assignment = () => {
    this.MANY2(this.keyNewline);
    this.OR(this.assignmentKinds);
  };

  private readonly keyNewline = () => this.take(this.CONSUME(Newline));

  private readonly assignmentKinds = [
    { ALT: () => this.piece(this.CONSUME(ObjectGroup)) },
    {
      ALT: () => {
        this.separator(this.CONSUME(SeparatorToken));
        if (this.listener === undefined || this.valueFollows()) this.OPTION2(this.assigned);
        else this.listener.missingValue(this.afterNewlines());
      },
    },
  ];

  private readonly assigned = () => {
    this.MANY3(this.valueNewline);
    this.SUBRULE(this.value);
  };

  private readonly valueNewline = () => this.take(this.CONSUME2(Newline));

  private readonly value = this.RULE("value", () => {
    this.OR(this.pieceKinds);
    if (this.listener?.concatenates !== false) this.MANY(this.furtherPiece);
  });

  private readonly pieceKinds = [
    { ALT: () => this.piece(this.CONSUME(Word)) },
    { ALT: () => this.piece(this.CONSUME(Substitution)) },
    { ALT: () => this.piece(this.CONSUME(ObjectGroup)) },
    { ALT: () => this.piece(this.CONSUME(ArrayGroup)) },
  ];

  private readonly furtherPiece = () => this.OR2(this.furtherPieceKinds);

  private readonly furtherPieceKinds = [
    { ALT: () => this.piece(this.CONSUME2(Word)) },
    { ALT: () => this.piece(this.CONSUME2(Substitution)) },
    { ALT: () => this.piece(this.CONSUME2(ObjectGroup)) },
    { ALT: () => this.piece(this.CONSUME2(ArrayGroup)) },
  ];

  private readonly include = this.RULE("include", () => {
    const keyword = this.take(this.CONSUME(IncludeWord));
    this.listener?.startInclude(keyword);
    this.MANY({
      GATE: () => this.listener === undefined || this.listener.includeIsOpen,
      DEF: () => this.OR([{ ALT: () => this.take(this.CONSUME(Newline)) }, { ALT: () => this.includeWord(this.CONSUME(Word)) }]),
    });
    this.listener?.endInclude(this.next());
  });

  /** What can start neither a field nor an item: reported once, then skipped up to the next comma or line. */
  private readonly junk = this.RULE("junk", () => {
    this.AT_LEAST_ONE(this.junkToken);
  });

  private readonly junkToken = () => this.OR(this.junkKinds);

  private readonly junkKinds = [
    { ALT: () => this.unexpected(this.CONSUME(SeparatorToken)) },
    { ALT: () => this.unexpected(this.CONSUME(Stray)) },
    { ALT: () => this.unexpected(this.CONSUME(Substitution)) },
    { ALT: () => this.unexpected(this.CONSUME(ObjectGroup)) },
    { ALT: () => this.unexpected(this.CONSUME(ArrayGroup)) },
  ];

  private newline(token: IToken): void {
    this.take(token);
    this.listener?.newline();
  }

  private comma(token: IToken): void {
    this.listener?.comma(this.take(token));
  }

  private separator(token: IToken): void {
    this.listener?.separator(this.take(token));
  }

  private piece(token: IToken): void {
    this.listener?.piece(this.take(token));
  }

  private includeWord(token: IToken): void {
    this.listener?.includeWord(this.take(token));
  }

  private unexpected(token: IToken): void {
    this.listener?.junk(this.take(token));
  }

  /** Called with every consumed token: gives its place. */
  private take(_: IToken): number {
    return this.places[this.position++]!;
  }

  /** The place of the token consumed last. */
  private taken(): number {
    return this.places[this.position - 1]!;
  }

  /** The place of the token to consume next; undefined at the end. */
  private next(): number | undefined {
    return this.places[this.position];
  }

  /** How many line breaks come next. */
  private newlines(): number {
    let count = 0;
    while (this.LA(count + 1) === TOKENS.newline) count++;
    return count;
  }

  private afterNewlines(): number | undefined {
    return this.places[this.position + this.newlines()];
  }

  private keyContinues(): boolean {
    const breaks = this.newlines();
    const next = this.LA(breaks + 1);
    return next === TOKENS.separator || (next === TOKENS.object && (breaks === 0 || this.listener?.concatenates === true));
  }

  private valueFollows(): boolean {
    const next = this.LA(this.newlines() + 1);
    return next === TOKENS.word || next === TOKENS.substitution || next === TOKENS.object || next === TOKENS.array;
  }
}
