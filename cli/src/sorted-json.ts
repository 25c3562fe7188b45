// JSON text → the same document as Go writes it, sorted and compact, without making its values: what is so already is copied as it stands.
import { writeJsonText } from "#evaluation/json-text.ts";
import { TextCursor } from "#evaluation/text-cursor.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";

/** What `writeJsonText` gives of the value of a well-formed text; the text nests no deeper than an outline does. */
export function sortedJson(text: string): string {
  const clean = text.toWellFormed();
  const writer = new Writer(clean);
  writer.blanks();
  const start = writer.at;
  return writer.value() ?? clean.slice(start, writer.at);
}

interface Member {
  readonly key: string;
  readonly text: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** Each method steps over what begins at the place and gives its text; undefined where that is what stands there. */
class Writer extends TextCursor {
  value(): string | undefined {
    switch (this.text.charCodeAt(this.at)) {
      case 0x22:
        return this.#string();
      case 0x5b:
        return this.#array();
      case 0x7b:
        return this.#object();
      default:
        return this.#word();
    }
  }

  /** Numbers, `true`, `false` and `null`. */
  #word(): undefined {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code > 0x20) || code === 0x2c || code === 0x5d || code === 0x7d) return;
      this.at++;
    }
  }

  #string(): string | undefined {
    const start = this.at;
    plainString.lastIndex = start;
    if (plainString.test(this.text)) {
      this.at = plainString.lastIndex;
      return undefined;
    }
    this.at++;
    let plain = true;
    for (let code = this.text.charCodeAt(this.at); code !== 0x22; code = this.text.charCodeAt(this.at)) {
      if (code === 0x5c) this.at++;
      if (!standsAsItIs(code)) plain = false;
      this.at++;
    }
    this.at++;
    return plain ? undefined : writeJsonText((JSON.parse(this.text.slice(start, this.at)) as string).toWellFormed());
  }

  #array(): string | undefined {
    plainArray.lastIndex = this.at;
    if (plainArray.test(this.text)) {
      this.at = plainArray.lastIndex;
      return undefined;
    }
    const start = this.at++;
    let changed = this.#skipsBlanks();
    let text: string | undefined;
    for (let count = 0; this.text.charCodeAt(this.at) !== 0x5d; count++) {
      const end = this.at;
      if (count > 0) {
        this.at++;
        if (this.#skipsBlanks()) changed = true;
      }
      const from = this.at;
      const item = this.value();
      const to = this.at;
      if (item !== undefined) changed = true;
      if (changed && text === undefined) text = count === 0 ? "[" : this.text.slice(start, end);
      if (text !== undefined) text += `${count === 0 ? "" : ","}${item ?? this.text.slice(from, to)}`;
      if (this.#skipsBlanks()) {
        changed = true;
        text ??= this.text.slice(start, to);
      }
    }
    this.at++;
    return changed ? `${text ?? "["}]` : undefined;
  }

  #object(): string | undefined {
    this.at++;
    let changed = this.#skipsBlanks();
    let ascending = true;
    const members: Member[] = [];
    while (this.text.charCodeAt(this.at) !== 0x7d) {
      if (members.length > 0) {
        this.at++;
        if (this.#skipsBlanks()) changed = true;
      }
      const member = this.#member();
      if (member.text !== undefined) changed = true;
      const before = members.at(-1);
      if (before !== undefined && compareStrings(before.key, member.key) >= 0) ascending = false;
      members.push(member);
      if (this.#skipsBlanks()) changed = true;
    }
    this.at++;
    if (!changed && ascending) return undefined;
    const sorted = ascending ? members : lastOfEach(members);
    let text = "";
    for (const one of sorted) text += `${text === "" ? "{" : ","}${one.text ?? this.text.slice(one.from, one.to)}`;
    return text === "" ? "{}" : `${text}}`;
  }

  #member(): Member {
    const from = this.at;
    const key = this.#string();
    const name = key === undefined ? this.text.slice(from + 1, this.at - 1) : (JSON.parse(key) as string);
    const quoted = this.at;
    const spaced = this.#skipsBlanks();
    this.at++;
    const blank = this.#skipsBlanks() || spaced;
    const start = this.at;
    const value = this.value();
    const to = this.at;
    if (key === undefined && value === undefined && !blank) return { key: name, text: undefined, from, to };
    return { key: name, text: `${key ?? this.text.slice(from, quoted)}:${value ?? this.text.slice(start, to)}`, from, to };
  }

  /** True where there were some. */
  #skipsBlanks(): boolean {
    const from = this.at;
    this.blanks();
    return this.at > from;
  }
}

/** By key; of equal keys the last. */
function lastOfEach(members: readonly Member[]): readonly Member[] {
  const sorted = [...members].sort((a, b) => compareStrings(a.key, b.key));
  return sorted.filter(({ key }, at) => sorted[at + 1]?.key !== key);
}

/** A string of what Go leaves as it stands, found much sooner than by going through its letters. */
const plainString = /"[^"\\<>&\u2028\u2029\ud800-\udfff]*"/y;
/** An array of a few of them. */
const plainArray = /\[(?:"[^"\\<>&\u2028\u2029\ud800-\udfff]*"(?:,"[^"\\<>&\u2028\u2029\ud800-\udfff]*"){0,31})?\]/y;

/** What Go leaves in a string unescaped; surrogates and escapes are looked at more closely. */
function standsAsItIs(code: number): boolean {
  if (code < 0x80) return code !== 0x5c && code !== 0x3c && code !== 0x3e && code !== 0x26;
  return code !== 0x2028 && code !== 0x2029 && (code < 0xd800 || code > 0xdfff);
}
