// YAML text → tokens, with libyaml's rules for indentation and simple keys.
import { endsWord, isBlank, isBreak, isWordCharacter } from "./characters.ts";
import { Cursor } from "./cursor.ts";
import { type Mark, scanFault } from "./fault.ts";
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from "./scalars.ts";
import { scanDirective, scanTag } from "./tags.ts";

export type TokenKind =
  | "stream-end"
  | "version"
  | "tag-directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "-"
  | "?"
  | ":"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly kind: TokenKind;
  readonly start: Mark;
  readonly end: Mark;
  /** The text of a scalar, the name of an anchor or alias, the handle of a tag, the version. */
  readonly value: string;
  /** The suffix of a tag, the prefix of a %TAG directive. */
  readonly suffix?: string;
  readonly plain?: boolean;
}

/** A place where a key may have begun that only the `:` behind it will show. */
interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  readonly token: number;
  readonly mark: Mark;
}

const deepest = 10_000;
/** A simple key is on one line and not longer. */
const longestKey = 1024;

/** Characters that begin no plain scalar. */
const indicators = "-?:,[]{}#&*!|>'\"%@`";

export class Scanner extends Cursor {
  private readonly tokens: Token[] = [];
  private head = 0;
  private taken = 0;
  private readonly indents: number[] = [];
  private readonly simpleKeys: SimpleKey[] = [{ possible: false, required: false, token: 0, mark: this.mark }];
  private readonly keyOfToken = new Map<number, SimpleKey>();

  peek(): Token {
    this.fetch();
    return this.tokens[this.head]!;
  }

  next(): void {
    this.fetch();
    this.head++;
    this.taken++;
    if (this.head > 256) this.tokens.splice(0, this.head);
    if (this.head > 256) this.head = 0;
  }

  /** Reads on while the first token could still turn out to be a key; two tokens more are always known. */
  private fetch(): void {
    for (;;) {
      if (this.head < this.tokens.length - 2) {
        const key = this.keyOfToken.get(this.taken);
        if (key === undefined || !this.isStillPossible(key)) return;
      }
      this.scan();
    }
  }

  private push(kind: TokenKind, start: Mark, value = "", more: Partial<Token> = {}): void {
    this.tokens.push({ kind, start, end: this.mark, value, ...more });
  }

  private scan(): void {
    this.skipToToken();
    this.unroll(this.column);
    const char = this.at();
    if (char === "") return this.streamEnd();
    const start = this.mark;
    if (this.column === 0 && char === "%") {
      this.unroll(-1);
      this.removeSimpleKey();
      this.simpleKeyAllowed = false;
      const directive = scanDirective(this);
      if (directive !== undefined) this.push(directive.kind, start, directive.value, { suffix: directive.suffix });
      return;
    }
    if (this.atDocumentIndicator()) {
      this.unroll(-1);
      this.removeSimpleKey();
      this.simpleKeyAllowed = false;
      this.skip(3);
      return this.push(char === "-" ? "document-start" : "document-end", start);
    }
    const spaced = endsWord(this.at(1));
    if (char === "[" || char === "{") return this.flowStart(char);
    if (char === "]" || char === "}") return this.flowEnd(char);
    if (char === ",") return this.flowEntry();
    if (char === "-" && spaced) return this.blockEntry();
    if (char === "?" && (this.flowLevel > 0 || spaced)) return this.key();
    if (char === ":" && (this.flowLevel > 0 || spaced)) return this.value();
    if (char === "*" || char === "&") return this.anchor(char === "*" ? "alias" : "anchor");
    if (char === "!") {
      this.saveSimpleKey();
      this.simpleKeyAllowed = false;
      const { handle, suffix } = scanTag(this);
      return this.push("tag", start, handle, { suffix });
    }
    if ((char === "|" || char === ">") && this.flowLevel === 0) {
      this.removeSimpleKey();
      this.simpleKeyAllowed = true;
      return this.push("scalar", start, scanBlockScalar(this, char === "|"), { plain: false });
    }
    if (char === "'" || char === '"') {
      this.saveSimpleKey();
      this.simpleKeyAllowed = false;
      return this.push("scalar", start, scanQuotedScalar(this, char), { plain: false });
    }
    const beginsPlain =
      !indicators.includes(char) ||
      (char === "-" && !isBlank(this.at(1))) ||
      (this.flowLevel === 0 && (char === "?" || char === ":") && !spaced);
    if (!beginsPlain || endsWord(char)) throw scanFault("found character that cannot start any token", start, start);
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { value, end } = scanPlainScalar(this);
    this.tokens.push({ kind: "scalar", start, end, value, plain: true });
  }

  /** Past white space, comments and line breaks; a tab may not stand where a block key could begin. */
  private skipToToken(): void {
    for (;;) {
      if (this.column === 0 && this.at() === "\ufeff") this.skip();
      while (this.at() === " " || (this.at() === "\t" && (this.flowLevel > 0 || !this.simpleKeyAllowed))) this.skip();
      if (this.at() === "#") while (this.at() !== "" && !isBreak(this.at())) this.skip();
      if (!isBreak(this.at())) return;
      this.readBreak();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  private isStillPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.mark.line === this.line && key.mark.index + longestKey >= this.index) return true;
    if (key.required) throw scanFault("could not find expected ':'", key.mark, this.mark);
    key.possible = false;
    return false;
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    const required = this.flowLevel === 0 && this.indent === this.column;
    const key = { possible: true, required, token: this.taken + this.tokens.length - this.head, mark: this.mark };
    this.removeSimpleKey();
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keyOfToken.set(key.token, key);
  }

  private removeSimpleKey(): void {
    const key = this.simpleKeys.at(-1)!;
    if (!key.possible) return;
    if (key.required) throw scanFault("could not find expected ':'", key.mark, this.mark);
    key.possible = false;
    this.keyOfToken.delete(key.token);
  }

  /** A deeper column opens a block collection, at the place of an earlier token when its key shows late. */
  private roll(kind: "block-sequence-start" | "block-mapping-start", column: number, mark: Mark, position?: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > deepest)
      throw scanFault(`exceeded max depth of ${deepest}`, this.simpleKeys.at(-1)!.mark, this.mark);
    const token: Token = { kind, start: mark, end: mark, value: "" };
    if (position === undefined) this.tokens.push(token);
    else this.tokens.splice(this.head + position - this.taken, 0, token);
  }

  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push("block-end", this.mark);
      this.indent = this.indents.pop()!;
    }
  }

  private streamEnd(): void {
    if (this.column !== 0) {
      this.column = 0;
      this.line++;
    }
    this.unroll(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push("stream-end", this.mark);
  }

  private indicator(kind: TokenKind): void {
    const start = this.mark;
    this.skip();
    this.push(kind, start);
  }

  private flowStart(kind: "[" | "{"): void {
    this.saveSimpleKey();
    this.simpleKeys.push({ possible: false, required: false, token: 0, mark: this.mark });
    this.flowLevel++;
    if (this.flowLevel > deepest) throw scanFault(`exceeded max depth of ${deepest}`, this.mark, this.mark);
    this.simpleKeyAllowed = true;
    this.indicator(kind);
  }

  private flowEnd(kind: "]" | "}"): void {
    this.removeSimpleKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.simpleKeys.pop();
    }
    this.simpleKeyAllowed = false;
    this.indicator(kind);
  }

  private flowEntry(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.indicator(",");
  }

  private blockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) throw scanFault("block sequence entries are not allowed in this context", undefined, this.mark);
      this.roll("block-sequence-start", this.column, this.mark);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.indicator("-");
  }

  private key(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) throw scanFault("mapping keys are not allowed in this context", undefined, this.mark);
      this.roll("block-mapping-start", this.column, this.mark);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.indicator("?");
  }

  private value(): void {
    const key = this.simpleKeys.at(-1)!;
    if (this.isStillPossible(key)) {
      const token: Token = { kind: "?", start: key.mark, end: key.mark, value: "" };
      this.tokens.splice(this.head + key.token - this.taken, 0, token);
      this.roll("block-mapping-start", key.mark.column, key.mark, key.token);
      key.possible = false;
      this.keyOfToken.delete(key.token);
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) throw scanFault("mapping values are not allowed in this context", undefined, this.mark);
        this.roll("block-mapping-start", this.column, this.mark);
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.indicator(":");
  }

  private anchor(kind: "alias" | "anchor"): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const start = this.mark;
    this.skip();
    let name = "";
    while (isWordCharacter(this.at())) name += this.read();
    if (name === "" || !(endsWord(this.at()) || "?:,]}%@`".includes(this.at())))
      throw scanFault("did not find expected alphabetic or numeric character", start, this.mark);
    this.push(kind, start, name);
  }
}
