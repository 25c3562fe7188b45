// How much one damaged token costs: each token of 50 files deleted, doubled and swapped with the next; all other rules should keep their nodes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RegoVersion, Rule } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { furtherModules, regoModules } from "./rego-seeds.ts";
import { damage, damages } from "./rego-tokens.ts";

const files = 50;
const linesPerFile = 300;
/** Of all edits so many must leave the other rules alone. */
const wanted = 0.99;

/** Measures a folder's policies, or files made of the rules of the conformance cases; prints what is lost by kind. */
export function measureRecovery(folder: string | undefined, every: number): number {
  const texts = folder === undefined ? madeFiles() : readFolder(folder);
  const lost = new Map<string, { edits: number; example: string }>();
  let edits = 0;
  let kept = 0;
  let valid = 0;
  for (const [number, [name, text]] of texts.entries()) {
    const version = parse(text).diagnostics.length === 0 ? "v1" : "v0";
    const before = parse(text, version);
    if (before.diagnostics.length > 0) continue;
    const rules = writtenRules(before);
    before.tokens.forEach((token, index) => {
      // Other tokens in each file.
      if ((index + number * 7) % every !== 0) return;
      for (const kind of damages) {
        const edit = damage(before, index, kind);
        if (edit === undefined) continue;
        edits++;
        const after = parse(edit.text, version);
        const gone = missing(rules, edit, after);
        if (gone === undefined) {
          kept++;
          continue;
        }
        // Nothing is broken, so there is nothing to recover from: the tree is the one that OPA reads.
        if (after.diagnostics.length === 0) {
          valid++;
          continue;
        }
        const what = `${kind} ${/^\w/u.test(token.image) ? token.tokenType.name : token.image.slice(0, 1)}`;
        const entry = lost.get(what) ?? {
          edits: 0,
          example: `${name}:${lineOf(text, edit.start)} loses the rule at ${lineOf(text, gone.start)}`,
        };
        lost.set(what, { ...entry, edits: entry.edits + 1 });
      }
    });
  }
  for (const [what, entry] of [...lost].sort((a, b) => b[1].edits - a[1].edits))
    console.log(`  ${entry.edits}\t${what}\t${entry.example}`);
  const broken = edits - valid;
  const share = kept / Math.max(broken, 1);
  const percent = (share * 100).toFixed(2);
  console.log(
    `recovery: ${texts.length} files, ${edits} edits (${valid} make valid modules of other rules), ${percent} % of the rest leave all other rules alone`,
  );
  return share >= wanted ? 0 : 1;
}

interface Written {
  readonly start: number;
  readonly end: number;
  /** The rules of one head: the nodes to find again. */
  readonly nodes: readonly string[];
}

function parse(text: string, version: RegoVersion = "v1"): ParsedModule {
  return parseModule(text, { file: "recovery.rego", version, allStatements: true });
}

/** Rules with the further bodies of their heads. */
function writtenRules({ text, module }: ParsedModule): readonly Written[] {
  const found: { start: number; end: number; nodes: string[] }[] = [];
  for (const rule of module.rules) {
    const last = found.at(-1);
    if (rule.chained && last !== undefined) {
      last.end = rule.end;
      last.nodes.push(nodeOf(text, rule));
    } else found.push({ start: rule.start, end: rule.end, nodes: [nodeOf(text, rule)] });
  }
  return found;
}

/** A rule's text and how it was read. */
function nodeOf(text: string, rule: Rule): string {
  const { head, body } = rule;
  const shape = [
    rule.default,
    rule.chained,
    head.args?.length,
    head.key?.kind,
    head.value?.kind,
    body?.map((expr) => expr.body.kind),
    rule.else !== undefined,
  ];
  return `${JSON.stringify(shape)} ${text.slice(rule.start, rule.end)}`;
}

/** The first rule outside of the damage that is not there any more. */
function missing(
  rules: readonly Written[],
  { start, end }: { readonly start: number; readonly end: number },
  after: ParsedModule,
): Written | undefined {
  const left = new Map<string, number>();
  for (const rule of after.module.rules) {
    const node = nodeOf(after.text, rule);
    left.set(node, (left.get(node) ?? 0) + 1);
  }
  return rules.find((rule) => {
    if (rule.start < end && start < rule.end) return false;
    return rule.nodes.some((node) => {
      const count = left.get(node) ?? 0;
      left.set(node, count - 1);
      return count === 0;
    });
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function readFolder(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rego"))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
}

/** Files of the wanted length, of the rules of valid modules. */
function madeFiles(): readonly (readonly [string, string])[] {
  const made: (readonly [string, string])[] = [];
  let lines: string[] = [];
  for (const text of [...regoModules, ...furtherModules()]) {
    const { module, diagnostics } = parse(text);
    const imported = module.imports.at(-1)?.end ?? 0;
    if (diagnostics.length > 0 || module.rules.length === 0 || module.rules.some(({ start }) => start < imported)) continue;
    const from = module.rules[0]!.start;
    const rules = text.slice(text.lastIndexOf("\n", from - 1) + 1);
    const indent = /^[ \t]*/u.exec(rules)![0];
    const own = rules
      .trimEnd()
      .split("\n")
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    lines.push("", ...own);
    if (lines.length < linesPerFile) continue;
    made.push([`made ${made.length + 1}`, `package made\n${lines.join("\n")}\n`]);
    lines = [];
    if (made.length === files) break;
  }
  return made;
}
