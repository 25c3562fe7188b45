// The words after `include`: a quoted name, alone or in `file(…)`, `url(…)`, `classpath(…)`, all optionally in `required(…)`.
import type { IncludeForm } from "./tree.ts";

export interface IncludeProblem {
  readonly message: string;
  readonly at: number;
}

/** Reads the words one by one. `open` says that the statement still needs some. */
export class IncludeStatement {
  form: IncludeForm = "heuristic";
  required = false;
  name: string | undefined;
  nameStart = 0;
  nameEnd = 0;
  end: number;
  open = true;
  problem: IncludeProblem | undefined;
  private state: "resource" | "name" | "close" | "closeRequired" = "resource";

  constructor(end: number) {
    this.end = end;
  }

  private fail(message: string, at: number): undefined {
    this.problem ??= { message, at };
    this.open = false;
  }

  /** A quoted string. */
  quoted(name: string, start: number, end: number): undefined {
    if (this.state !== "resource" && this.state !== "name") return this.missing(start);
    this.name = name;
    this.nameStart = start;
    this.nameEnd = end;
    this.end = end;
    if (this.state === "name") this.state = "close";
    else this.closeRequired();
  }

  private closeRequired(): undefined {
    if (this.required) this.state = "closeRequired";
    else this.open = false;
  }

  /** Unquoted text. Returns how many of its characters belong to the statement. */
  word(text: string, start: number): number {
    let used = 0;
    while (used < text.length && this.open) {
      const length = this.take(text.slice(used), start);
      if (length === 0) break;
      used += length;
    }
    if (used > 0) this.end = start + used;
    return used;
  }

  private take(text: string, start: number): number {
    switch (this.state) {
      case "resource": {
        if (!this.required && text.startsWith("required(")) {
          this.required = true;
          return "required(".length;
        }
        const form = /^(file|url|classpath)\(/.exec(text);
        if (form === null) break;
        this.form = form[1] as IncludeForm;
        this.state = "name";
        return form[0].length;
      }
      case "name":
        break;
      case "close":
        if (!text.startsWith(")")) break;
        this.closeRequired();
        return 1;
      case "closeRequired":
        // The reference wants this parenthesis alone in its word.
        if (text !== ")") break;
        this.open = false;
        return 1;
    }
    this.missing(start);
    return 0;
  }

  /** The statement cannot go on at `at`. */
  missing(at: number): undefined {
    switch (this.state) {
      case "resource":
        return this.fail(
          'a quoted file name, `file("…")`, `url("…")`, `classpath("…")` or `required(…)` is expected after `include` (no blank before a parenthesis)',
          at,
        );
      case "name":
        return this.fail(`a quoted name is expected inside \`${this.form}(…)\``, at);
      case "close":
        return this.fail(`\`)\` is missing: it closes \`${this.form}(\``, at);
      case "closeRequired":
        return this.fail("`)` is missing: it closes `required(`", at);
    }
  }
}
