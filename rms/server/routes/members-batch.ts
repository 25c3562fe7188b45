// Many memberships at once: NDJSON, one change a line, all or none.
import { invalid, Problem, type ProblemError } from "../http/problem.ts";
import type { Answer, Call } from "../http/router.ts";
import { objectBody, optionalText, optionalTime, textField } from "../http/shape.ts";

const maxLines = 100_000;
const maxErrors = 100;

export interface MemberLine {
  readonly op: "put" | "delete";
  readonly subject: string;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly reason: string | undefined;
}

/** The lines of the body; 422 with the row of each that cannot be taken. */
export function memberLines(call: Call): readonly MemberLine[] {
  const lines = new TextDecoder().decode(call.rawBody).split("\n");
  const errors: ProblemError[] = [];
  const members = new Map<string, MemberLine>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    try {
      const member = memberLine(line);
      if (members.has(member.subject)) throw invalid(`${JSON.stringify(member.subject)} is there in an earlier line.`);
      members.set(member.subject, member);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (errors.length < maxErrors) errors.push({ row: index + 1, code: "rms_member", message: error.message });
    }
  }
  if (members.size > maxLines) throw invalid(`A batch may have ${maxLines} lines.`);
  if (errors.length > 0) throw invalid("Some lines cannot be taken; nothing was changed.", errors);
  return [...members.values()];
}

function memberLine(line: string): MemberLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid("The line is not JSON.");
  }
  const body = objectBody(value, ["op", "subject", "validFrom", "validUntil", "reason"]);
  const op = optionalText(body, "op") ?? "put";
  if (op !== "put" && op !== "delete") throw invalid("op must be put or delete.");
  const subject = textField(body, "subject").normalize("NFC");
  if (subject === "" || !subject.isWellFormed() || Buffer.byteLength(subject) > 256)
    throw invalid("A subject's id has 1 to 256 bytes.");
  const from = optionalTime(body, "validFrom");
  const until = optionalTime(body, "validUntil");
  if (from !== undefined && until !== undefined && until <= from) throw invalid("validUntil must be after validFrom.");
  return { op, subject, from, until, reason: optionalText(body, "reason") };
}

/** What a batch did. */
export function batchAnswer(lines: readonly MemberLine[], changed: number, dryRun: boolean): Answer {
  return { status: 200, body: { lines: lines.length, changed, unchanged: lines.length - changed, dryRun } };
}
