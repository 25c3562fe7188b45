// Makes a program that two engines answer differently as small as it can be while they still do.
import { type Node, walk, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Body, Range, Rule } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { FuzzProgram } from "./program.ts";

/** Programs that are tried before the smallest so far is taken. */
const mostTrials = 4000;

/** The smallest program found for which `differs` holds, as it does for the given one. */
export async function shrink(program: FuzzProgram, differs: (one: FuzzProgram) => Promise<boolean>): Promise<FuzzProgram> {
  let best: FuzzProgram = { ...program, dealt: program.texts };
  let trials = 0;
  // Rules dealt out over two modules may be what makes the difference.
  if (!(await differs(best))) return program;
  const without = { ...best, data: "{}" };
  if (await differs(without)) best = without;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (let module = best.texts.length - 1; module >= 0; module--) {
      for (let at = 0; trials < mostTrials; ) {
        const text = best.texts[module] ?? "";
        const next = candidates(text)[at];
        if (next === undefined) break;
        trials++;
        const texts = best.texts.map((other, index) => (index === module ? next : other));
        const one = { ...best, texts, dealt: texts };
        if (next.length < text.length && (await differs(one))) {
          best = one;
          smaller = true;
        } else at++;
      }
    }
  }
  return best;
}

/** Shorter texts, the shortest first. */
function candidates(text: string): readonly string[] {
  const found: string[] = [];
  const cut = ({ start, end }: Range, instead = ""): void => {
    found.push(text.slice(0, start) + instead + text.slice(end));
  };
  const module = parseModule(text, { file: "", version: "v1" }).module;
  for (const one of module.imports) cut(one);
  for (const rule of module.rules) {
    cut(rule);
    branches(rule, (branch) => {
      if (branch.else !== undefined) cut(branch.else);
      walkHead(branch.head, (node) => simpler(text, node, cut));
      if (branch.head.reference.kind === "ref")
        for (const part of branch.head.reference.parts.slice(1)) walk(part, (node) => simpler(text, node, cut));
      statements(branch.body ?? [], text, cut);
    });
  }
  return found.sort((a, b) => a.length - b.length);
}

function branches(rule: Rule, visit: (branch: Rule) => void): void {
  visit(rule);
  if (rule.else !== undefined) branches(rule.else, visit);
}

function statements(body: Body, text: string, cut: (range: Range, instead?: string) => void): void {
  for (const expr of body) {
    if (body.length > 1) cut(expr);
    walk(expr, (node) => simpler(text, node, cut));
  }
}

function simpler(text: string, node: Node, cut: (range: Range, instead?: string) => void): undefined {
  const of = ({ start, end }: Range): string => text.slice(start, end);
  switch (node.kind) {
    case "expr": {
      const last = node.with.at(-1);
      if (last !== undefined) cut({ start: last.start, end: last.end });
      cut(node, "true");
      return;
    }
    case "array":
    case "set":
      for (const item of node.items) {
        cut(node, of(item));
        cut(item, "1");
      }
      if (node.items.length > 1 && node.kind === "array") for (const item of node.items) cut(node, `[${of(item)}]`);
      return;
    case "object":
      for (const { key, value } of node.entries) {
        cut(node, `{${of(key)}: ${of(value)}}`);
        cut(node, of(value));
      }
      return;
    case "call":
      for (const arg of node.args) cut(node, of(arg));
      cut(node, "1");
      return;
    case "ref":
      if (node.parts.length > 1) cut({ start: node.parts.at(-2)?.end ?? node.end, end: node.end });
      cut(node, "1");
      return;
    case "every":
    case "notBody":
      statements(node.body, text, cut);
      if (node.body.length > 0) cut(node, node.body.map(of).join("\n"));
      return;
    case "logical":
      for (const side of [node.left, node.right]) {
        statements(side, text, cut);
        cut(node, side.map(of).join("\n"));
      }
      return;
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      statements(node.body, text, cut);
      cut(node, "1");
      return;
    case "templateString":
      cut(node, '""');
      return;
    case "number":
    case "string":
      if (of(node) !== "1") cut(node, "1");
      return;
    default:
      return;
  }
}
