// OPA's globs without separators, which name files in manifests: `*` and `?` stand for slashes, too.

export type Glob = { readonly matches: RegExp } | { readonly fault: string };

/** What stops reading: the place counts bytes. */
class GlobFault {
  readonly reason: string;
  readonly at: number;
  constructor(reason: string, at: number) {
    this.reason = reason;
    this.at = at;
  }
}

export function globOf(pattern: string): Glob {
  const read = new GlobReader([...pattern]).terms();
  if (typeof read === "string") return { matches: new RegExp(`^${read}$`, "su") };
  const bytes = new TextEncoder().encode([...pattern].slice(0, read.at).join("")).length;
  return { fault: `glob: syntax error at ${bytes}: ${read.reason}` };
}

class GlobReader {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  /** The source of a regular expression, up to the end, or in braces up to a comma or the closing one. */
  terms(): string | GlobFault {
    let source = "";
    for (let char = this.#peek(); char !== undefined; char = this.#peek()) {
      if (this.#depth > 0 && (char === "," || char === "}")) break;
      this.#at++;
      const term = this.#term(char);
      if (typeof term !== "string") return term;
      source += term;
    }
    return source;
  }

  #term(char: string): string | GlobFault {
    switch (char) {
      case "*":
        // Any number of them says the same: each piece more would take its time where nothing fits.
        while (this.#peek() === "*") this.#at++;
        return ".*";
      case "?":
        return ".";
      case "[":
        return this.#range();
      case "{":
        return this.#alternatives();
      case "\\":
        return this.#escaped();
      default:
        return literal(char);
    }
  }

  #escaped(): string | GlobFault {
    const char = this.#next();
    return char === undefined ? this.#fault("trailing backslash") : literal(char);
  }

  /** `[a-z]` or `[abc]`, either with `!` for all others. */
  #range(): string | GlobFault {
    const negated = this.#peek() === "!";
    if (negated) this.#at++;
    const [low, dash] = [this.#peek(), this.#chars[this.#at + 1]];
    if (low === undefined) return this.#fault("unexpected end of input");
    const members = dash === "-" ? this.#ends(low) : this.#members();
    return typeof members === "string" ? `[${negated ? "^" : ""}${members}]` : members;
  }

  #ends(low: string): string | GlobFault {
    this.#at += 2;
    const high = this.#next();
    const close = high === undefined ? undefined : this.#next();
    if (high === undefined || close === undefined) return this.#fault("unexpected end of input");
    if (close !== "]") return this.#fault("expected close range character");
    if (high.codePointAt(0)! < low.codePointAt(0)!) return this.#fault("range hi character is less than lo");
    return `${literal(low)}-${literal(high)}`;
  }

  #members(): string | GlobFault {
    let members = "";
    for (let char = this.#next(); char !== "]"; char = this.#next()) {
      if (char === undefined) return this.#fault("unexpected end of input");
      const member = char === "\\" ? this.#escaped() : literal(char);
      if (typeof member !== "string") return member;
      members += member;
    }
    return members === "" ? this.#fault("could not parse range") : members;
  }

  #alternatives(): string | GlobFault {
    const found: string[] = [];
    this.#depth++;
    for (;;) {
      const read = this.terms();
      if (typeof read !== "string") return read;
      found.push(read);
      const close = this.#next();
      if (close === undefined) return this.#fault("unclosed `{`");
      if (close === "}") break;
    }
    this.#depth--;
    return `(?:${found.join("|")})`;
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #next(): string | undefined {
    const char = this.#chars[this.#at];
    if (char !== undefined) this.#at++;
    return char;
  }

  #fault(reason: string): GlobFault {
    return new GlobFault(reason, this.#at);
  }
}

function literal(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
