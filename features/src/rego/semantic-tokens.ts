// Semantic tokens of Rego: what each name is, told from the tree and the project's names; comments and strings from the lexer.
import type { Module, Range } from "#grammars/rego/ast.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { keywordTokens } from "#grammars/rego/tokens.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { linesOf, type SemanticToken, type TokenModifier, type TokenType } from "../semantic-token.ts";
import { findBuiltin } from "./builtin-docs.ts";
import { commentBlocks } from "./folding.ts";
import type { Local, Occurrence } from "./names.ts";
import { namesOf, type ProjectNames } from "./project-names.ts";
import { recoveredModule } from "./recovered.ts";
import { type Node, walk } from "./tree.ts";

const keywordNames = new Set(Object.keys(keywordTokens));
const operatorNames = new Set([
  "Assign",
  "Unify",
  "Equal",
  "NotEqual",
  "Less",
  "LessEqual",
  "Greater",
  "GreaterEqual",
  "Plus",
  "Minus",
  "Times",
  "Divide",
  "Remainder",
  "And",
  "Or",
]);
const stringNames = new Set(["StringLiteral", "RawString", "TemplateStart", "TemplateText", "TemplateEnd"]);

/** Of a longer text the tokens of its start are told, unless a range is asked for: a list of all takes seconds to send and to show. */
const longest = 1_000_000;

/** The tokens of a policy that touch a range, in order, none overlapping, each within one line. */
export function semanticTokensOf(
  project: Project,
  file: SourceFile,
  within: Range = { start: 0, end: longest },
): readonly SemanticToken[] {
  const names = namesOf(project);
  const parsed = project.parsed(file);
  const module = recoveredModule(parsed);
  const found: SemanticToken[] = [];
  const taken = new Set<number>();
  const isOutside = ({ start, end }: Range): boolean => end <= within.start || start >= within.end;
  const add = (range: Range, type: TokenType, mods: readonly TokenModifier[] = []) => {
    if (isOutside(range) || taken.has(range.start)) return;
    taken.add(range.start);
    for (const piece of linesOf(range, file.text)) found.push({ range: piece, type, modifiers: mods });
  };
  const { occurrences } = names.names(file);
  const unused = unusedLocals(occurrences);
  for (const occurrence of occurrences) {
    if (isOutside(occurrence.range)) continue;
    const token = tokenOf(names, occurrence);
    const { meaning, range } = occurrence;
    if (token === undefined) continue;
    const isUnused = meaning.kind === "local" && unused.has(meaning);
    add(range, token.type, isUnused ? [...token.modifiers, "unused"] : token.modifiers);
  }
  for (const range of patternsOf(module, file, within)) add(range, "regexp");
  const visit = (node: Node): void => {
    if (node.kind !== "object") return;
    for (const { key } of node.entries) {
      if (key.kind === "string") add(key, "enumMember");
    }
  };
  walk(module, visit, within);
  for (const token of parsed.tokens) {
    if (token.startOffset >= within.end) break;
    const range = { start: token.startOffset, end: token.startOffset + token.image.length };
    const { name } = token.tokenType;
    // Words such as `contains` are keywords where no name stands.
    if (keywordNames.has(name) || (name === "Identifier" && keywordsOf.v2.has(token.image))) add(range, "keyword");
    else if (operatorNames.has(name)) add(range, "operator");
    else if (stringNames.has(name)) add(range, "string");
    else if (name === "HoleStart" || name === "HoleEnd") add(range, "macro");
    else if (name === "NumberLiteral") add(range, "number");
  }
  const { comments } = parsed.module;
  const inside = (ranges: readonly Range[]): readonly Range[] => ranges.filter((range) => !isOutside(range));
  for (const token of commentTokens(file.text, inside(commentBlocks(comments, file.text)), inside(comments))) {
    add(token.range, token.type, token.modifiers);
  }
  return withoutOverlap(found.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end));
}

function tokenOf(
  names: ProjectNames,
  occurrence: Occurrence,
): { readonly type: TokenType; readonly modifiers: readonly TokenModifier[] } | undefined {
  const { meaning, write, call } = occurrence;
  switch (meaning.kind) {
    case "builtin":
      return {
        type: "method",
        modifiers: findBuiltin(meaning.name)?.deprecated === true ? ["defaultLibrary", "deprecated"] : ["defaultLibrary"],
      };
    case "local": {
      const declared = occurrence.range.start === meaning.declaration.start;
      const mods: TokenModifier[] = declared && meaning.role !== "output" ? ["declaration"] : [];
      return { type: meaning.role === "argument" ? "parameter" : "variable", modifiers: mods };
    }
    case "place": {
      const path = meaning.path.join(".");
      const clauses = names.rule(path);
      const [first] = clauses;
      if (first !== undefined) {
        const mods: TokenModifier[] = write ? ["definition"] : [];
        const { rule } = first;
        if (meaning.path.at(-1)!.startsWith("test_")) mods.push("test");
        const constant = clauses.length === 1 && rule.body === undefined && rule.head.args === undefined && !rule.default;
        if (constant) mods.push("readonly");
        if (!rule.head.contains && rule.head.args === undefined) mods.push("static");
        return { type: rule.head.args !== undefined || call === true ? "function" : "variable", modifiers: mods };
      }
      if (meaning.path.length === 1) {
        const [root] = meaning.path;
        return { type: "variable", modifiers: ["readonly", root === "input" ? "input" : "data"] };
      }
      if (meaning.path[0] === "data" && isPackagePrefix(names, path)) {
        return { type: "namespace", modifiers: write && meaning.last && occurrence.alias !== true ? ["declaration"] : [] };
      }
      return { type: "property", modifiers: [] };
    }
  }
}

/** Arguments and assigned variables that nothing reads, as strict mode has it. */
function unusedLocals(occurrences: readonly Occurrence[]): ReadonlySet<Local> {
  const seen = new Map<Local, number>();
  for (const { meaning } of occurrences) if (meaning.kind === "local") seen.set(meaning, (seen.get(meaning) ?? 0) + 1);
  return new Set(
    [...seen].flatMap(([local, count]) => (count === 1 && (local.role === "argument" || local.role === "assign") ? [local] : [])),
  );
}

function isPackagePrefix(names: ProjectNames, path: string): boolean {
  for (const name of names.packages) if (name === path || name.startsWith(`${path}.`)) return true;
  return false;
}

/** The patterns of `regex.*` calls. */
function patternsOf(module: Module, file: SourceFile, within: Range): readonly Range[] {
  const found: Range[] = [];
  const visit = (node: Node): void => {
    if (node.kind !== "call") return;
    const { operator, args } = node;
    const name = file.text.slice(operator.start, operator.end);
    if (name.startsWith("regex.") && args[0]?.kind === "string") found.push(args[0]);
  };
  walk(module, visit, within);
  return found;
}

function commentTokens(text: string, blocks: readonly Range[], comments: readonly Range[]): readonly SemanticToken[] {
  const found: SemanticToken[] = [];
  for (const block of blocks) {
    if (!/^#\s*METADATA\s*$/mu.test(text.slice(block.start, block.end).split("\n")[0]!)) continue;
    const key = /^[ \t]*#[ \t-]*([A-Za-z_][\w.-]*)(?=:(?:\s|$))/gmu;
    const body = text.slice(block.start, block.end);
    for (let match = key.exec(body); match !== null; match = key.exec(body)) {
      const start = block.start + match.index + match[0].length - match[1]!.length;
      found.push({ range: { start, end: start + match[1]!.length }, type: "decorator", modifiers: ["documentation"] });
    }
  }
  const keys = [...found];
  let next = 0;
  for (const comment of comments) {
    while (next < keys.length && keys[next]!.range.start < comment.start) next += 1;
    const inside = next < keys.length && keys[next]!.range.end <= comment.end ? keys[next] : undefined;
    if (inside === undefined) found.push({ range: { start: comment.start, end: comment.end }, type: "comment", modifiers: [] });
    else {
      found.push({ range: { start: comment.start, end: inside.range.start }, type: "comment", modifiers: ["documentation"] });
      if (inside.range.end < comment.end) {
        found.push({ range: { start: inside.range.end, end: comment.end }, type: "comment", modifiers: ["documentation"] });
      }
    }
  }
  return found;
}

function withoutOverlap(tokens: readonly SemanticToken[]): readonly SemanticToken[] {
  const kept: SemanticToken[] = [];
  for (const token of tokens) {
    const last = kept.at(-1);
    if (last === undefined || token.range.start >= last.range.end) kept.push(token);
  }
  return kept;
}
