// Publishing: a version is validated, gated, stored and recorded in one transaction; afterwards it never changes.

import { byUtf8 } from "#bundles/canonical-json.ts";
import { fitsArchive, writeTar } from "#bundles/tar.ts";
import { storedGateSettings } from "../gate-settings.ts";
import { type GateResult, gateLimits, runGates } from "../gates.ts";
import { conflict, invalid, notFound, Problem } from "../http/problem.ts";
import type { Call, Route } from "../http/router.ts";
import { objectBody, optionalText, textField } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import { sha256 } from "../store/blobs.ts";
import type { Row } from "../store/database.ts";
import { audit, domainRow, policyPath, policyRow } from "./domains.ts";

const semver = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const encoder = new TextEncoder();

function versionItem(row: Row): Readonly<Record<string, unknown>> {
  return {
    version: row["version"],
    digest: row["digest"],
    state: row["state"],
    author: row["author"],
    at: new Date(Number(row["at"]) * 1000).toISOString(),
    message: row["message"],
  };
}

/** Checks names and texts; gives them in the order of their names. */
function readFiles(value: unknown): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("files must be an object from path to text.");
  const files = Object.entries(value as Record<string, unknown>).map(([path, text]) => {
    if (typeof text !== "string") throw invalid(`files[${JSON.stringify(path)}] must be a text.`);
    const parts = path.split("/");
    if (
      path === "" ||
      path.length > 250 ||
      /[\u0000-\u001f\\]/.test(path) ||
      parts.some((part) => part === "" || part === "." || part === "..") ||
      !fitsArchive(path)
    ) {
      throw invalid(`${JSON.stringify(path)} is no relative path that a version can hold.`);
    }
    return { path, text };
  });
  if (files.length === 0) throw invalid("A version needs at least one file.");
  if (files.length > 2000) throw invalid("A version may have 2000 files.");
  const folded = new Set<string>();
  for (const { path } of files) {
    const key = path.normalize("NFC").toLowerCase();
    if (folded.has(key)) throw invalid(`${JSON.stringify(path)} differs from another path only in letter case.`);
    folded.add(key);
  }
  return files.sort((a, b) => byUtf8(a.path, b.path));
}

async function publish(call: Call): Promise<{ status: number; body: unknown }> {
  const { rms } = call;
  const domain = domainRow(call);
  const policy = policyRow(call);
  if (domain["state"] === "retired") throw conflict("The domain is retired.");
  const body = objectBody(call.body, ["version", "files", "message", "reason"]);
  const version = textField(body, "version", { pattern: semver, max: 64 });
  const message = optionalText(body, "message") ?? "";
  const files = readFiles(body["files"]);
  const digest = sha256(writeTar(files.map(({ path, text }) => ({ name: path, bytes: encoder.encode(text) }))));
  const names = { domain: String(domain["id"]), policy: String(policy["id"]), version };
  const before = rms.db.one(
    "SELECT * FROM versions WHERE domain = ? AND policy = ? AND version = ?",
    names.domain,
    names.policy,
    version,
  );
  if (before !== undefined) return sameOrConflict(before, digest, names);
  const { gates, warnings } = await runGates({
    files,
    library: rms.library.files,
    package: String(domain["package"]),
    entrypoints: JSON.parse(String(policy["entrypoints"])) as string[],
    settings: storedGateSettings(JSON.parse(String(policy["gates"]))),
    limits: gateLimits,
    now: rms.now().getTime(),
  });
  const failed = gates.filter((gate) => !gate.ok);
  if (failed.length > 0) {
    throw new Problem(
      422,
      "gate",
      "A gate refused the version",
      failed.map((gate) => gate.diagnostics[0]?.message ?? gate.gate).join("; "),
      {
        errors: failed.flatMap((gate) => gate.diagnostics),
      },
    );
  }
  const answer = { ...names, digest, state: "published", gates, warnings };
  if (call.query.get("dryRun") === "true") return { status: 200, body: answer };
  const blobs = files.map(({ path, text }) => ({ path, blob: rms.blobs.put(encoder.encode(text)) }));
  return rms.db.transaction(() => {
    const raced = rms.db.one(
      "SELECT * FROM versions WHERE domain = ? AND policy = ? AND version = ?",
      names.domain,
      names.policy,
      version,
    );
    if (raced !== undefined) return sameOrConflict(raced, digest, names);
    rms.db.run(
      "INSERT INTO versions (domain, policy, version, digest, state, author, message, gates, library, at) VALUES (?, ?, ?, ?, 'published', ?, ?, ?, ?, ?)",
      names.domain,
      names.policy,
      version,
      digest,
      call.principal.subject,
      message,
      JSON.stringify(gates),
      rms.library.version,
      seconds(rms.now()),
    );
    for (const { path, blob } of blobs) {
      rms.db.run(
        "INSERT INTO version_files (domain, policy, version, path, blob) VALUES (?, ?, ?, ?, ?)",
        names.domain,
        names.policy,
        version,
        path,
        blob,
      );
    }
    audit(
      call,
      "version.publish",
      names.domain,
      `${names.domain}/${names.policy}@${version}`,
      optionalText(body, "reason") ?? message,
      { digest },
    );
    return { status: 201, body: answer };
  });
}

/** The same content is the same version; other content under the same number is a conflict. */
function sameOrConflict(
  row: Row,
  digest: string,
  names: { readonly domain: string; readonly policy: string; readonly version: string },
): { status: number; body: unknown } {
  if (row["digest"] !== digest)
    throw conflict(
      `${names.domain}/${names.policy}@${names.version} is there with other content; versions never change. Choose the next version.`,
    );
  return {
    status: 200,
    body: { ...names, digest, state: row["state"], gates: JSON.parse(String(row["gates"])) as GateResult[], warnings: [] },
  };
}

/** The version's row; 404 where there is none. */
export function versionRow(call: Call, version: string): Row {
  policyRow(call);
  const row = call.rms.db.one(
    "SELECT * FROM versions WHERE domain = ? AND policy = ? AND version = ?",
    call.params["domain"]!,
    call.params["policy"]!,
    version,
  );
  if (row === undefined) throw notFound();
  return row;
}

const base = `${policyPath}/versions`;

export const versionRoutes: readonly Route[] = [
  { method: "POST", path: base, scope: "publish", summary: "Publish a version", maxBody: 8 * 1024 * 1024, handle: publish },
  {
    method: "GET",
    path: base,
    scope: "read",
    summary: "The versions of a policy, newest first",
    handle: (call) => {
      policyRow(call);
      const rows = call.rms.db.all(
        "SELECT * FROM versions WHERE domain = ? AND policy = ? ORDER BY at DESC, rowid DESC",
        call.params["domain"]!,
        call.params["policy"]!,
      );
      return { status: 200, body: { items: rows.map(versionItem) } };
    },
  },
  {
    method: "GET",
    path: `${base}/:version`,
    scope: "read",
    summary: "One version",
    handle: (call) => ({ status: 200, body: versionItem(versionRow(call, call.params["version"]!)) }),
  },
  {
    method: "GET",
    path: `${base}/:version/files`,
    scope: "read",
    summary: "The names of a version's files",
    handle: (call) => {
      versionRow(call, call.params["version"]!);
      const rows = call.rms.db.all(
        "SELECT path FROM version_files WHERE domain = ? AND policy = ? AND version = ? ORDER BY path",
        call.params["domain"]!,
        call.params["policy"]!,
        call.params["version"]!,
      );
      return { status: 200, body: { items: rows.map((row) => ({ path: row["path"] })) } };
    },
  },
  {
    method: "GET",
    path: `${base}/:version/files/*file`,
    scope: "read",
    summary: "The text of one file",
    produces: "text/plain",
    handle: (call) => {
      versionRow(call, call.params["version"]!);
      const row = call.rms.db.one(
        "SELECT blob FROM version_files WHERE domain = ? AND policy = ? AND version = ? AND path = ?",
        call.params["domain"]!,
        call.params["policy"]!,
        call.params["version"]!,
        call.params["file"]!,
      );
      const bytes = row === undefined ? undefined : call.rms.blobs.get(String(row["blob"]));
      if (bytes === undefined) throw notFound();
      return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: bytes };
    },
  },
];
