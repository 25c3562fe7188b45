// What the grammar does while it reads: builds nodes, keeps track of separators, and reports what does not fit.
import type { QuickFix, RelatedPlace } from "../diagnostic.ts";
import type { BodyListener } from "./grammar.ts";
import { IncludeStatement } from "./include-statement.ts";
import { lineAt } from "./lines.ts";
import { addPathToken, closedEnd, PathBuilder, parsePath, tripleText } from "./path.ts";
import { decodeString } from "./string-literal.ts";
import { type PairedTokens, TokenKind, tokenEnd } from "./tokens.ts";
import type {
  ArrayNode,
  FieldNode,
  FirstError,
  IncludeNode,
  KeyNode,
  LateProblem,
  Member,
  ObjectNode,
  PieceNode,
  Separator,
  SyntaxProblem,
  ValueNode,
} from "./tree.ts";

export interface ReportDetails {
  readonly at?: number;
  readonly lexical?: boolean;
  readonly kind?: FirstError["kind"];
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly QuickFix[];
}

/** A bracket whose content still has to be read. */
export interface OpenBody {
  readonly node: ObjectNode | ArrayNode;
  /** First token of the content, and the one after its last. */
  readonly first: number;
  readonly last: number;
}

const SEPARATORS: Readonly<Record<number, Separator>> = {
  [TokenKind.equals]: "=",
  [TokenKind.colon]: ":",
  [TokenKind.plusEquals]: "+=",
};

export class BodyActions implements BodyListener {
  readonly file: string;
  readonly text: string;
  readonly tokens: PairedTokens;
  readonly json: boolean;
  readonly problems: SyntaxProblem[] = [];
  readonly late: LateProblem[] = [];
  readonly pending: OpenBody[] = [];

  private members: Member[] = [];
  private items: ValueNode[] = [];
  private inArray = false;
  private end = 0;
  /** An entry just ended and neither a comma nor a line break followed yet. */
  private needsSeparator = false;
  private commaAllowed = false;
  private lastComma = -1;
  /** Something on this line was reported: the rest of it is skipped silently. */
  private broken = false;
  private keys: Set<string> | undefined;
  private statement: IncludeStatement | undefined;
  private includeStart = 0;

  // What is read of the current entry.
  private firstOfKey = 0;
  private key: KeyNode | undefined;
  private separatorToken = -1;
  private value: ValueNode | undefined;
  private pieces: PieceNode[] | undefined;

  constructor(file: string, text: string, tokens: PairedTokens, json: boolean) {
    this.file = file;
    this.text = text;
    this.tokens = tokens;
    this.json = json;
  }

  /** Strict JSON has neither concatenations nor values without a separator. */
  get concatenates(): boolean {
    return !this.json;
  }

  report(code: string, message: string, start: number, end: number, order: number, details: ReportDetails = {}): undefined {
    const { at = order, kind = "Parse", lexical = false, related, fixes } = details;
    this.problems.push({
      order,
      kind,
      at,
      lexical,
      diagnostic: {
        file: this.file,
        range: { start, end },
        severity: "error",
        code,
        message,
        ...(related && { related }),
        ...(fixes && { fixes }),
      },
    });
  }

  /** Starts the content of `body`. */
  begin(body: OpenBody): void {
    const { node } = body;
    this.inArray = node.kind === "array";
    if (node.kind === "array") this.items = node.items as ValueNode[];
    else this.members = node.members as Member[];
    this.end = this.tokens.starts[body.last]!;
    this.needsSeparator = false;
    this.commaAllowed = false;
    this.lastComma = -1;
    this.broken = false;
    this.keys = this.json && node.kind === "object" ? new Set() : undefined;
  }

  /** Ends the content that `begin` started: strict JSON allows no comma before the closing bracket. */
  finish(): void {
    if (this.json && this.lastComma >= 0) {
      this.report(
        "hocon_trailing_comma",
        "strict JSON allows no comma before a closing bracket",
        this.lastComma,
        this.lastComma + 1,
        this.end,
      );
    }
  }

  newline(): void {
    if (!this.json) {
      this.needsSeparator = false;
      this.broken = false;
    }
  }

  comma(token: number): void {
    const start = this.tokens.starts[token]!;
    if (!this.commaAllowed && !this.broken) {
      const what = this.inArray ? "a value" : "a field";
      const fixes = [{ title: "Remove the comma", edits: [{ range: { start, end: start + 1 }, newText: "" }] }];
      this.report("hocon_unexpected_comma", `${what} is expected before this comma`, start, start + 1, start, { fixes });
    }
    this.commaAllowed = false;
    this.needsSeparator = false;
    this.broken = false;
    this.lastComma = start;
  }

  private startEntry(at: number): void {
    if (this.needsSeparator && !this.broken) this.missingComma(at);
    this.lastComma = -1;
  }

  private missingComma(at: number): undefined {
    let gap = at;
    while (gap > 0 && /\s/.test(this.text[gap - 1]!)) gap--;
    const range = { start: gap, end: Math.max(at, gap + 1) };
    const what = this.inArray ? "array items" : "fields";
    const message = this.json ? `missing \`,\` between ${what}` : `missing \`,\` or line break between ${what}`;
    const fixes = [{ title: "Insert `,`", edits: [{ range: { start: gap, end: gap }, newText: "," }], preferred: true }];
    this.report("hocon_missing_comma", message, range.start, range.end, at, { fixes });
    this.broken = true;
  }

  private endEntry(): void {
    this.needsSeparator = true;
    this.commaAllowed = true;
    this.lastComma = -1;
  }

  junk(token: number): void {
    const start = this.tokens.starts[token]!;
    const end = this.pieceEnd(token);
    if (!this.broken) this.reportJunk(token, start, end);
    this.broken = true;
    this.needsSeparator = true;
    this.commaAllowed = true;
  }

  private reportJunk(token: number, start: number, end: number): undefined {
    const separates = this.isSeparator(token);
    const shown = this.text.slice(start, Math.min(end, start + 12));
    if (!separates && !this.startsValue(token)) {
      const fixes = [{ title: `Remove \`${shown}\``, edits: [{ range: { start, end }, newText: "" }] }];
      return this.report("hocon_unbalanced_bracket", `\`${shown}\` closes nothing: no bracket is open here`, start, end, start, {
        fixes,
      });
    }
    if (separates && this.needsSeparator) {
      const message = `\`${shown}\` cannot stand inside a value: quote the text, or put the next field on a line of its own`;
      return this.report("hocon_reserved_character", message, start, end, start);
    }
    if (this.needsSeparator) return this.missingComma(start);
    const head = { start, end: Math.min(end, start + 1) };
    if (this.inArray) return this.report("hocon_missing_value", `a value is expected here, not \`${shown}\``, start, end, start);
    const message = separates ? `a key is expected before \`${shown}\`` : "a key is expected here: only a value has brackets";
    this.report("hocon_missing_key", message, head.start, separates ? end : head.end, start);
  }

  /** Strict JSON knows `:` alone. */
  private isSeparator(token: number): boolean {
    const kind = this.tokens.kinds[token]!;
    return this.json ? kind === TokenKind.colon : SEPARATORS[kind] !== undefined;
  }

  private startsValue(token: number): boolean {
    const kind = this.tokens.kinds[token];
    return kind === TokenKind.openBrace || kind === TokenKind.openBracket || kind === TokenKind.substitution;
  }

  startField(first: number): void {
    this.startEntry(this.tokens.starts[first]!);
    this.firstOfKey = first;
  }

  endKey(last: number): void {
    this.key = this.keyNode(this.firstOfKey, last);
  }

  separator(token: number): void {
    this.separatorToken = token;
  }

  private keyNode(first: number, last: number): KeyNode {
    const { text, tokens } = this;
    const start = tokens.starts[first]!;
    const end = tokenEnd(tokens, last);
    if (first === last && tokens.kinds[first] === TokenKind.unquoted) {
      const word = text.slice(start, end);
      if (!word.includes(".")) {
        this.checkJsonKey(first, last, word);
        return { kind: "key", start, end, path: [word] };
      }
    }
    const builder = new PathBuilder();
    let broken = false;
    for (let index = first; index <= last; index++) {
      // The reference looks at the path before it looks at text that no token can start with.
      if (!broken && index > first && this.isFaulty(tokens.starts[index]!)) {
        broken = true;
        this.checkPrefix(first, index);
      }
      addPathToken(builder, text, tokens, index);
    }
    const { elements, problem } = builder.finish(end);
    if (problem !== undefined && !this.broken) {
      this.report("hocon_bad_path", problem.message, problem.start, Math.max(problem.end, problem.start + 1), start, {
        kind: "BadPath",
      });
    }
    const path = elements.map((element) => element.text);
    this.checkJsonKey(first, last, path.join("."));
    return { kind: "key", start, end, path };
  }

  private isFaulty(start: number): boolean {
    return this.tokens.problems.some((problem) => problem.start === start);
  }

  private checkPrefix(first: number, last: number): void {
    const builder = new PathBuilder();
    for (let index = first; index < last; index++) addPathToken(builder, this.text, this.tokens, index);
    const { problem } = builder.finish(this.tokens.starts[last]!);
    const start = this.tokens.starts[first]!;
    if (problem !== undefined)
      this.report("hocon_bad_path", problem.message, problem.start, problem.end, start, { kind: "BadPath" });
  }

  private checkJsonKey(first: number, last: number, name: string): void {
    if (!this.json || this.broken) return;
    const { tokens } = this;
    const kind = tokens.kinds[first];
    const start = tokens.starts[first]!;
    const end = tokenEnd(tokens, last);
    const fixes = [
      { title: "Quote the key", edits: [{ range: { start, end }, newText: JSON.stringify(name) }], preferred: true },
    ];
    if (kind !== TokenKind.string && kind !== TokenKind.tripleString && kind !== TokenKind.unquoted)
      this.report("hocon_not_strict_json", "strict JSON wants keys in quotes", start, end, start, { fixes });
    else if (last > first)
      this.report("hocon_not_strict_json", "strict JSON has one string for a key", start, end, tokens.starts[first + 1]!, {
        fixes,
      });
  }

  missingSeparator(next: number | undefined): void {
    const { key } = this;
    if (this.broken || key === undefined) return;
    this.broken = true;
    const name = this.text.slice(key.start, key.end);
    const order = this.startOf(next);
    const related = order > key.end ? [this.related(order, "the reader stops here")] : undefined;
    const fixes = [{ title: "Insert ` = `", edits: [{ range: { start: key.end, end: key.end }, newText: " = " }] }];
    this.report(
      "hocon_missing_separator",
      `the key \`${name}\` has no value: \`=\`, \`:\` or \`{\` is expected after it`,
      key.start,
      key.end,
      order,
      {
        fixes,
        ...(related && { related }),
      },
    );
  }

  missingValue(next: number | undefined): void {
    const { key } = this;
    if (this.broken || key === undefined) return;
    const name = this.text.slice(key.start, key.end);
    const order = this.startOf(next);
    this.report(
      "hocon_missing_value",
      `the key \`${name}\` has no value: nothing follows its separator`,
      key.start,
      key.end,
      order,
    );
    this.broken = true;
  }

  /** Where a token starts; the end of the content for none. */
  private startOf(token: number | undefined): number {
    return token === undefined ? this.end : this.tokens.starts[token]!;
  }

  private related(at: number, message: string): RelatedPlace {
    return { file: this.file, range: { start: at, end: Math.min(at + 1, this.text.length) }, message };
  }

  endField(): void {
    const { key } = this;
    if (key === undefined) return;
    const field = this.fieldNode(key, this.separatorToken, this.endValue());
    this.key = undefined;
    this.separatorToken = -1;
    if (this.keys !== undefined && field.value !== undefined) this.checkDuplicate(this.keys, field, field.value.end);
    this.addMember(field);
  }

  private fieldNode(key: KeyNode, separator: number, value: ValueNode | undefined): FieldNode {
    const kind = separator < 0 ? undefined : SEPARATORS[this.tokens.kinds[separator]!];
    const end = value?.end ?? (separator < 0 ? key.end : tokenEnd(this.tokens, separator));
    if (this.json && !this.broken && separator < 0 && value !== undefined) {
      this.report(
        "hocon_missing_separator",
        "strict JSON wants `:` between a key and its value",
        key.start,
        key.end,
        value.start,
      );
    }
    return { kind: "field", start: key.start, end, key, separator: kind, value };
  }

  private checkDuplicate(keys: Set<string>, { key }: FieldNode, end: number): void {
    const name = key.path[0]!;
    if (keys.has(name) && !this.broken) {
      const message = `strict JSON allows the key ${JSON.stringify(name)} only once in an object`;
      this.report("hocon_duplicate_key", message, key.start, key.end, key.start, { at: end - 1 });
    }
    keys.add(name);
  }

  private addMember(member: Member): void {
    this.members.push(member);
    this.endEntry();
  }

  endItem(): void {
    const value = this.endValue();
    if (value === undefined) return;
    this.startEntry(value.start);
    this.items.push(value);
    this.endEntry();
  }

  /** Adds a piece to the current value. */
  piece(token: number): void {
    const piece = this.pieceNode(token);
    if (this.value === undefined) this.value = piece;
    else if (this.pieces !== undefined) this.pieces.push(piece);
    else this.pieces = [this.value as PieceNode, piece];
  }

  private endValue(): ValueNode | undefined {
    const { value, pieces } = this;
    this.value = undefined;
    this.pieces = undefined;
    if (pieces === undefined) return value;
    return { kind: "concatenation", start: pieces[0]!.start, end: pieces.at(-1)!.end, pieces };
  }

  private pieceEnd(token: number): number {
    const { tokens } = this;
    const kind = tokens.kinds[token];
    if (kind !== TokenKind.openBrace && kind !== TokenKind.openBracket) return tokenEnd(tokens, token);
    const partner = tokens.partners[token]!;
    return this.closes(token, partner) ? tokenEnd(tokens, partner) : tokens.starts[partner]!;
  }

  private closes(opener: number, partner: number): boolean {
    const { kinds } = this.tokens;
    return kinds[partner] === (kinds[opener] === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
  }

  private pieceNode(token: number): PieceNode {
    const { text, tokens } = this;
    const start = tokens.starts[token]!;
    const end = this.pieceEnd(token);
    switch (tokens.kinds[token] as TokenKind) {
      case TokenKind.openBrace: {
        const closed = this.closes(token, tokens.partners[token]!);
        return this.open({ kind: "object", start, end, members: [], closed }, token);
      }
      case TokenKind.openBracket: {
        const closed = this.closes(token, tokens.partners[token]!);
        return this.open({ kind: "array", start, end, items: [], closed }, token);
      }
      case TokenKind.string:
        return { kind: "string", start, end, text: decodeString(text, start + 1, closedEnd(text, start, end)) };
      case TokenKind.tripleString:
        return { kind: "string", start, end, text: tripleText(text, start, end) };
      case TokenKind.number:
        return { kind: "number", start, end, text: text.slice(start, end) };
      case TokenKind.true:
      case TokenKind.false:
        return { kind: "boolean", start, end, text: text.slice(start, end) };
      case TokenKind.null:
        return { kind: "null", start, end, text: "null" };
      case TokenKind.substitution:
        return this.substitution(start, end);
      default:
        return { kind: "unquoted", start, end, text: text.slice(start, end) };
    }
  }

  private open<T extends ObjectNode | ArrayNode>(node: T, opener: number): T {
    const last = this.tokens.partners[opener]!;
    this.pending.push({ node, first: opener + 1, last });
    return node;
  }

  private substitution(start: number, end: number): PieceNode {
    const { text } = this;
    const optional = text[start + 2] === "?";
    const closed = text.charCodeAt(end - 1) === 125;
    const { elements, problem, list } = parsePath(text, start + (optional ? 3 : 2), closed ? end - 1 : end);
    if (problem !== undefined && closed) {
      this.lateProblem(problem.message, start, problem.start, Math.max(problem.end, problem.start + 1));
    }
    return { kind: "substitution", start, end, optional, path: elements.map((element) => element.text), list };
  }

  private lateProblem(message: string, start: number, from: number, to: number): void {
    this.late.push({
      kind: "BadPath",
      message,
      start,
      offset: start,
      line: lineAt(this.text, start),
      range: { start: from, end: to },
    });
  }

  get includeIsOpen(): boolean {
    return this.statement?.open ?? false;
  }

  startInclude(keyword: number): void {
    this.includeStart = this.tokens.starts[keyword]!;
    this.startEntry(this.includeStart);
    this.statement = new IncludeStatement(tokenEnd(this.tokens, keyword));
  }

  includeWord(word: number): undefined {
    const { text, tokens } = this;
    const statement = this.statement!;
    const start = tokens.starts[word]!;
    const end = tokenEnd(tokens, word);
    switch (tokens.kinds[word]) {
      case TokenKind.string:
        return statement.quoted(decodeString(text, start + 1, closedEnd(text, start, end)), start, end);
      case TokenKind.tripleString:
        return statement.quoted(tripleText(text, start, end), start, end);
      case TokenKind.unquoted: {
        const used = statement.word(text.slice(start, end), start);
        if (used < end - start && !statement.open && statement.problem === undefined) {
          this.report("hocon_missing_comma", "missing `,` or line break after this include", start + used, end, start);
          this.broken = true;
        }
        return;
      }
      default:
        return statement.missing(start);
    }
  }

  /** Ends the include statement before `next`. */
  endInclude(next: number | undefined): void {
    const statement = this.statement!;
    const start = this.includeStart;
    if (statement.open) statement.missing(this.startOf(next));
    if (statement.problem !== undefined) {
      if (!this.broken)
        this.report(
          "hocon_bad_include",
          statement.problem.message,
          start,
          Math.max(statement.end, start + 7),
          statement.problem.at,
        );
      this.broken = true;
    }
    this.statement = undefined;
    const { form, required, name, nameStart, nameEnd, end } = statement;
    const node: IncludeNode = {
      kind: "include",
      start,
      end,
      form,
      required,
      name,
      target: name === undefined ? undefined : { start: nameStart, end: nameEnd },
    };
    this.addMember(node);
  }
}
