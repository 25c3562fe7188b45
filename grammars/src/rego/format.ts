// Modules as `opa fmt` writes them: tabs, one blank line between rules, comments at their rows, line breaks where the author made some.

import { LineIndex } from "../text/lines.ts";
import type {
  Body,
  Call,
  Every,
  Expr,
  Head,
  Logical,
  Module,
  NotBody,
  Range,
  RegoVersion,
  Rule,
  SomeDecl,
  TemplateString,
  Term,
  With,
} from "./ast.ts";
import { compareImports, importPath, importsFor, type PlacedImport } from "./format-imports.ts";
import { CommentClash, FormatWriter } from "./format-writer.ts";
import { keywordsOf } from "./keywords.ts";
import { calledFunction, isGround, partsOf } from "./nodes.ts";
import { infixOperators } from "./operators.ts";
import type { ParsedModule } from "./parse.ts";
import { withoutRepeats } from "./term-key.ts";

export interface FormatOptions {
  /** The dialect to write; v1 unless given. */
  readonly version?: RegoVersion;
  /** Writes what is valid in every dialect from `version` to this one: v0 to v1 is `--v0-v1`, which imports `rego.v1`. */
  readonly upTo?: RegoVersion;
  /** Leaves out imports that the dialect makes needless (`--drop-v0-imports`). */
  readonly dropImports?: boolean;
}

/** The formatted text of a module that parsed without errors; undefined when it did not. */
export function formatModule(parsed: ParsedModule, options: FormatOptions = {}): string | undefined {
  if (parsed.diagnostics.length > 0 || parsed.module.package === undefined) return undefined;
  return new Formatter(parsed.text, parsed.module, options).run();
}

/** The formatted text of what stands from an offset on in a module that parsed without errors; `context` has the imports that hold there. */
export function formatFrom(parsed: ParsedModule, from: number, context: Module, options: FormatOptions = {}): string | undefined {
  if (parsed.diagnostics.length > 0) return undefined;
  const { module } = parsed;
  const inside = ({ start }: Range): boolean => start >= from;
  const part: Module = {
    ...module,
    package: module.package !== undefined && inside(module.package) ? module.package : undefined,
    imports: module.imports.filter(inside),
    rules: module.rules.filter(inside),
    comments: module.comments.filter(inside),
  };
  return new Formatter(parsed.text, part, options, context).run();
}

/** A list in brackets: where it opens and closes decides how its items are broken into lines. */
interface Enclosing {
  readonly row: number;
  readonly text: string;
  readonly closeRow: number;
}

class Formatter {
  readonly #text: string;
  /** True when names of generated variables may stand in the text. */
  readonly #hasGenerated: boolean;
  readonly #module: Module;
  readonly #lines: LineIndex;
  readonly #w: FormatWriter;
  readonly #v1: boolean;
  readonly #options: FormatOptions;
  readonly #refHeads: boolean;
  readonly #containsWord: boolean;
  readonly #ifWord: boolean;
  readonly #v2: boolean;
  /** Words that keep their quotes in a ref when the author wrote them. */
  readonly #keywords: ReadonlySet<string>;
  #parenExpr: Expr | undefined;
  #parenTerm: Term | undefined;

  /** `context` is the whole module that `module` is a part of. */
  constructor(text: string, module: Module, options: FormatOptions, context: Module = module) {
    this.#text = text;
    this.#hasGenerated = this.#text.includes("__local");
    this.#module = module;
    this.#lines = new LineIndex(text);
    this.#options = options;
    const newest = options.upTo ?? options.version ?? "v1";
    this.#v1 = newest !== "v0";
    this.#v2 = newest === "v2";
    const comments = module.comments.map((comment) => ({
      comment,
      row: this.#row(comment.start),
      col: this.#col(comment.start),
    }));
    this.#w = new FormatWriter(comments);
    this.#refHeads = hasRefHeads(context);
    const paths = context.imports.map(importPath);
    const imported = (test: (path: string) => boolean): boolean => paths.some(test);
    this.#containsWord =
      this.#v1 || imported((path) => ["rego.v1", "rego.v2", "future.keywords", "future.keywords.contains"].includes(path));
    this.#keywords = this.#keywordSet(paths);
    this.#ifWord = this.#v1 || imported((path) => ["rego.v1", "rego.v2", "future.keywords", "future.keywords.if"].includes(path));
  }

  /** The keywords of the dialect and of the imports. */
  #keywordSet(paths: readonly string[]): ReadonlySet<string> {
    if (this.#v2 || paths.includes("rego.v2")) return keywordsOf.v2;
    const words = paths
      .filter((path) => path.startsWith("future.keywords."))
      .map((path) => path.slice("future.keywords.".length));
    return new Set([...keywordsOf[this.#v1 ? "v1" : "v0"], ...words]);
  }

  #row(offset: number): number {
    return this.#lines.lineOf(offset);
  }

  #col(offset: number): number {
    return offset - this.#lines.lineStart(this.#lines.lineOf(offset));
  }

  #source(range: Range): string {
    return this.#text.slice(range.start, range.end);
  }

  #sourceOf(term: Term): string {
    return this.#source(term.grouped ?? term);
  }

  run(): string {
    const { package: pack, rules } = this.#module;
    const w = this.#w;
    if (pack !== undefined) {
      w.insertComments(this.#row(pack.start));
      w.startLine();
      w.write("package ");
      const [first, ...rest] = pack.path;
      w.write(first?.value ?? "");
      for (const part of rest) w.write(this.#dotted(part.value, this.#source(part)));
      w.blankLine();
    }
    const placed: PlacedImport[] = this.#module.imports.map((item) => ({
      path: importPath(item),
      item,
      row: this.#row(item.start),
      col: this.#col(item.start),
      added: false,
    }));
    let imports = importsFor(this.#module, placed, this.#options);
    const firstRule = rules[0] === undefined ? Number.POSITIVE_INFINITY : this.#row(rules[0].start);
    if (imports.some(({ added, row }) => added && row >= firstRule)) {
      // Behind a rule an import would have no effect.
      this.#writeImports(imports.filter(({ added }) => added));
      imports = imports.filter(({ added }) => !added);
    }
    const statements: { readonly row: number; readonly col: number; readonly rule?: Rule; readonly item?: PlacedImport }[] = [
      ...imports.map((item) => ({ row: item.row, col: item.col, item })),
      ...rules.map((rule) => ({ row: this.#row(rule.start), col: this.#col(rule.start), rule })),
    ].sort((a, b) => a.row - b.row || a.col - b.col);
    for (let i = 0; i < statements.length; ) {
      const imports: PlacedImport[] = [];
      for (; statements[i]?.item !== undefined; i++) imports.push(statements[i]!.item!);
      this.#writeImports(imports);
      const group: Rule[] = [];
      for (; statements[i]?.rule !== undefined; i++) group.push(statements[i]!.rule!);
      this.#writeRules(group);
    }
    w.writeRest();
    return w.finish();
  }

  #writeImports(imports: readonly PlacedImport[]): void {
    const w = this.#w;
    const trailing = new Map(imports.map((item) => [item, w.takeCommentOn(item.row)]));
    const groups: PlacedImport[][] = [];
    let last: number | undefined;
    for (const item of imports) {
      if (last !== undefined && item.row - last <= 1) groups.at(-1)!.push(item);
      else groups.push([item]);
      last = item.row;
    }
    for (const group of groups) {
      w.insertComments(group[0]!.row);
      for (const one of [...group].sort(compareImports)) {
        w.startLine();
        w.write("import ");
        if (one.item === undefined) w.write(one.path);
        else this.#writeRefParts(partsOf(one.item.path), one.path.startsWith("future.keywords"));
        if (one.item?.alias !== undefined) w.write(` as ${one.item.alias.name}`);
        const comment = trailing.get(one);
        if (comment !== undefined) w.write(` ${comment}`);
        w.endLine();
      }
      w.blankLine();
    }
  }

  #writeRules(rules: readonly Rule[]): void {
    rules.forEach((rule, i) => {
      this.#guarded(() => this.#w.insertComments(this.#row(rule.start)));
      this.#guarded(() => this.#writeRule(rule, false));
      const next = rules[i + 1];
      const grouped =
        next !== undefined &&
        this.#isOneLiner(rule) &&
        this.#isOneLiner(next) &&
        this.#row(next.start) === this.#row(rule.start) + 1;
      if (!grouped) this.#w.blankLine();
    });
  }

  /** Two comments that want the same place leave what is around them as it was written. */
  #guarded(write: () => void): boolean {
    try {
      write();
      return false;
    } catch (error) {
      if (error instanceof CommentClash) return true;
      throw error;
    }
  }

  /** A clash inside takes the comments that still wait with it, as in OPA; a term around it brings them back. */
  #losing(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof CommentClash) this.#w.dropComments();
      throw error;
    }
  }

  #isOneLiner(rule: Rule): boolean {
    if ((rule.body?.length ?? 1) > 1 || rule.default || rule.else !== undefined) return false;
    const only = rule.body?.[0];
    if (only !== undefined && isSetTerm(only)) return false;
    return this.#ifWord && (this.#containsWord || !isPartialSet(rule.head));
  }

  #writeRule(rule: Rule, isElse: boolean): void {
    const w = this.#w;
    if (!isElse) w.startLine();
    if (rule.default) w.write("default ");
    const body = rule.body ?? [];
    const constant = (body.length === 0 || isTrue(body)) && rule.else === undefined;
    w.commentOnFinalLine = constant;
    const clash = this.#guarded(() => this.#writeHead(rule, isElse, constant));
    if (body.length === 0 || constant) {
      w.endLine();
      return;
    }
    w.commentOnFinalLine = true;
    const usesIf = this.#ifWord && (this.#containsWord || !isPartialSet(rule.head));
    const first = body[0]!;
    if (usesIf) {
      w.write(" if");
      const headEnd = rule.chained ? this.#row(rule.start) : this.#row(rule.head.end);
      if (body.length === 1 && this.#row(first.start) === headEnd && !isSetTerm(first)) {
        w.write(" ");
        this.#guarded(() => this.#writeExpr(first));
        w.endLine();
        if (rule.else !== undefined) this.#writeElse(rule, rule.else);
        return;
      }
    }
    if (clash && w.hasComments) w.write(" { ");
    else {
      w.write(" {");
      w.endLine();
    }
    if (usesIf && !isElse) this.#markUnionLead(first);
    w.level++;
    this.#guarded(() => this.#writeBody(body));
    w.insertComments(this.#closingRow(rule, isElse));
    w.level--;
    w.startLine();
    w.write("}");
    if (rule.else !== undefined) this.#writeElse(rule, rule.else);
  }

  /** The row of the brace that closes a rule's first body. */
  #closingRow(rule: Rule, isElse: boolean): number {
    const { head } = rule;
    const text = this.#source(rule);
    const skip = isElse ? "" : (head.args?.length ?? 0) > 0 ? "()" : head.key !== undefined ? "[]" : "";
    const rows = rowsInside(text, "{", "}", skip);
    return rows < 0 ? -1 : this.#row(rule.start) + rows;
  }

  #writeElse(rule: Rule, branch: Rule): void {
    const w = this.#w;
    const row = this.#row(branch.start);
    const inline = row > this.#row(rule.start) && !this.#lines.lineText(row).trim().startsWith("else");
    const commentAbove = w.commentAbove(row);
    if (!commentAbove && inline) w.write(" ");
    else {
      w.blankLine();
      w.startLine();
    }
    w.insertComments(row);
    if (commentAbove && !inline) w.startLine();
    this.#writeRule(branch, true);
  }

  #writeHead(rule: Rule, isElse: boolean, constant: boolean): void {
    const w = this.#w;
    const { head } = rule;
    const parts = partsOf(head.reference);
    if (isElse) w.write("else");
    else {
      const second = parts[1];
      if (parts.length !== 2 || this.#refHeads || second === undefined) this.#writeRefParts(parts);
      else if (w.nextCommentRow === this.#row(second.start)) {
        w.writeUnformatted(this.#source(head), this.#row(head.end));
        return;
      } else {
        this.#writeTermParens(false, parts[0]!);
        w.write("[");
        this.#writeTerm(second);
        w.write("]");
      }
      if (head.args !== undefined && head.args.length > 0) {
        w.write("(");
        const text = this.#source(head);
        const rows = rowsInside(text, "(", ")");
        const enclosing = { row: this.#row(head.start), text, closeRow: rows < 0 ? -1 : this.#row(head.start) + rows };
        try {
          this.#writeList(head.args, enclosing, false);
        } finally {
          w.write(")");
        }
      }
      if (head.key !== undefined && this.#containsWord) {
        w.write(" contains ");
        this.#writeTerm(head.key);
      } else if (head.key !== undefined) {
        w.write("[");
        this.#writeTerm(head.key);
        w.write("]");
      }
    }
    if (head.key !== undefined) return;
    const isTrueValue = head.value === undefined || (head.value.kind === "boolean" && head.value.value);
    const keyed = parts.length === 2 && head.args === undefined && !isElse && !(rule.hasIf && isGround(parts[1]!));
    if (isTrueValue && !constant && !rule.default && !(keyed && head.value !== undefined)) return;
    if (head.value === undefined && (head.args?.length ?? 0) > 0 && rule.body === undefined && !isElse) return;
    if (head.value === undefined && rule.body === undefined && !isElse && !this.#v1 && parts.length > 2) return;
    w.write(head.assign || this.#v1 ? " := " : " = ");
    if (head.value === undefined) w.write("true");
    else if (isElse) this.#writeTermParens(false, head.value, this.#row(head.start));
    else this.#writeTerm(head.value);
  }

  #writeBody(body: Body): void {
    const w = this.#w;
    w.insertComments(this.#row(body[0]!.start));
    body.forEach((expr, i) => {
      const before = body[i - 1];
      if (before !== undefined && this.#row(expr.start) > this.#row(before.end) + 1) w.blankLine();
      w.startLine();
      this.#guarded(() => this.#writeExpr(expr));
      w.endLine();
    });
  }

  #writeExpr(expr: Expr): void {
    const w = this.#w;
    const parens = this.#parenExpr === expr;
    if (parens) this.#parenExpr = undefined;
    w.insertComments(this.#row(expr.start));
    if (!w.inline) w.startLine();
    const negatedLogical = expr.negated && expr.body.kind === "logical";
    // In v2 `not {x}` is a body.
    const negatedBrace = this.#v2 && expr.negated && leadsWithBrace(expr.body);
    if (expr.negated) w.write(negatedLogical || negatedBrace ? "not (" : "not ");
    if (parens) w.write("(");
    const { body } = expr;
    switch (body.kind) {
      case "some":
        this.#losing(() => this.#writeSome(body));
        break;
      case "every":
        this.#losing(() => this.#writeEvery(body, expr));
        break;
      case "notBody":
        this.#losing(() => this.#writeNot(body, expr));
        break;
      case "logical":
        this.#losing(() => this.#writeLogical(body));
        break;
      case "call":
        this.#writeExprCall(body);
        break;
      default:
        this.#writeTerm(body);
    }
    if (parens) w.write(")");
    if (negatedLogical || negatedBrace) w.write(")");
    this.#writeModifiers(expr);
  }

  #writeModifiers(expr: Expr): void {
    const w = this.#w;
    let [...rest] = expr.with;
    const first = rest[0];
    if (first === undefined) return;
    const before = this.#text.slice(expr.start, first.start).trimEnd();
    let last = this.#row(expr.start + before.length);
    if (this.#row(first.start) === last) {
      this.#writeWith(first, false);
      last = this.#row(first.start);
      rest = rest.slice(1);
    }
    let indented = false;
    for (const modifier of rest) {
      const row = this.#row(modifier.start);
      const breaks = row > last;
      if (breaks) {
        if (!indented) w.level++;
        indented = true;
        w.endLine();
        w.startLine();
        last = row;
      }
      this.#writeWith(modifier, breaks);
    }
    if (indented) w.level--;
  }

  #writeWith(modifier: With, indented: boolean): void {
    const w = this.#w;
    w.insertComments(this.#row(modifier.start));
    if (!indented) w.write(" ");
    w.write("with ");
    this.#writeTerm(modifier.target);
    w.write(" as ");
    this.#guarded(() => this.#writeTerm(modifier.value));
  }

  #writeSome(decl: SomeDecl): void {
    const w = this.#w;
    w.insertComments(this.#row(decl.start));
    w.write("some ");
    let row = this.#row(decl.start);
    decl.symbols.forEach((symbol, i) => {
      if (symbol.kind === "call") {
        this.#writeIn(false, symbol.args);
        return;
      }
      if (this.#row(symbol.start) > row) {
        w.endLine();
        w.startLine();
        w.write("\t");
        row = this.#row(symbol.start);
      } else if (i > 0) w.write(" ");
      this.#writeTerm(symbol);
      if (i < decl.symbols.length - 1) w.write(",");
    });
  }

  #writeEvery(every: Every, expr: Expr): void {
    const w = this.#w;
    w.insertComments(this.#row(expr.start));
    w.write("every ");
    if (every.key !== undefined) {
      this.#writeTerm(every.key);
      w.write(", ");
    }
    this.#writeTerm(every.value);
    w.write(" in ");
    this.#writeTerm(every.domain);
    w.write(" {");
    this.#guarded(() => this.#writeInnerBody("{", "}", every.body, this.#row(expr.start), expr));
    if (every.body.length === 1 && this.#row(every.body[0]!.start) === this.#row(every.start)) w.write(" ");
    w.write("}");
  }

  #writeNot(not: NotBody, expr: Expr): void {
    const w = this.#w;
    w.insertComments(this.#row(expr.start));
    w.write("not ");
    if (!not.implicit || not.body.length > 1) this.#writeBraced(not.body, expr);
    else {
      const inner = not.body[0]!;
      const parens =
        inner.with.length > 0 || inner.body.kind === "logical" || inner.body.kind === "notBody" || leadsWithBrace(inner.body);
      if (parens) w.write("(");
      this.#guarded(() => this.#writeExpr(inner));
      if (parens) w.write(")");
    }
  }

  #writeBraced(body: Body, place: Range): void {
    const w = this.#w;
    if (isUnion(body[0]!)) this.#parenExpr = body[0];
    w.write("{");
    this.#guarded(() => this.#writeInnerBody("{", "}", body, this.#row(place.start), place));
    if (this.#row(body.at(-1)!.start) === this.#row(place.start)) w.write(" ");
    w.write("}");
  }

  #writeLogical(logical: Logical): void {
    const w = this.#w;
    const steps = flattenLogical(logical);
    let indented = false;
    let previousEnd = this.#row(logical.start);
    steps.forEach(({ operator, body, implicit, parens }, i) => {
      const start = implicit ? body[0]!.start : this.#braceBefore(body);
      if (i > 0) {
        w.write(` ${operator}`);
        if (this.#row(start) > previousEnd) {
          if (!indented) w.level++;
          indented = true;
          w.endLine();
          w.startLine();
        } else w.write(" ");
      }
      const end = implicit ? body.at(-1)!.end : this.#text.indexOf("}", body.at(-1)!.end);
      previousEnd = this.#row(Math.max(end, 0));
      if (!implicit) this.#writeBraced(body, { start, end: end + 1 });
      else {
        if (parens) w.write("(");
        this.#guarded(() => this.#writeExpr(body[0]!));
        if (parens) w.write(")");
      }
    });
    if (indented) w.level--;
  }

  #braceBefore(body: Body): number {
    const at = this.#text.lastIndexOf("{", body[0]!.start - 1);
    return at < 0 ? body[0]!.start : at;
  }

  #writeExprCall(call: Call): void {
    const name = calledFunction(call) ?? "";
    if (name === "internal.member_2" || name === "internal.member_3") {
      this.#writeIn(false, call.args);
      return;
    }
    const infix = infixOperators[name];
    const [a, b, c] = call.args;
    if (infix === undefined || a === undefined || b === undefined || call.args.length > 3) {
      this.#writePlainCall(call);
      return;
    }
    if (c !== undefined) {
      this.#losing(() => this.#writeTerm(c));
      this.#w.write(" = ");
    }
    this.#losing(() => this.#writeTerm(a));
    this.#w.write(` ${infix} `);
    if (c === undefined) this.#writeTerm(b);
    else this.#losing(() => this.#writeTerm(b));
  }

  #writePlainCall(call: Call): void {
    this.#writeRefParts(call.operator.parts);
    this.#w.write("(");
    try {
      const { operator } = call;
      this.#losing(() =>
        this.#writeList(call.args, { row: this.#row(operator.start), text: this.#source(operator), closeRow: -1 }, false),
      );
    } finally {
      this.#w.write(")");
    }
  }

  #writeTerm(term: Term): void {
    const w = this.#w;
    if (!w.hasComments) {
      this.#writeTermParens(false, term);
      return;
    }
    const saved = w.save();
    try {
      this.#writeTermParens(false, term);
    } catch (error) {
      if (!(error instanceof CommentClash)) throw error;
      const range = term.grouped ?? term;
      w.restore(saved, this.#row(range.start), this.#row(range.end));
      w.writeUnformatted(this.#source(range), this.#row(range.end));
      throw error;
    }
  }

  /** `row` is where the term counts for comments; its own row unless told. */
  #writeTermParens(wanted: boolean, term: Term, row: number = this.#row(term.start)): void {
    const w = this.#w;
    const parens = wanted || this.#parenTerm === term;
    if (this.#parenTerm === term) this.#parenTerm = undefined;
    w.insertComments(row);
    if (!w.inline) w.startLine();
    switch (term.kind) {
      case "ref":
        this.#writeRefParts(term.parts);
        break;
      case "object":
      case "array":
      case "set":
        this.#writeCollection(term);
        break;
      case "arrayComprehension":
      case "setComprehension":
        this.#writeComprehension(term, term.kind === "arrayComprehension" ? "[]" : "{}", term.term, term.body);
        break;
      case "objectComprehension": {
        w.write("{");
        try {
          const paren = isUnionCall(term.key);
          if (paren) w.write("(");
          this.#writeTerm(term.key);
          w.write(paren ? "): " : ": ");
          this.#writeYield(term, "{}", term.value, term.body, this.#row(term.start));
        } finally {
          w.write("}");
        }
        break;
      }
      case "templateString":
        this.#writeTemplate(term);
        break;
      case "call":
        this.#writeCall(parens, term);
        break;
      case "var":
        w.write(term.name.startsWith("$") ? "_" : term.name);
        break;
      case "number":
        w.write(term.text);
        break;
      case "string": {
        const source = this.#source(term);
        w.write(/^["`]/.test(source) ? source : JSON.stringify(term.value));
        break;
      }
      default:
        w.write(this.#source(term));
    }
    if (!w.inline) w.startLine();
  }

  #writeTemplate(template: TemplateString): void {
    const w = this.#w;
    w.write(template.multiline ? "$`" : '$"');
    template.parts.forEach((part, i) => {
      if (part.kind === "string") {
        const text = template.multiline ? part.value : JSON.stringify(part.value).slice(1, -1);
        w.write(text.replaceAll("{", "\\{"));
      } else if (part.constantHole) {
        // A constant is written as the text it stands for.
        const { body } = part;
        w.write(body.kind === "string" ? JSON.stringify(body.value).slice(1, -1) : this.#source(part));
      } else {
        const next = template.parts[i + 1];
        w.write("{");
        w.level++;
        w.openHole(this.#row(part.start));
        this.#writeExpr(part);
        if (next !== undefined) w.closeHole(this.#row(next.start));
        w.write("}");
        w.level--;
      }
    });
    w.write(template.multiline ? "`" : '"');
  }

  #writeRefParts(parts: readonly Term[], keywordsFree = false): void {
    const w = this.#w;
    const [head, ...rest] = parts;
    if (head === undefined) return;
    if (head.kind === "string") w.write(head.value);
    else this.#writeTermParens(head.kind === "call" && head.grouped !== undefined, head);
    for (const part of rest) {
      if (part.kind === "string") w.write(keywordsFree ? `.${part.value}` : this.#dotted(part.value, this.#source(part)));
      else if (part.kind === "var") w.write(`[${part.name.startsWith("$") ? "_" : part.name}]`);
      else {
        w.write("[");
        // What was left as written may end in a comment, which must not swallow the bracket.
        if (this.#guarded(() => this.#writeTerm(part))) w.write("\n");
        w.write("]");
      }
    }
  }

  #dotted(name: string, source: string): string {
    const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
    const keyword = this.#keywords.has(name);
    return plain && !(keyword && source.startsWith('"')) ? `.${name}` : `[${JSON.stringify(name)}]`;
  }

  #writeCall(parens: boolean, call: Call): void {
    const w = this.#w;
    const name = calledFunction(call) ?? "";
    if (name === "internal.member_2" || name === "internal.member_3") {
      this.#writeIn(true, call.args);
      return;
    }
    const infix = infixOperators[name];
    const [a, b] = call.args;
    if (infix === undefined || a === undefined || b === undefined || call.args.length !== 2) {
      this.#writePlainCall(call);
      return;
    }
    if (parens) w.write("(");
    this.#writeTermParens(true, a);
    w.write(` ${infix} `);
    this.#writeTermParens(true, b);
    if (parens) w.write(")");
  }

  #writeIn(parens: boolean, args: readonly Term[]): void {
    const w = this.#w;
    const wrapped = parens && args.length === 3;
    if (wrapped) w.write("(");
    args.forEach((arg, i) => {
      if (i > 0) w.write(i === args.length - 1 ? " in " : ", ");
      this.#writeTermParens(true, arg);
    });
    if (wrapped) w.write(")");
  }

  #writeCollection(term: Extract<Term, { kind: "object" | "array" | "set" }>): void {
    const w = this.#w;
    const text = this.#source(term);
    if (term.kind === "set" && term.items.length === 0) {
      w.write("set()");
      return;
    }
    const [open, close] = term.kind === "array" ? (["[", "]"] as const) : (["{", "}"] as const);
    const rows = rowsInside(text, open, close);
    const enclosing = {
      row: this.#row(term.start),
      text: this.#sourceOf(term),
      closeRow: rows < 0 ? -1 : this.#row(term.start) + rows,
    };
    w.write(open);
    try {
      if (term.kind === "object") this.#writeEntries(term.entries, enclosing);
      else this.#writeList(term.kind === "set" ? withoutRepeats(term.items) : term.items, enclosing, true);
    } finally {
      w.write(close);
    }
  }

  #writeList(items: readonly Term[], enclosing: Enclosing, parenUnions: boolean): void {
    this.#writeIterable(
      items,
      (item) => item,
      enclosing,
      (item) => {
        const paren = isUnionCall(item) && (parenUnions || item.grouped !== undefined);
        if (paren) this.#w.write("(");
        try {
          this.#writeTerm(item);
        } finally {
          if (paren) this.#w.write(")");
        }
      },
    );
  }

  #writeEntries(entries: Extract<Term, { kind: "object" }>["entries"], enclosing: Enclosing): void {
    const w = this.#w;
    const wrapped = (term: Term): void => {
      const paren = isUnionCall(term);
      if (paren) w.write("(");
      this.#writeTerm(term);
      if (paren) w.write(")");
    };
    this.#writeIterable(
      entries,
      ({ key }) => key,
      enclosing,
      ({ key, value }) => {
        wrapped(key);
        w.write(": ");
        wrapped(value);
      },
    );
  }

  #writeIterable<T>(items: readonly T[], lead: (item: T) => Term, enclosing: Enclosing, write: (item: T) => void): void {
    const w = this.#w;
    const lines = this.#groupByRow(items, (item) => lead(item).start);
    let broken = lines.length > 1;
    if (!broken) {
      if (w.hasCommentBetween(enclosing.row, enclosing.closeRow)) throw new CommentClash();
      const first = items[0];
      if (first !== undefined) {
        const cut = enclosing.text.indexOf(this.#sourceOf(lead(first)));
        broken = cut > 0 && enclosing.text.slice(0, cut).indexOf("\n") > 0;
      }
    }
    if (broken) {
      w.delay = true;
      w.endLine();
      w.level++;
      w.startLine();
    }
    lines.forEach((line, i) => {
      line.forEach((item, at) => {
        if (at > 0) w.write(", ");
        this.#losing(() => write(item));
      });
      if (i === lines.length - 1) return;
      w.write(",");
      w.endLine();
      w.startLine();
    });
    if (!broken) return;
    w.write(",");
    w.endLine();
    w.insertComments(enclosing.closeRow);
    w.level--;
    w.startLine();
  }

  #groupByRow<T>(items: readonly T[], start: (item: T) => number): readonly (readonly T[])[] {
    // Generated variables do not stand where their text says, so OPA does not break lines around them.
    if (this.#hasGenerated && items.some(holdsGenerated)) return [items];
    const lines: T[][] = [[]];
    let row = -1;
    for (const item of items) {
      const here = this.#row(start(item));
      if (lines.at(-1)!.length > 0 && here > row) lines.push([]);
      lines.at(-1)!.push(item);
      row = here;
    }
    return lines;
  }

  #writeComprehension(place: Range, brackets: string, term: Term, body: Body): void {
    const w = this.#w;
    w.write(brackets[0]!);
    try {
      this.#writeYield(place, brackets, term, body, this.#row(term.start));
    } finally {
      w.write(brackets[1]!);
    }
  }

  #writeYield(place: Range, brackets: string, term: Term, body: Body, termRow: number): void {
    const w = this.#w;
    if (termRow - this.#row(place.start) >= 1) {
      w.endLine();
      w.startLine();
    }
    this.#writeTermParens(term.kind === "call" && (isUnionCall(term) || term.grouped !== undefined), term);
    w.write(" |");
    this.#writeInnerBody(brackets[0]!, brackets[1]!, body, termRow, place);
  }

  #writeInnerBody(open: string, close: string, body: Body, row: number, place: Range): void {
    const w = this.#w;
    const text = this.#source(place);
    const rows = rowsInside(text, open, close);
    const closeRow = rows < 0 ? -1 : this.#row(place.start) + rows;
    const lines = this.#groupByRow(body, (expr) => expr.start);
    if (this.#row(body[0]!.start) > row || lines.length > 1) {
      w.endLine();
      w.level++;
      try {
        this.#writeBody(body);
        w.insertComments(closeRow);
      } finally {
        w.level--;
        w.startLine();
      }
      return;
    }
    w.write(" ");
    body.forEach((expr, i) => {
      if (i > 0) w.write("; ");
      this.#writeExpr(expr);
    });
    w.insertComments(closeRow);
  }

  /** Behind `if {`, a union at the start would read as a comprehension. */
  #markUnionLead(expr: Expr): void {
    if (expr.negated) return;
    if (isUnion(expr)) this.#parenExpr = expr;
    else if (expr.body.kind === "call" && expr.body.infix !== undefined) {
      const lead = expr.body.args[0];
      if (lead !== undefined && isUnionCall(lead)) this.#parenTerm = lead;
    }
  }
}

const refHeads = new WeakMap<Module, boolean>();

/** True when a rule's name has more than two parts; looked up once for all parts of a module. */
function hasRefHeads(module: Module): boolean {
  let found = refHeads.get(module);
  if (found === undefined) {
    found = module.rules.some(({ head }) => {
      const { length } = partsOf(head.reference);
      return length > 2 || (length === 2 && head.key !== undefined);
    });
    refHeads.set(module, found);
  }
  return found;
}

function isPartialSet(head: Head): boolean {
  return head.key !== undefined && head.value === undefined;
}

function isSetTerm(expr: Expr): boolean {
  return !expr.negated && expr.body.kind === "set";
}

function isTrue(body: Body): boolean {
  const only = body[0];
  return (
    body.length === 1 &&
    only !== undefined &&
    !only.negated &&
    only.with.length === 0 &&
    only.body.kind === "boolean" &&
    only.body.value
  );
}

function isUnionCall(term: Term): boolean {
  return term.kind === "call" && calledFunction(term) === "or";
}

function isUnion(expr: Expr): boolean {
  return expr.body.kind === "call" && isUnionCall(expr.body);
}

function holdsGenerated(node: unknown): boolean {
  if (node === null || typeof node !== "object") return false;
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  return (kind === "var" && String(name).startsWith("__local")) || Object.values(node).some(holdsGenerated);
}

function leadsWithBrace(body: Expr["body"]): boolean {
  switch (body.kind) {
    case "set":
      return body.items.length > 0;
    case "object":
    case "setComprehension":
    case "objectComprehension":
      return true;
    case "ref":
      return body.parts[0] !== undefined && leadsWithBrace(body.parts[0]);
    case "call":
      return body.infix !== undefined && body.args[0] !== undefined && leadsWithBrace(body.args[0]);
    default:
      return false;
  }
}

interface Step {
  readonly operator: string;
  readonly body: Body;
  readonly implicit: boolean;
  readonly parens: boolean;
}

/** The operands of a chain of one precedence, each with the operator before it. */
function flattenLogical(logical: Logical): readonly Step[] {
  const step = (body: Body, implicit: boolean, operator: string, right: boolean): Step => {
    const single = implicit && body.length === 1;
    return { operator, body, implicit: single, parens: single && needsParens(body[0]!, logical.operator, right) };
  };
  const left = logical.left[0];
  const right = step(logical.right, logical.implicitRight ?? false, logical.operator, true);
  if (
    logical.implicitLeft &&
    logical.left.length === 1 &&
    left?.body.kind === "logical" &&
    !needsParens(left, logical.operator, false)
  )
    return [...flattenLogical(left.body), right];
  return [step(logical.left, logical.implicitLeft ?? false, "", false), right];
}

function needsParens(expr: Expr, parent: "and" | "or", right: boolean): boolean {
  if (expr.with.length > 0) return true;
  if (expr.body.kind === "logical") return expr.body.operator === "or" ? parent === "and" || right : parent === "and" && right;
  return leadsWithBrace(expr.body);
}

/**
 * The line ends inside the first brackets of the kind, and inside the brackets to skip before them; -1 when one of both does not close.
 * As in OPA, line ends outside of both don't count, and strings are not told apart.
 */
function rowsInside(text: string, open: string, close: string, skip = ""): number {
  const skipped = skip === "" ? { rows: 0, end: 0 } : bracketsFrom(text, skip[0]!, skip[1]!, 0);
  const found = skipped === undefined ? undefined : bracketsFrom(text, open, close, skipped.end);
  return skipped === undefined || found === undefined ? -1 : skipped.rows + found.rows;
}

function bracketsFrom(text: string, open: string, close: string, from: number): { rows: number; end: number } | undefined {
  let at = text.indexOf(open, from);
  if (at < 0) return undefined;
  let rows = 0;
  for (let depth = 1; depth > 0; ) {
    at++;
    if (at >= text.length) return undefined;
    if (text[at] === open) depth++;
    else if (text[at] === close) depth--;
    else if (text[at] === "\n") rows++;
  }
  return { rows, end: at };
}
