// Changes of many memberships at once: NDJSON, one change a line, all or none. Others are answered meanwhile.
import { sha256 } from "../../store/blobs.ts";
import { breath } from "../../store/breath.ts";
import type { Member, MemberChange } from "../../store/roles.ts";
import type { Reads } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { invalid, type ProblemError } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import { schemaFaults } from "../http/schema-check.ts";
import { schemas } from "../http/schemas.ts";
import { type Body, optionalText, optionalTime, reasonOf, textField } from "../http/shape.ts";
import { isDryRun } from "../http/write.ts";
import { foundDomain } from "./domains.ts";
import { changeFacts, demandReason, foundRole } from "./facts.ts";

const maxLines = 100_000;
const maxErrors = 100;
/** Lines between two breaths. */
const stretch = 1000;

interface MemberLine {
  readonly op: "put" | "delete";
  readonly subject: string;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly reason: string | undefined;
}

/** The lines of the body; 422 with the row of each that cannot be taken. */
async function memberLines(call: Call): Promise<readonly MemberLine[]> {
  const lines = textOf(call.rawBody).split("\n");
  const errors: ProblemError[] = [];
  const members = new Map<string, MemberLine>();
  for (const [index, line] of lines.entries()) {
    if (index % stretch === 0) await breath();
    if (line.trim() === "") continue;
    const read = memberLine(line, call);
    const fault =
      "fault" in read
        ? read.fault
        : members.has(read.subject)
          ? `${JSON.stringify(read.subject)} is there in an earlier line.`
          : undefined;
    if (fault === undefined && !("fault" in read)) members.set(read.subject, read);
    else if (errors.length < maxErrors) errors.push({ row: index + 1, code: "rms_member", message: fault ?? "" });
    if (members.size > maxLines) throw invalid(`A batch may have ${maxLines} lines.`);
  }
  if (errors.length > 0) throw invalid("Some lines cannot be taken; nothing was changed.", errors);
  return [...members.values()];
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("The lines are not UTF-8.");
  }
}

function memberLine(line: string, call: Call): MemberLine | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { fault: "The line is not JSON." };
  }
  const [fault] = schemaFaults(value, schemas["MemberLine"] ?? {});
  if (fault !== undefined) return { fault: `${fault.pointer === "" ? "The line" : fault.pointer} ${fault.message}.` };
  const body = value as Body;
  const subject = textField(body, "subject").normalize("NFC");
  if (!subject.isWellFormed() || Buffer.byteLength(subject) > 256) return { fault: "A subject's id has 1 to 256 bytes." };
  const from = optionalTime(body, "validFrom");
  const until = optionalTime(body, "validUntil");
  if (from !== undefined && until !== undefined && until <= from) return { fault: "validUntil must be after validFrom." };
  const reason = optionalText(body, "reason");
  const why = demandReason(call, from, reason ?? reasonOf(call));
  if (why !== undefined) return { fault: why };
  return { op: body["op"] === "delete" ? "delete" : "put", subject, from, until, reason };
}

/** True when a line would change what is recorded. */
function differs(before: Member | undefined, { op, from, until }: MemberLine): boolean {
  if (op === "delete") return before !== undefined;
  return before === undefined || before.origin !== undefined || before.from !== from || before.until !== until;
}

/** What the lines change in the role as it is recorded, by subject: SQLite writes neighbours several times as fast. */
async function changesOf(
  reads: Reads,
  domain: string,
  role: string,
  lines: readonly MemberLine[],
  reason: string,
): Promise<readonly MemberChange[]> {
  const sorted = [...lines].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  const changes: MemberChange[] = [];
  for (let start = 0; start < sorted.length; start += stretch) {
    await breath();
    const part = sorted.slice(start, start + stretch);
    const subjects = part.map(({ subject }) => subject);
    const before = await reads.roles.membersNamed(domain, role, subjects);
    for (const line of part) {
      if (!differs(before.get(line.subject), line)) continue;
      const { op, subject, from, until } = line;
      changes.push({ subject, member: op === "delete" ? undefined : { from, until }, reason: line.reason ?? reason });
    }
  }
  return changes;
}

export async function batch(call: Call): Promise<Answer> {
  const { id: role } = await foundRole(call);
  const lines = await memberLines(call);
  const reason = reasonOf(call);
  // Others wait for as long as the transaction takes: what can be known before is worked out before, and again if facts changed since.
  const seen = await foundDomain(call);
  const foreseen = await changesOf(call.reads, seen.id, role, lines, reason);
  return changeFacts(call, async (tx, by) => {
    const { id, domain } = await foundRole(call, tx);
    const { snapshot } = await foundDomain(call, tx);
    const changes = snapshot === seen.snapshot ? foreseen : await changesOf(tx, domain, id, lines, reason);
    for (let start = 0; start < changes.length; start += stretch) {
      await breath();
      await tx.roles.changeMembers(domain, id, changes.slice(start, start + stretch), by(reason));
    }
    const changed = changes.length;
    const body = { lines: lines.length, changed, unchanged: lines.length - changed, dryRun: isDryRun(call) };
    if (changed === 0) return { answer: { status: 200, body } };
    const detail = { changed, digest: sha256(call.rawBody) };
    return { answer: { status: 200, body }, event: { action: "member.batch", object: `roles/${id}/members`, reason, detail } };
  });
}
