// Fuzzes the HOCON front end: parsing never throws and prints the text back, resolving ends, formatting keeps the meaning.
import { readFileSync } from "node:fs";
import { resolveHocon, toJsonText } from "#analysis/hocon/resolve.ts";
import { formatHocon } from "#grammars/hocon/format.ts";
import {
  type ArrayNode,
  type KeyNode,
  type Member,
  type ObjectNode,
  type ParsedHocon,
  parseHocon,
  type ValueNode,
} from "#grammars/hocon/parse.ts";
import { reparseHocon } from "#grammars/hocon/reparse.ts";
import { TokenKind, tokenEnd } from "#grammars/hocon/tokens.ts";
import { mutate, noise } from "./mutate.ts";
import type { Random } from "./random.ts";

const seeds = readFileSync("test-fixtures/conformance/hocon/random/visible.jsonl", "utf8")
  .split("\n")
  .flatMap((line) => Object.values((line === "" ? {} : (JSON.parse(line) as { files?: Record<string, string> }).files) ?? {}));

/** One text to try. */
export function sample(random: Random): string {
  return random.below(8) === 0 ? noise(random) : mutate(random.pick(seeds), random.pick(seeds), random);
}

/** What is wrong with the answers to a text; undefined when nothing is. */
export function check(text: string): string | undefined {
  const parsed = parseHocon(text, { file: "fuzz.conf" });
  const printed: string[] = [];
  for (let at = 0; at < parsed.tokens.count; at++) {
    if (parsed.tokens.kinds[at] === TokenKind.end) continue;
    printed.push(text.slice(parsed.tokens.starts[at], tokenEnd(parsed.tokens, at)));
  }
  if (printed.join("") !== text) return "the tokens do not print the text back";
  for (const { range } of parsed.diagnostics)
    if (!(range.start >= 0 && range.start <= range.end && range.end <= text.length)) return "a finding lies outside the text";
  const third = Math.floor(text.length / 3);
  for (const edited of [text.slice(0, third) + text.slice(third + 1), `${text.slice(0, 2 * third)}\n${text.slice(2 * third)}`]) {
    if (!sameReading(reparseHocon(parsed, edited), parseHocon(edited, { file: "fuzz.conf" })))
      return `typing gives another reading than opening: ${JSON.stringify(edited)}`;
  }
  const resolved = resolveHocon(parsed, { environment: new Map([["HOME", "/home"]]) });
  if (resolved.failure !== undefined) return undefined;
  const value = toJsonText(resolved.value);
  const formatted = formatHocon(parsed, { indent: 2 });
  if (formatted === undefined) return undefined;
  const again = parseHocon(formatted, { file: "fuzz.conf" });
  const after = resolveHocon(again, { environment: new Map([["HOME", "/home"]]) });
  if (after.failure !== undefined || toJsonText(after.value) !== value) return "formatting changed the value";
  return formatHocon(again, { indent: 2 }) === formatted ? undefined : "formatting twice gives another text";
}

function sameReading(a: ParsedHocon, b: ParsedHocon): boolean {
  const read = ({ diagnostics, problems, late, firstError, tree, tokens }: ParsedHocon) =>
    JSON.stringify([diagnostics, problems, late, firstError, [...tokens.kinds], [...tokens.starts], nodesOf(tree.body)]);
  return read(a) === read(b);
}

/** Every node of a tree with what it holds beside other nodes, without recursion. */
function nodesOf(body: ObjectNode | ArrayNode): readonly unknown[] {
  const nodes: unknown[] = [];
  const waiting: (Member | ValueNode | KeyNode)[] = [body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { kind, start, end } = node;
    switch (node.kind) {
      case "object":
        waiting.push(...node.members);
        nodes.push([kind, start, end, node.closed]);
        break;
      case "array":
        waiting.push(...node.items);
        nodes.push([kind, start, end, node.closed]);
        break;
      case "concatenation":
        waiting.push(...node.pieces);
        nodes.push([kind, start, end]);
        break;
      case "field":
        waiting.push(node.key, ...(node.value === undefined ? [] : [node.value]));
        nodes.push([kind, start, end, node.separator]);
        break;
      default:
        nodes.push(node);
    }
  }
  return nodes;
}
