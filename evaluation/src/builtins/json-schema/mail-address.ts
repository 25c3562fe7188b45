// Mail addresses as Go's net/mail reads them: `a@b`, `Name <a@b>`, quoted local parts, comments.

/** Reads one address to its end; `rest` shrinks with every piece that is taken. */
export function isMailAddress(text: string): boolean {
  const reader = new Reader(text);
  reader.space();
  if (reader.rest === "") return false;
  const start = reader.rest;
  if (reader.address()) return reader.end();
  reader.rest = start;
  if (!reader.rest.startsWith("<") && !reader.phrase()) return false;
  reader.space();
  if (!reader.take("<") || !reader.address() || !reader.take(">")) return false;
  return reader.end();
}

const atext = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]|[^\u0000-\u007f])+/u;

class Reader {
  rest: string;
  constructor(text: string) {
    this.rest = text;
  }

  take(text: string): boolean {
    if (!this.rest.startsWith(text)) return false;
    this.rest = this.rest.slice(text.length);
    return true;
  }

  space(): void {
    this.rest = this.rest.replace(/^[ \t]+/u, "");
  }

  /** local@domain; the local part is a dotted atom or a quoted string. */
  address(): boolean {
    this.space();
    const local = this.rest.startsWith('"') ? this.quoted() : this.dotted();
    if (!local) return false;
    if (!this.take("@")) return false;
    this.space();
    if (this.rest === "") return false;
    return this.rest.startsWith("[") ? this.literal() : this.dotted();
  }

  private dotted(): boolean {
    const found = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|[^\u0000-\u007f])+/u.exec(this.rest)?.[0] ?? "";
    if (found === "" || found.startsWith(".") || found.endsWith(".") || found.includes("..")) return false;
    this.rest = this.rest.slice(found.length);
    return true;
  }

  /** Printable characters and spaces between quotes, with backslash escapes. */
  private quoted(): boolean {
    const found = /^"((?:[^"\\\u0000-\u0008\u000a-\u001f\u007f]|\\[^\u0000-\u0008\u000a-\u001f\u007f])*)"/u.exec(this.rest);
    if (found === null) return false;
    this.rest = this.rest.slice(found[0].length);
    return found[1] !== "";
  }

  private literal(): boolean {
    const found = /^\[((?:[0-9]{1,3}\.){3}[0-9]{1,3}|IPv6:[0-9A-Fa-f:.]+|[0-9A-Fa-f:.]+)\]/u.exec(this.rest);
    if (found === null) return false;
    this.rest = this.rest.slice(found[0].length);
    return true;
  }

  phrase(): boolean {
    let words = 0;
    for (;;) {
      this.space();
      if (this.rest.startsWith('"')) {
        const before = this.rest;
        if (!this.quoted() && this.rest === before) return false;
      } else {
        const word = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|[^\u0000-\u007f])+/u.exec(this.rest)?.[0];
        if (word === undefined || !atext.test(word)) return words > 0;
        this.rest = this.rest.slice(word.length);
      }
      words++;
    }
  }

  /** Nothing more than white space and comments. */
  end(): boolean {
    this.space();
    while (this.rest.startsWith("(")) {
      const found = /^\([^()]*\)[ \t]*/u.exec(this.rest);
      if (found === null) return false;
      this.rest = this.rest.slice(found[0].length);
    }
    return this.rest === "";
  }
}
