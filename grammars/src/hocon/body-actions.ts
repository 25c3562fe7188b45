// What the grammar does while it reads: builds nodes, keeps track of separators, and reports what does not fit.
import type { QuickFix, RelatedPlace } from "../diagnostic.ts";
import { ArrayGroup, type BodyToken, ObjectGroup, SeparatorToken, Stray } from "./grammar.ts";
import { IncludeStatement } from "./include-statement.ts";
import { lineAt } from "./lines.ts";
import { addPathToken, closedEnd, PathBuilder, parsePath, tripleText } from "./path.ts";
import { decodeString } from "./string-literal.ts";
import { type PairedTokens, TokenKind, tokenEnd } from "./tokens.ts";
import type {
  ArrayNode,
  ConcatenationNode,
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

export class BodyActions {
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

  comma(token: BodyToken): void {
    const start = token.startOffset;
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

  /** An entry starts at `token`. */
  startEntry(token: BodyToken): void {
    if (this.needsSeparator && !this.broken) this.missingComma(token.startOffset);
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

  junk(token: BodyToken): void {
    const start = token.startOffset;
    const end = this.pieceEnd(token);
    if (!this.broken) this.reportJunk(token, start, end);
    this.broken = true;
    this.needsSeparator = true;
    this.commaAllowed = true;
  }

  private reportJunk(token: BodyToken, start: number, end: number): undefined {
    const shown = this.text.slice(start, Math.min(end, start + 12));
    if (token.tokenType === Stray) {
      const fixes = [{ title: `Remove \`${shown}\``, edits: [{ range: { start, end }, newText: "" }] }];
      return this.report("hocon_unbalanced_bracket", `\`${shown}\` closes nothing: no bracket is open here`, start, end, start, {
        fixes,
      });
    }
    if (token.tokenType === SeparatorToken && this.needsSeparator) {
      const message = `\`${shown}\` cannot stand inside a value: quote the text, or put the next field on a line of its own`;
      return this.report("hocon_reserved_character", message, start, end, start);
    }
    if (this.needsSeparator) return this.missingComma(start);
    const head = { start, end: Math.min(end, start + 1) };
    if (this.inArray) return this.report("hocon_missing_value", `a value is expected here, not \`${shown}\``, start, end, start);
    const message =
      token.tokenType === SeparatorToken
        ? `a key is expected before \`${shown}\``
        : "a key is expected here: only a value has brackets";
    this.report("hocon_missing_key", message, head.start, token.tokenType === SeparatorToken ? end : head.end, start);
  }

  key(first: BodyToken, last: BodyToken): KeyNode {
    const { text, tokens } = this;
    const start = first.startOffset;
    const end = tokenEnd(tokens, last.index);
    if (first === last && tokens.kinds[first.index] === TokenKind.unquoted) {
      const word = text.slice(start, end);
      if (!word.includes(".")) {
        this.checkJsonKey(first, word, start, end);
        return { kind: "key", start, end, path: [word] };
      }
    }
    const builder = new PathBuilder();
    let broken = false;
    for (let index = first.index; index <= last.index; index++) {
      // The reference looks at the path before it looks at text that no token can start with.
      if (!broken && index > first.index && this.isFaulty(tokens.starts[index]!)) {
        broken = true;
        this.checkPrefix(first.index, index);
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
    this.checkJsonKey(first, path.join("."), start, end);
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

  private checkJsonKey(first: BodyToken, name: string, start: number, end: number): void {
    if (!this.json || this.broken) return;
    const kind = this.tokens.kinds[first.index];
    if (kind !== TokenKind.string && kind !== TokenKind.tripleString && kind !== TokenKind.unquoted) {
      const fixes = [
        { title: "Quote the key", edits: [{ range: { start, end }, newText: JSON.stringify(name) }], preferred: true },
      ];
      this.report("hocon_not_strict_json", "strict JSON wants keys in quotes", start, end, start, { fixes });
    }
  }

  missingSeparator(key: KeyNode, next: BodyToken | undefined): void {
    if (this.broken) return;
    this.broken = true;
    const name = this.text.slice(key.start, key.end);
    const order = next?.startOffset ?? this.end;
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

  missingValue(key: KeyNode, next: BodyToken | undefined): void {
    if (this.broken) return;
    const name = this.text.slice(key.start, key.end);
    const order = next?.startOffset ?? this.end;
    this.report(
      "hocon_missing_value",
      `the key \`${name}\` has no value: nothing follows its separator`,
      key.start,
      key.end,
      order,
    );
    this.broken = true;
  }

  private related(at: number, message: string): RelatedPlace {
    return { file: this.file, range: { start: at, end: Math.min(at + 1, this.text.length) }, message };
  }

  field(key: KeyNode, separator: BodyToken | undefined, value: ValueNode | undefined): FieldNode {
    const kind = separator && SEPARATORS[this.tokens.kinds[separator.index]!];
    const end = value?.end ?? (separator ? tokenEnd(this.tokens, separator.index) : key.end);
    if (this.json && !this.broken && separator === undefined && value !== undefined) {
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

  endField(field: FieldNode): void {
    if (this.keys !== undefined && field.value !== undefined) {
      const name = field.key.path[0]!;
      if (this.keys.has(name) && !this.broken) {
        const message = `strict JSON allows the key ${JSON.stringify(name)} only once in an object`;
        this.report("hocon_duplicate_key", message, field.key.start, field.key.end, field.key.start, { at: field.value.end - 1 });
      }
      this.keys.add(name);
    }
    this.member(field);
  }

  member(member: Member): void {
    this.members.push(member);
    this.endEntry();
  }

  item(value: ValueNode): void {
    this.items.push(value);
    this.endEntry();
  }

  private pieceEnd(token: BodyToken): number {
    const { tokens } = this;
    if (token.tokenType !== ObjectGroup && token.tokenType !== ArrayGroup) return tokenEnd(tokens, token.index);
    const partner = tokens.partners[token.index]!;
    return this.closes(token.index, partner) ? tokenEnd(tokens, partner) : tokens.starts[partner]!;
  }

  private closes(opener: number, partner: number): boolean {
    const { kinds } = this.tokens;
    return kinds[partner] === (kinds[opener] === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
  }

  piece(token: BodyToken): PieceNode {
    const { text, tokens } = this;
    const start = token.startOffset;
    const end = this.pieceEnd(token);
    switch (tokens.kinds[token.index] as TokenKind) {
      case TokenKind.openBrace: {
        const closed = this.closes(token.index, tokens.partners[token.index]!);
        return this.open({ kind: "object", start, end, members: [], closed }, token.index);
      }
      case TokenKind.openBracket: {
        const closed = this.closes(token.index, tokens.partners[token.index]!);
        return this.open({ kind: "array", start, end, items: [], closed }, token.index);
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

  concatenation(pieces: readonly PieceNode[]): ConcatenationNode {
    return { kind: "concatenation", start: pieces[0]!.start, end: pieces.at(-1)!.end, pieces };
  }

  get includeIsOpen(): boolean {
    return this.statement?.open ?? false;
  }

  startInclude(keyword: BodyToken): void {
    this.statement = new IncludeStatement(tokenEnd(this.tokens, keyword.index));
    this.includeStart = keyword.startOffset;
  }

  private includeStart = 0;

  includeWord(word: BodyToken): undefined {
    const { text, tokens } = this;
    const statement = this.statement!;
    const start = word.startOffset;
    const end = tokenEnd(tokens, word.index);
    switch (tokens.kinds[word.index]) {
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
  endInclude(next: BodyToken): IncludeNode {
    const statement = this.statement!;
    const start = this.includeStart;
    if (statement.open) statement.missing(next.index === undefined ? this.end : next.startOffset);
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
    return {
      kind: "include",
      start,
      end,
      form,
      required,
      name,
      target: name === undefined ? undefined : { start: nameStart, end: nameEnd },
    };
  }
}
