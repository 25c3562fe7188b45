// Template tokens → trees by name, with text/template's faults.
import { goQuote } from "#grammars/text/go-quote.ts";
import { TemplateFault } from "./fault.ts";
import { functionNames } from "./functions.ts";
import { shown, type Token, type TokenKind, tokenize } from "./lexer.ts";
import { type Command, type Operand, type Pipe, type Statement, written } from "./nodes.ts";
import { unquote } from "./unquote.ts";

export type Templates = ReadonlyMap<string, readonly Statement[]>;

/** What ended a list of statements. */
type End = "end" | "else" | "else if" | "else with";

const deepest = 500;

/** The main template has the name `template`. Throws TemplateFault. */
export function parseTemplate(source: string): Templates {
  return new Parser(source).parse();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private variables: string[] = ["$"];
  private rangeDepth = 0;
  private depth = 0;
  private actionLine = 0;
  private readonly templates = new Map<string, readonly Statement[]>();

  constructor(source: string) {
    this.tokens = tokenize(source);
  }

  parse(): Templates {
    const main: Statement[] = [];
    while (this.peek().kind !== "eof") {
      if (this.peek().kind === "{{" && this.define()) continue;
      const statement = this.statement();
      if (typeof statement === "string") throw this.fault(`unexpected {{${statement.split(" ")[0]!}}}`);
      if (statement !== undefined) main.push(statement);
    }
    if (!this.templates.has("template") || !isEmpty(main)) this.templates.set("template", main);
    return this.templates;
  }

  private peek(): Token {
    return this.tokens[Math.min(this.next, this.tokens.length - 1)]!;
  }

  private take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  private skipSpace(): Token {
    while (this.peek().kind === "space") this.next++;
    return this.peek();
  }

  private fault(message: string): TemplateFault {
    const last = this.tokens[Math.min(Math.max(this.next - 1, 0), this.tokens.length - 1)]!;
    return new TemplateFault(`template: template:${last.line}: ${message}`);
  }

  private unexpected(token: Token, context: string): TemplateFault {
    if (token.kind !== "error") return this.fault(`unexpected ${shown(token)} in ${context}`);
    const elsewhere = this.actionLine !== 0 && this.actionLine !== token.line;
    const start = ` started at template:${this.actionLine}`;
    return this.fault(token.text + (elsewhere ? (token.text.endsWith(" action") ? start : ` in action${start}`) : ""));
  }

  private expect(kind: TokenKind, context: string): Token {
    this.skipSpace();
    const token = this.take();
    if (token.kind !== kind) throw this.unexpected(token, context);
    return token;
  }

  private name(context: string): string {
    const token = this.expect("string", context);
    return this.unquoted(token);
  }

  private unquoted(token: Token): string {
    const text = unquote(token.text);
    if (text === undefined) throw this.fault("invalid syntax");
    return text;
  }

  /** `{{define "name"}} … {{end}}`, at the top only. */
  private define(): boolean {
    const start = this.next;
    this.take();
    const token = this.skipSpace();
    if (token.kind !== "keyword" || token.text !== "define") {
      this.next = start;
      return false;
    }
    this.take();
    const name = this.name("define clause");
    this.expect("}}", "define clause");
    this.add(
      name,
      this.separately(() => this.list("define clause")),
    );
    return true;
  }

  private add(name: string, body: readonly Statement[]): void {
    const known = this.templates.get(name);
    if (known === undefined || isEmpty(known)) this.templates.set(name, body);
    else if (!isEmpty(body)) throw this.fault(`template: multiple definition of template ${goQuote(name)}`);
  }

  /** A template sees no variables of the text around it. */
  private separately<T>(read: () => T): T {
    const { variables, rangeDepth } = this;
    this.variables = ["$"];
    this.rangeDepth = 0;
    const result = read();
    this.variables = variables;
    this.rangeDepth = rangeDepth;
    return result;
  }

  /** Statements that only `{{end}}` ends. */
  private list(context: string): readonly Statement[] {
    const { statements, end } = this.statements();
    if (end !== "end") throw this.fault(`unexpected {{else}} in ${context}`);
    return statements;
  }

  private statements(): { readonly statements: readonly Statement[]; readonly end: End } {
    if (++this.depth > deepest) throw this.fault("the template nests too deeply");
    const statements: Statement[] = [];
    while (this.skipSpace().kind !== "eof") {
      const statement = this.statement();
      if (typeof statement === "string") {
        this.depth--;
        return { statements, end: statement };
      }
      if (statement !== undefined) statements.push(statement);
    }
    this.take();
    throw this.fault("unexpected EOF");
  }

  private statement(): Statement | End | undefined {
    this.skipSpace();
    const token = this.take();
    if (token.kind === "text") return { kind: "text", text: token.text };
    if (token.kind !== "{{") throw this.unexpected(token, "input");
    this.actionLine = token.line;
    const statement = this.action();
    this.actionLine = 0;
    return statement;
  }

  private action(): Statement | End {
    const token = this.skipSpace();
    if (token.kind !== "keyword" || token.text === "define") return { kind: "action", pipe: this.pipeline("command", "}}") };
    this.take();
    switch (token.text) {
      case "block": {
        this.skipSpace();
        const { at } = this.peek();
        const name = this.name("block clause");
        const pipe = this.pipeline("block clause", "}}");
        this.add(
          name,
          this.separately(() => this.list("block clause")),
        );
        return { kind: "template", at, name, pipe };
      }
      case "template": {
        this.skipSpace();
        const { at } = this.peek();
        const name = this.name("template clause");
        const bare = this.skipSpace().kind === "}}";
        if (bare) this.take();
        return { kind: "template", at, name, pipe: bare ? undefined : this.pipeline("template clause", "}}") };
      }
      case "break":
      case "continue":
        this.expect("}}", `{{${token.text}}}`);
        if (this.rangeDepth === 0) throw this.fault(`{{${token.text}}} outside {{range}}`);
        return { kind: token.text };
      case "end":
        this.expect("}}", "end");
        return "end";
      case "else": {
        const next = this.skipSpace();
        if (next.kind === "keyword" && (next.text === "if" || next.text === "with")) return `else ${next.text}`;
        this.expect("}}", "else");
        return "else";
      }
      default:
        return this.control(token.text as "if" | "with" | "range");
    }
  }

  private control(kind: "if" | "with" | "range"): Statement {
    const known = this.variables.length;
    const pipe = this.pipeline(kind, "}}");
    if (kind === "range") this.rangeDepth++;
    const { statements, end } = this.statements();
    if (kind === "range") this.rangeDepth--;
    let otherwise: readonly Statement[] | undefined;
    if (end === `else ${kind}`) {
      this.take();
      otherwise = [this.control(kind)];
    } else if (end !== "end") {
      const rest = this.statements();
      if (rest.end !== "end") throw this.fault("expected end; found {{else}}");
      otherwise = rest.statements;
    }
    this.variables.length = known;
    return { kind, pipe, body: statements, otherwise };
  }

  private pipeline(context: string, end: "}}" | ")"): Pipe {
    if (++this.depth > deepest) throw this.fault("max expression depth exceeded");
    const { at } = this.skipSpace();
    const { variables, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.skipSpace();
      if (token.kind === end) {
        this.take();
        break;
      }
      if (!startsOperand(token)) {
        this.take();
        throw this.unexpected(token, context);
      }
      commands.push(this.command());
    }
    if (commands.length === 0) throw this.fault(`missing value for ${context}`);
    const idle = commands.slice(1).findIndex(({ args }) => ["bool", "dot", "nil", "number", "string"].includes(args[0]!.kind));
    if (idle >= 0) throw this.fault(`non executable command in pipeline stage ${idle + 2}`);
    this.depth--;
    return { kind: "pipe", at, variables, assigns, commands };
  }

  private declarations(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const variables: string[] = [];
    for (;;) {
      const token = this.skipSpace();
      if (token.kind !== "variable") return { variables, assigns: false };
      const start = this.next;
      this.take();
      const after = this.skipSpace();
      if (after.kind === "=" || after.kind === ":=") {
        this.take();
        variables.push(token.text);
        this.variables.push(token.text);
        return { variables, assigns: after.kind === "=" };
      }
      if (after.kind !== "char" || after.text !== ",") {
        this.next = start;
        return { variables, assigns: false };
      }
      this.take();
      variables.push(token.text);
      this.variables.push(token.text);
      if (context !== "range" || variables.length >= 2) throw this.fault(`too many declarations in ${context}`);
      if (!["variable", "}}", ")"].includes(this.skipSpace().kind)) throw this.fault("range can only initialize variables");
    }
  }

  private command(): Command {
    const { at } = this.skipSpace();
    const args: Operand[] = [];
    for (;;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.take();
      if (token.kind === "space") continue;
      if (token.kind === "}}" || token.kind === ")") this.next--;
      else if (token.kind !== "|") throw this.unexpected(token, "operand");
      break;
    }
    if (args.length === 0) throw this.fault("empty command");
    return { kind: "command", at, args };
  }

  private operand(): Operand | undefined {
    const term = this.term();
    if (term === undefined || this.peek().kind !== "field") return term;
    const { at } = this.peek();
    const fields: string[] = [];
    while (this.peek().kind === "field") fields.push(this.take().text.slice(1));
    switch (term.kind) {
      case "field":
        return { ...term, at, names: [...term.names, ...fields] };
      case "variable":
        return { ...term, at, fields };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        throw this.fault(`unexpected . after term ${goQuote(written(term))}`);
      default:
        return { kind: "chain", at, of: term, fields };
    }
  }

  private term(): Operand | undefined {
    const token = this.skipSpace();
    if (!startsOperand(token)) return undefined;
    this.take();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        if (!functionNames.includes(text)) throw this.fault(`function ${goQuote(text)} not defined`);
        return { kind: "function", at, name: text };
      case "dot":
      case "nil":
        return { kind: token.kind, at };
      case "variable":
        if (!this.variables.includes(text)) throw this.fault(`undefined variable ${goQuote(text)}`);
        return { kind: "variable", at, name: text, fields: [] };
      case "field":
        return { kind: "field", at, names: [text.slice(1)] };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "number":
      case "rune":
        return { kind: "number", at, source: text, value: this.number(token) };
      case "(":
        return this.pipeline("parenthesized pipeline", ")");
      default:
        return { kind: "string", at, source: text, value: this.unquoted(token) };
    }
  }

  private number({ kind, text }: Token): number | bigint {
    if (kind === "rune") {
      const char = unquote(text);
      if (char === undefined || [...char].length !== 1) throw this.fault(`malformed character constant: ${text}`);
      return BigInt(char.codePointAt(0)!);
    }
    const plain = text.replaceAll("_", "").replace(/^\+/u, "");
    const sign = plain.startsWith("-") ? -1n : 1n;
    const digits = plain.replace(/^-/u, "");
    const octal = /^0[0-7]+$/u.test(digits) ? `0o${digits.slice(1)}` : digits;
    if (/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/u.test(octal)) {
      const value = sign * BigInt(octal);
      if (value !== BigInt.asIntN(64, value) && value !== BigInt.asUintN(64, value))
        throw this.fault(`integer overflow: ${goQuote(text)}`);
      return value;
    }
    const value = Number(plain);
    if (digits === "" || !Number.isFinite(value)) throw this.fault(`illegal number syntax: ${goQuote(text)}`);
    // A float without a fraction is an integer where one is wanted.
    return Number.isInteger(value) && !/[.eE]/u.test(plain) ? BigInt(value) : value;
  }
}

function startsOperand({ kind }: Token): boolean {
  return ["bool", "rune", "dot", "field", "identifier", "number", "nil", "string", "variable", "("].includes(kind);
}

/** Nothing but white space, which defines no template. */
function isEmpty(statements: readonly Statement[]): boolean {
  return statements.every((one) => one.kind === "text" && one.text.trim() === "");
}
