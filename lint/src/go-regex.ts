// Whether Go's package regexp, RE2, reads a pattern.

/** How often counted repetitions in one another may repeat what is innermost. */
const mostRepeats = 1000;
const deepest = 1000;

/** True for a pattern without faults. */
export function isGoRegex(pattern: string): boolean {
  return new PatternReader(pattern).read();
}

/** What stands in parentheses, or the whole pattern. */
interface Group {
  /** How often counted repetitions in it repeat what is innermost, at most. */
  repeats: number;
  /** The same for the last thing in it; 0 where there is nothing that could be repeated. */
  last: number;
}

const quoted = /\\Q(.*?)(?:\\E|$)/suy;
const flags = /\(\?[imsU]*(?:-[imsU]+)?([:)])/uy;
const named = /\(\?P?<\w+>/y;
const plainGroup = /\((?!\?)/uy;
const repetition = /(?:[*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})\??/uy;
const assertion = /\\[AbBz]/uy;
const character = /[^\\]/suy;
const perlClass = /\\[dDsSwW]/uy;
const unicodeStart = /\\[pP]/uy;
const unicodeClass = /\\[pP](?:\{\^?([^}]*)\}|([^{]))/suy;
const escaped = /\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2}|x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|[afnrtv]|[!-/:-@[-`{-~\x00- ])/uy;
const posixClass = /\[:(\^?[^:\]]*|.*?):\]/suy;
const posixNames = /^\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/u;

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): boolean {
    const groups: Group[] = [{ repeats: 1, last: 0 }];
    while (this.#at < this.#text.length) if (!this.#step(groups)) return false;
    return groups.length === 1;
  }

  /** Reads the next piece; false where it is faulty. */
  #step(groups: Group[]): boolean {
    const group = groups.at(-1)!;
    const switched = this.#take(flags);
    if (switched?.[1] === ")") return true;
    if (switched !== undefined || this.#take(named) !== undefined || this.#take(plainGroup) !== undefined) {
      groups.push({ repeats: 1, last: 0 });
      return groups.length <= deepest;
    }
    switch (this.#text[this.#at]) {
      case "(":
        return false;
      case ")":
        this.#at++;
        groups.pop();
        return groups.length > 0 && this.#repeated(groups.at(-1)!, group.repeats);
      case "|":
        this.#at++;
        group.last = 0;
        return true;
      case "[":
        return this.#bracketed() && this.#repeated(group, 1);
    }
    const text = this.#take(quoted);
    if (text !== undefined) return text[1] === "" || this.#repeated(group, 1);
    // Behind flags, what stands before them is repeated.
    if (this.#isAt(repetition)) return group.last > 0 && this.#repeated(group, group.last);
    return this.#one() && this.#repeated(group, 1);
  }

  /** One character, class or assertion outside of brackets. */
  #one(): boolean {
    if (this.#isAt(unicodeStart)) return this.#unicode();
    return [assertion, perlClass, character].some((kind) => this.#take(kind) !== undefined) || this.#escaped() !== undefined;
  }

  /** What repeats the thing that was just read: once, as `**` is none. */
  #repeated(group: Group, inner: number): boolean {
    const match = this.#take(repetition);
    const [least, most] = match === undefined ? [1, 1] : boundsOf(match);
    if (Math.max(least, most === Number.POSITIVE_INFINITY ? 0 : most) > mostRepeats || least > most) return false;
    const times = most === Number.POSITIVE_INFINITY ? least : most;
    const repeats = Math.max(times, 1) * inner;
    group.repeats = Math.max(group.repeats, repeats);
    group.last = repeats;
    return repeats <= mostRepeats && (match === undefined || this.#take(repetition) === undefined);
  }

  /** `[a-z]`; a bracket that comes first is one of the characters. */
  #bracketed(): boolean {
    this.#at += this.#text[this.#at + 1] === "^" ? 2 : 1;
    for (let first = true; first || this.#text[this.#at] !== "]"; first = false) {
      if (this.#at >= this.#text.length || !this.#member()) return false;
    }
    this.#at++;
    return true;
  }

  #member(): boolean {
    const posix = this.#take(posixClass);
    if (posix !== undefined) return posixNames.test(posix[1]!);
    if (this.#take(perlClass) !== undefined) return true;
    if (this.#isAt(unicodeStart)) return this.#unicode();
    const low = this.#point();
    const isRange = this.#text[this.#at] === "-" && this.#at + 1 < this.#text.length && this.#text[this.#at + 1] !== "]";
    if (!isRange) return low !== undefined;
    this.#at++;
    const high = this.#point();
    return low !== undefined && high !== undefined && low <= high;
  }

  /** A character of a class, by its number. */
  #point(): number | undefined {
    const plain = this.#take(character);
    return plain === undefined ? this.#escaped() : plain[0].codePointAt(0);
  }

  #escaped(): number | undefined {
    const match = this.#take(escaped);
    if (match === undefined) return undefined;
    const [text, two, many] = match;
    const hex = two ?? many;
    if (hex !== undefined) return Number.parseInt(hex, 16) > 0x10_ffff ? undefined : Number.parseInt(hex, 16);
    if (/\d/u.test(text)) return Number.parseInt(text.slice(1), 8);
    const control = "a------bt-nvfr".indexOf(text[1]!);
    return /[afnrtv]/u.test(text) ? control + (control === 0 ? 7 : 1) : text.codePointAt(1);
  }

  #unicode(): boolean {
    const match = this.#take(unicodeClass);
    return match !== undefined && isUnicodeClass((match[1] ?? match[2])!);
  }

  #isAt(kind: RegExp): boolean {
    kind.lastIndex = this.#at;
    return kind.test(this.#text);
  }

  #take(kind: RegExp): RegExpExecArray | undefined {
    kind.lastIndex = this.#at;
    const match = kind.exec(this.#text);
    if (match === null) return undefined;
    this.#at = kind.lastIndex;
    return match;
  }
}

function boundsOf([text, least, comma, most]: RegExpExecArray): readonly [number, number] {
  if (least === undefined) return [text.startsWith("+") ? 1 : 0, text.startsWith("?") ? 1 : Number.POSITIVE_INFINITY];
  const open = comma === undefined ? Number(least) : Number.POSITIVE_INFINITY;
  return [Number(least), most === undefined ? open : Number(most)];
}

const knownClasses = new Map<string, boolean>();

/** Categories and scripts, whatever the case of their letters. */
function isUnicodeClass(name: string): boolean {
  let known = knownClasses.get(name);
  if (known === undefined) {
    const words = name.toLowerCase().split(/[\s_-]+/u);
    const titled = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("_");
    known = ["Any", "Ascii", "Assigned"].includes(titled) || [`gc=${titled}`, `sc=${titled}`].some(isProperty);
    knownClasses.set(name, known);
  }
  return known;
}

function isProperty(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, "u").source !== "";
  } catch {
    return false;
  }
}
