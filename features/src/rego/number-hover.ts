// What a long number says to its reader: a date, how long it takes, how large it is.
import { describeDuration, describeSize } from "#analysis/hocon/units.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { recoveredModule } from "./recovered.ts";
import { nodesAt } from "./tree.ts";

const year = 366n * 86_400_000_000_000n;
const millisecond = 1_000_000n;

/** The number at an offset, in a line that works with times or sizes. */
export function numberHover(
  project: Project,
  file: SourceFile,
  offset: number,
): { readonly range: Range; readonly markdown: string } | undefined {
  const node = nodesAt(recoveredModule(project.parsed(file)), offset).at(-1);
  if (node?.kind !== "number") return undefined;
  const { text } = file;
  const written = text.slice(node.start, node.end);
  if (!/^\d{4,19}$/u.test(written)) return undefined;
  const before = text.slice(text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  const after = /^.*/u.exec(text.slice(node.end))![0];
  const markdown = inWords(BigInt(written), before, after);
  return markdown === undefined ? undefined : { range: { start: node.start, end: node.end }, markdown };
}

function inWords(value: bigint, before: string, after: string): string | undefined {
  const line = before + after;
  if (/\btime\.\w+\(|_ns\b/u.test(line)) {
    const isMoment = value > 10n * year || (/\btime\.\w+\([^)]*$/u.test(before) && `${value}`.length >= 16);
    if (isMoment) return `\`${value}\` ns is ${new Date(Number(value / millisecond)).toISOString()}`;
    return value < millisecond ? undefined : `\`${value}\` ns is ${describeDuration(value)}`;
  }
  return /bytes|size/iu.test(line) && value >= 1024n ? `\`${value}\` is ${describeSize(value)}` : undefined;
}
