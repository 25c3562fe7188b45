// Samples and includes: inputs in HOCON or JSON that authors share, and the files that their `include` may name.
import { readInput } from "#analysis/hocon/input.ts";
import type { Location } from "#analysis/hocon/resolve.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { invalid, notFound, type ProblemError } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { objectBody, optionalText, textField } from "../http/shape.ts";
import { micros } from "../rms.ts";
import { audit, domainPath, domainRow, policyPath, policyRow } from "./domains.ts";

const maxText = 1024 * 1024;
const maxIncludes = 1000;

interface Shelf {
  /** `samples` or `includes`: the name in addresses and in the audit log. */
  readonly kind: "samples" | "includes";
  /** Empty for what belongs to the whole domain. */
  readonly policy: string;
  readonly name: string;
}

function shelf(call: Call, kind: Shelf["kind"]): Shelf {
  if (kind === "samples") policyRow(call);
  else domainRow(call);
  const name = call.params["name"]!;
  const parts = name.split("/");
  if (name.length > 250 || /[\u0000-\u001f\\]/.test(name) || parts.some((part) => part === "" || part === "." || part === ".."))
    throw invalid(`${JSON.stringify(name)} is no relative path.`);
  return { kind, policy: kind === "samples" ? call.params["policy"]! : "", name };
}

function textAt(call: Call, { kind, policy, name }: Shelf): string | undefined {
  const row = call.rms.db.one(
    "SELECT text FROM texts WHERE domain = ? AND policy = ? AND kind = ? AND name = ? AND recorded_to IS NULL",
    call.params["domain"]!,
    policy,
    kind,
    name,
  );
  return row === undefined ? undefined : String(row["text"]);
}

/** Ends what was there and records the new text, if any: one transaction with the audit event. */
function record(call: Call, at: Shelf, text: string | undefined, reason: string): void {
  const domain = call.params["domain"]!;
  const { db } = call.rms;
  const now = micros(call.rms.now());
  db.transaction(() => {
    db.run(
      "UPDATE texts SET recorded_to = ? WHERE domain = ? AND policy = ? AND kind = ? AND name = ? AND recorded_to IS NULL",
      now,
      domain,
      at.policy,
      at.kind,
      at.name,
    );
    if (text !== undefined)
      db.run(
        "INSERT INTO texts (domain, policy, kind, name, text, recorded_from, recorded_to, actor, reason) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        domain,
        at.policy,
        at.kind,
        at.name,
        text,
        now,
        call.principal.subject,
        reason,
      );
    const owner = at.policy === "" ? domain : `${domain}/${at.policy}`;
    audit(call, `${at.kind}.${text === undefined ? "delete" : "put"}`, domain, `${owner}/${at.kind}/${at.name}`, reason);
  });
}

function put(call: Call, kind: Shelf["kind"]): Answer {
  const at = shelf(call, kind);
  const isJson = /^application\/json\b/i.test(call.headers["content-type"] ?? "application/json");
  const body = isJson ? objectBody(call.body, ["text", "reason"]) : { text: textBody(call) };
  const text = textField(body, "text", { max: maxText });
  const before = textAt(call, at);
  if (before !== text) record(call, at, text, optionalText(body, "reason") ?? "");
  return { status: before === undefined ? 201 : 200, body: { name: at.name, text } };
}

function textBody(call: Call): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(call.rawBody);
  } catch {
    throw invalid("The text is not UTF-8.");
  }
}

function list(call: Call, kind: Shelf["kind"]): Answer {
  if (kind === "samples") policyRow(call);
  else domainRow(call);
  const rows = call.rms.db.all(
    "SELECT name FROM texts WHERE domain = ? AND policy = ? AND kind = ? AND recorded_to IS NULL ORDER BY name",
    call.params["domain"]!,
    kind === "samples" ? call.params["policy"]! : "",
    kind,
  );
  return { status: 200, body: { items: rows.map((row) => ({ name: row["name"] })) } };
}

/** The JSON text of an input; includes come from the domain's own store, and from nowhere else. 422 with file and row otherwise. */
export function renderHocon(call: Call, name: string, text: string): string {
  const sources = new Map([[name, text]]);
  let included = 0;
  const { json, diagnostics } = readInput(/\.\w+$/.test(name) ? name : `${name}.conf`, text, {
    location: { kind: "classpath", path: name },
    read: (location: Location) => {
      if (location.kind === "url") return { kind: "refused", reason: "RMS reads no addresses" };
      if (location.kind !== "classpath") return { kind: "refused", reason: "RMS reads no files but the includes of the domain" };
      if (++included > maxIncludes) return { kind: "refused", reason: `a document may include ${maxIncludes} files` };
      const found = textAt(call, { kind: "includes", policy: "", name: location.path.replace(/^\/+/, "") });
      if (found === undefined) return { kind: "missing" };
      sources.set(location.path, found);
      return { kind: "text", text: found };
    },
  });
  if (json !== undefined) return json;
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ file, code, message, range }): ProblemError => {
      const lines = new LineIndex(sources.get(file) ?? text);
      return { file, ...lines.rowCol(range.start), code, message };
    });
  throw invalid("The HOCON text does not resolve.", errors);
}

const routesOf = (kind: Shelf["kind"], base: string, write: "publish" | "domain:admin", what: string): readonly Route[] => [
  { method: "GET", path: base, scope: "read", summary: `The names of the ${what}`, handle: (call) => list(call, kind) },
  {
    method: "GET",
    path: `${base}/*name`,
    scope: "read",
    summary: `One of the ${what}`,
    produces: "text/plain",
    handle: (call) => {
      const text = textAt(call, shelf(call, kind));
      if (text === undefined) throw notFound();
      return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text };
    },
  },
  {
    method: "PUT",
    path: `${base}/*name`,
    scope: write,
    summary: `Set one of the ${what}`,
    maxBody: 2 * maxText,
    consumes: ["text/plain", "application/hocon", "application/x-hocon"],
    handle: (call) => put(call, kind),
  },
  {
    method: "DELETE",
    path: `${base}/*name`,
    scope: write,
    summary: `Remove one of the ${what}`,
    handle: (call) => {
      const at = shelf(call, kind);
      if (textAt(call, at) === undefined) throw notFound();
      record(call, at, undefined, call.query.get("reason") ?? "");
      return { status: 204 };
    },
  },
];

export const sampleRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${policyPath}/samples/*name/render`,
    scope: "read",
    summary: "A sample as JSON, its includes merged",
    handle: (call) => {
      const at = shelf(call, "samples");
      const text = textAt(call, at);
      if (text === undefined) throw notFound();
      return {
        status: 200,
        headers: { "Content-Type": "application/json; charset=utf-8" },
        body: renderHocon(call, at.name, text),
      };
    },
  },
  ...routesOf("samples", `${policyPath}/samples`, "publish", "policy's samples"),
  ...routesOf("includes", `${domainPath}/includes`, "publish", "domain's server-side includes"),
];
