// Who can do what by the roles of now, or of another time as it was known at one.
import type { Access } from "#bundles/rms-data.ts";
import { demand } from "../access.ts";
import { accessKey } from "../answer-access.ts";
import type { Answer } from "../http/answer.ts";
import { pageOfComputed } from "../http/paging.ts";
import { invalid, notFound } from "../http/problem.ts";
import type { Call, Route } from "../http/route.ts";
import { ask } from "../questions.ts";
import { seconds } from "../times.ts";
import { momentItem, momentOf } from "./moments.ts";

async function access(call: Call): Promise<Answer> {
  const { rms, principal, query } = call;
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  const [domain, subject, action, resource] = ["domain", "subject", "action", "resource"].map(given);
  if (domain === undefined) throw invalid("Name the domain in the query: ?domain=.");
  if (subject === undefined && action === undefined && resource === undefined)
    throw invalid("Name a subject, an action or a resource in the query.");
  demand(principal, "read", domain);
  if ((await call.reads.domains.get(domain)) === undefined) throw notFound();
  const moment = momentOf(call, given("at"), given("knownAt"));
  const question = { kind: "access", domain, subject, action, resource, now: seconds(rms.now()), moment } as const;
  if (wantsCsv(call)) return csvAnswer(await ask(rms, { ...question, page: undefined }));
  const { body, ...answer } = await pageOfComputed(query, 5, accessKey, (page) => ask(rms, { ...question, page }));
  const basis = moment === undefined ? {} : { basis: { kind: "asKnown", ...momentItem(moment) } };
  return { ...answer, body: { ...(body as object), ...basis } };
}

/** `?format=csv`, or without a format a client that takes nothing else. */
function wantsCsv({ query, headers }: Call): boolean {
  const format = query.get("format");
  return format === null ? /^\s*text\/csv\s*(?:;|$)/i.test(headers.accept ?? "") : format === "csv";
}

/** The whole list as RFC 4180 lines. A cell that a spreadsheet would take for a formula is quoted from it. */
function csvAnswer(items: readonly Access[]): Answer {
  const cell = (value: string): string => {
    const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = items.map(({ subject, role, action, resource, constraints, validUntil }) => [
    subject,
    role,
    action,
    resource,
    constraints === undefined ? "" : JSON.stringify(constraints),
    validUntil ?? "",
  ]);
  const head = ["subject", "role", "action", "resource", "constraints", "validUntil"];
  const body = [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  return { status: 200, headers: { "Content-Type": "text/csv; charset=utf-8; header=present" }, body };
}

export const accessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/access",
    scope: "read",
    summary: "Who can do something, or what somebody can do, by the roles of now or of another time",
    produces: ["application/json", "text/csv"],
    handle: access,
  },
];
