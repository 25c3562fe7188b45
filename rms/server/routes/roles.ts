// The role service: roles, members and suspensions, bitemporal; each change makes a new snapshot and wakes the sidecars.
import { type Constraints, includedRoles, type RoleFacts, readDomainFacts } from "#bundles/rms-data.ts";
import { domainFacts, factsChanged } from "../builds.ts";
import { invalid, notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { objectBody, optionalText, optionalTime } from "../http/shape.ts";
import { micros } from "../rms.ts";
import { sha256 } from "../store/blobs.ts";
import type { Row } from "../store/database.ts";
import { audit, domainPath, domainRow } from "./domains.ts";
import { batchAnswer, type MemberLine, memberLines } from "./members-batch.ts";

const roleId = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

function role(call: Call): RoleFacts {
  domainRow(call);
  const found = domainFacts(call.rms, call.params["domain"]!).roles.find((one) => one.id === call.params["role"]);
  if (found === undefined) throw notFound();
  return found;
}

function roleItem(facts: RoleFacts): Readonly<Record<string, unknown>> {
  const { members, ...rest } = facts;
  return { ...rest, memberCount: members.length };
}

/** Changes facts of the domain: one transaction with audit and snapshot, then the wake-up. */
function change(call: Call, action: string, object: string, reason: string, detail: unknown, work: (now: number) => void): void {
  const { rms } = call;
  const domain = call.params["domain"]!;
  rms.db.transaction(() => {
    work(micros(rms.now()));
    factsChanged(rms, domain);
    audit(call, action, domain, object, reason, detail);
  });
  rms.serving.changed(rms, domain);
}

function subjectOf(call: Call): string {
  const subject = call.params["subject"]!;
  if (Buffer.byteLength(subject) > 256) throw invalid("A subject's id has at most 256 bytes.");
  return subject;
}

function putRole(call: Call): Answer {
  domainRow(call);
  const id = call.params["role"]!;
  if (!roleId.test(id)) throw invalid(`${JSON.stringify(id)} is no role id.`);
  const body = objectBody(call.body, ["title", "risk", "includes", "responsibilities", "reason"]);
  const { reason: _reason, ...facts } = body;
  const others = domainFacts(call.rms, call.params["domain"]!).roles.filter((one) => one.id !== id);
  const read = readDomainFacts({
    domain: call.params["domain"],
    roles: { ...Object.fromEntries(others.map(({ id: other, members: _members, ...rest }) => [other, rest])), [id]: facts },
  });
  if ("fault" in read) throw invalid(read.fault);
  const all = new Map(read.facts.roles.map((one) => [one.id, one]));
  for (const included of all.get(id)?.includes ?? []) {
    if (includedRoles(included, all).includes(id)) throw invalid(`The roles ${id} and ${included} would include each other.`);
  }
  const { id: _id, members: _members, ...stored } = all.get(id)!;
  const existed = others.length < domainFacts(call.rms, call.params["domain"]!).roles.length;
  change(call, "role.put", `${call.params["domain"]}/roles/${id}`, optionalText(body, "reason") ?? "", stored, (now) => {
    call.rms.db.run(
      "UPDATE roles SET recorded_to = ? WHERE domain = ? AND id = ? AND recorded_to IS NULL",
      now,
      call.params["domain"]!,
      id,
    );
    call.rms.db.run(
      "INSERT INTO roles (domain, id, body, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, NULL, ?, ?)",
      call.params["domain"]!,
      id,
      JSON.stringify(stored),
      now,
      call.principal.subject,
      optionalText(body, "reason") ?? "",
    );
  });
  return { status: existed ? 200 : 201, body: roleItem(role(call)) };
}

function putMember(call: Call): Answer {
  role(call);
  const subject = subjectOf(call);
  const body = objectBody(call.body ?? {}, ["validFrom", "validUntil", "reason"]);
  const from = optionalTime(body, "validFrom");
  const until = optionalTime(body, "validUntil");
  if (from !== undefined && until !== undefined && until <= from) throw invalid("validUntil must be after validFrom.");
  const id = call.params["role"]!;
  const line: MemberLine = { op: "put", subject, from, until, reason: optionalText(body, "reason") };
  const before = memberRow(call, subject);
  const item = { subject, role: id, validFrom: body["validFrom"], validUntil: body["validUntil"] };
  if (!differs(before, line)) return { status: 200, body: item };
  const object = `${call.params["domain"]}/roles/${id}/members/${subject}`;
  change(call, "member.put", object, line.reason ?? "", { from, until }, (now) => recordMember(call, line, "", now));
  return { status: before === undefined ? 201 : 200, body: item };
}

function memberRow(call: Call, subject: string): Row | undefined {
  return call.rms.db.one(
    "SELECT * FROM memberships WHERE domain = ? AND role = ? AND subject = ? AND recorded_to IS NULL",
    call.params["domain"]!,
    call.params["role"]!,
    subject,
  );
}

function differs(before: Row | undefined, { op, from, until }: MemberLine): boolean {
  if (op === "delete") return before !== undefined;
  return before === undefined || before["valid_from"] !== (from ?? null) || before["valid_until"] !== (until ?? null);
}

/** Ends the recorded membership, and records the new one of a put. */
function recordMember(call: Call, { op, subject, from, until, reason }: MemberLine, common: string, now: number): void {
  const [domain, id] = [call.params["domain"]!, call.params["role"]!];
  call.rms.db.run(
    "UPDATE memberships SET recorded_to = ? WHERE domain = ? AND role = ? AND subject = ? AND recorded_to IS NULL",
    now,
    domain,
    id,
    subject,
  );
  if (op === "delete") return;
  call.rms.db.run(
    "INSERT INTO memberships (domain, role, subject, valid_from, valid_until, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)",
    domain,
    id,
    subject,
    from ?? null,
    until ?? null,
    now,
    call.principal.subject,
    reason ?? common,
  );
}

function batch(call: Call): Answer {
  role(call);
  const lines = memberLines(call);
  const changed = lines.filter((line) => differs(memberRow(call, line.subject), line));
  const reason = call.query.get("reason") ?? "";
  const dryRun = call.query.get("dryRun") === "true";
  if (changed.length > 0 && !dryRun) {
    const detail = { changed: changed.length, digest: sha256(call.rawBody) };
    change(call, "member.batch", `${call.params["domain"]}/roles/${call.params["role"]}/members`, reason, detail, (now) => {
      for (const line of changed) recordMember(call, line, reason, now);
    });
  }
  return batchAnswer(lines, changed.length, dryRun);
}

function suspension(suspend: boolean): (call: Call) => Answer {
  return (call) => {
    domainRow(call);
    const subject = subjectOf(call);
    const domain = call.params["domain"]!;
    const body = objectBody(call.body ?? {}, ["reason"]);
    const reason = optionalText(body, "reason") ?? "";
    const before = call.rms.db.one(
      "SELECT 1 FROM suspensions WHERE domain = ? AND subject = ? AND recorded_to IS NULL",
      domain,
      subject,
    );
    if ((before !== undefined) !== suspend) {
      change(call, suspend ? "subject.suspend" : "subject.restore", `${domain}/subjects/${subject}`, reason, {}, (now) => {
        if (suspend) {
          call.rms.db.run(
            "INSERT INTO suspensions (domain, subject, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, NULL, ?, ?)",
            domain,
            subject,
            now,
            call.principal.subject,
            reason,
          );
        } else
          call.rms.db.run(
            "UPDATE suspensions SET recorded_to = ? WHERE domain = ? AND subject = ? AND recorded_to IS NULL",
            now,
            domain,
            subject,
          );
      });
    }
    return { status: 200, body: { subject, suspended: suspend } };
  };
}

export const roleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/roles`,
    scope: "read",
    summary: "The roles of a domain",
    handle: (call) => {
      domainRow(call);
      const wanted = call.query.get("q")?.toLowerCase() ?? "";
      const items = domainFacts(call.rms, call.params["domain"]!).roles.filter((one) =>
        `${one.id} ${one.title ?? ""}`.toLowerCase().includes(wanted),
      );
      return { status: 200, body: { items: items.map(roleItem) } };
    },
  },
  {
    method: "GET",
    path: `${domainPath}/roles/:role`,
    scope: "read",
    summary: "One role",
    handle: (call) => ({ status: 200, body: roleItem(role(call)) }),
  },
  { method: "PUT", path: `${domainPath}/roles/:role`, scope: "roles:write", summary: "Set a role as a whole", handle: putRole },
  {
    method: "DELETE",
    path: `${domainPath}/roles/:role`,
    scope: "roles:write",
    summary: "End a role; its history stays",
    handle: (call) => {
      role(call);
      const [domain, id] = [call.params["domain"]!, call.params["role"]!];
      const user = domainFacts(call.rms, domain).roles.find((one) => one.includes.includes(id));
      if (user !== undefined) throw invalid(`The role ${user.id} includes ${id}: change that first.`);
      change(call, "role.delete", `${domain}/roles/${id}`, call.query.get("reason") ?? "", {}, (now) => {
        call.rms.db.run("UPDATE roles SET recorded_to = ? WHERE domain = ? AND id = ? AND recorded_to IS NULL", now, domain, id);
        call.rms.db.run(
          "UPDATE memberships SET recorded_to = ? WHERE domain = ? AND role = ? AND recorded_to IS NULL",
          now,
          domain,
          id,
        );
      });
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: `${domainPath}/roles/:role/members`,
    scope: "read",
    summary: "The members of a role",
    handle: (call) => ({
      status: 200,
      body: {
        items: role(call).members.map(({ subject, from, until }) => ({
          subject,
          validFrom: time(from),
          validUntil: time(until),
        })),
      },
    }),
  },
  {
    method: "POST",
    path: `${domainPath}/roles/:role/members:batch`,
    scope: "roles:write",
    summary: "Change many memberships at once, all or none: NDJSON",
    maxBody: 32 * 1024 * 1024,
    consumes: ["application/x-ndjson", "application/ndjson", "application/jsonl"],
    handle: batch,
  },
  {
    method: "PUT",
    path: `${domainPath}/roles/:role/members/:subject`,
    scope: "roles:write",
    summary: "Make a subject a member",
    handle: putMember,
  },
  {
    method: "DELETE",
    path: `${domainPath}/roles/:role/members/:subject`,
    scope: "roles:write",
    summary: "End a membership",
    handle: (call) => {
      role(call);
      const subject = subjectOf(call);
      const [domain, id] = [call.params["domain"]!, call.params["role"]!];
      const before = call.rms.db.one(
        "SELECT 1 FROM memberships WHERE domain = ? AND role = ? AND subject = ? AND recorded_to IS NULL",
        domain,
        id,
        subject,
      );
      if (before !== undefined) {
        change(call, "member.delete", `${domain}/roles/${id}/members/${subject}`, call.query.get("reason") ?? "", {}, (now) => {
          call.rms.db.run(
            "UPDATE memberships SET recorded_to = ? WHERE domain = ? AND role = ? AND subject = ? AND recorded_to IS NULL",
            now,
            domain,
            id,
            subject,
          );
        });
      }
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: `${domainPath}/subjects/:subject`,
    scope: "read",
    summary: "What a subject holds",
    handle: (call) => {
      domainRow(call);
      const subject = subjectOf(call);
      const facts = domainFacts(call.rms, call.params["domain"]!);
      const all = new Map(facts.roles.map((one) => [one.id, one]));
      const held = facts.roles.filter((one) => one.members.some((member) => member.subject === subject));
      const responsibilities = held.flatMap((one) =>
        includedRoles(one.id, all).flatMap(
          (id) =>
            all
              .get(id)
              ?.responsibilities.map((grant): { role: string; action: string; resource: string; constraints?: Constraints } => ({
                role: one.id,
                ...grant,
              })) ?? [],
        ),
      );
      return {
        status: 200,
        body: { subject, suspended: facts.suspended.includes(subject), roles: held.map((one) => one.id), responsibilities },
      };
    },
  },
  {
    method: "POST",
    path: `${domainPath}/subjects/:subject/suspend`,
    scope: "roles:write",
    summary: "Suspend a subject in all roles",
    handle: suspension(true),
  },
  {
    method: "POST",
    path: `${domainPath}/subjects/:subject/restore`,
    scope: "roles:write",
    summary: "Restore a suspended subject",
    handle: suspension(false),
  },
];

function time(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
