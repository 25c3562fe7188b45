// Changes of a domain's facts: roles, memberships, suspensions. Each makes a new snapshot and wakes the sidecars.
import type { Member, Recording, Role } from "../../store/roles.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import type { Answer } from "../http/answer.ts";
import { invalid, notFound } from "../http/problem.ts";
import { type Call, param } from "../http/route.ts";
import { isDryRun, write } from "../http/write.ts";
import { micros, seconds, timeText } from "../times.ts";
import { audit, foundDomain, livingDomain } from "./domains.ts";

/** Seconds that a caller's clock may be late. */
const backDated = 300;

/** The role of the address, with its domain; 404 where there is none. */
export async function foundRole(call: Call, reads: Reads = call.reads): Promise<Role & { readonly domain: string }> {
  const { id: domain } = await foundDomain(call, reads);
  const role = await reads.roles.get(domain, param(call, "role"));
  if (role === undefined) throw notFound();
  return { ...role, domain };
}

/** What a change of facts did. */
interface Change {
  readonly answer: Answer;
  /** The audit event; undefined when everything was so already and nothing was written. */
  readonly event?: { readonly action: string; readonly object: string; readonly reason: string; readonly detail?: unknown };
  /** True where what was written is beside the facts: sidecars need nothing new for it. */
  readonly factsStay?: boolean;
}

/** Changes facts of the domain: one transaction with audit and snapshot, then the wake-up. */
export async function changeFacts(
  call: Call,
  work: (tx: Transaction, by: (reason: string) => Recording) => Promise<Change>,
): Promise<Answer> {
  const { rms } = call;
  const domain = param(call, "domain");
  const now = rms.now();
  const by = (reason: string): Recording => ({ at: micros(now), actor: call.principal.subject, reason });
  return write(call, async (tx, after) => {
    await livingDomain(call, tx);
    const { answer, event, factsStay = false } = await work(tx, by);
    if (event === undefined) return answer;
    const { action, object, reason, detail } = event;
    if (!factsStay) await tx.domains.factsChanged(domain, micros(now));
    await audit(tx, call, action, domain, `${domain}/${object}`, reason, detail);
    if (!factsStay) after(() => rms.serving.changed(rms, domain));
    return answer;
  });
}

/** The subject of the address; 422 for what is no id. */
export function subjectOf(call: Call): string {
  const subject = param(call, "subject");
  if (Buffer.byteLength(subject) > 256) throw invalid("A subject's id has at most 256 bytes.");
  return subject;
}

/** What a dry run tells beside the answer. */
export function diffOf(call: Call, before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  return isDryRun(call) ? { diff: { before: before ?? null, after: after ?? null } } : {};
}

/** Why a membership that begins in the past cannot be taken as it is; undefined when it can. */
export function demandReason({ rms }: Call, from: number | undefined, reason: string): string | undefined {
  if (from === undefined || from >= seconds(rms.now()) - backDated || reason !== "") return undefined;
  return "A membership that begins in the past needs a reason.";
}

/** The shape of a membership in answers. */
export function memberItem({ subject, from, until, origin }: Member): Readonly<Record<string, string>> {
  return {
    subject,
    ...(from === undefined ? {} : { validFrom: timeText(from) }),
    ...(until === undefined ? {} : { validUntil: timeText(until) }),
    ...(origin === undefined ? {} : { source: origin }),
  };
}
