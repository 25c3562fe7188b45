// Publishing: a version is validated, gated, stored and recorded in one transaction; afterwards it never changes.
import { writeTar } from "#bundles/tar.ts";
import { sha256 } from "../../store/blobs.ts";
import type { Version } from "../../store/versions.ts";
import { storedGateSettings } from "../gate-settings.ts";
import { type GateInput, gateLimits } from "../gates.ts";
import type { Answer } from "../http/answer.ts";
import { page, pageByNumber } from "../http/paging.ts";
import { conflict, notFound, Problem } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalText, textField } from "../http/shape.ts";
import { isDryRun, write } from "../http/write.ts";
import { seconds } from "../times.ts";
import { audit, foundPolicy, livingDomain, policyPath } from "./domains.ts";
import { foundVersion, shownVersion } from "./found-version.ts";
import { readFiles } from "./given-files.ts";
import { auditedImpact, judge, refuseImpact } from "./impact-gate.ts";
import { archiveBody, archiveTypes, isArchive, sourceArchive } from "./version-archive.ts";
import { diffSummary, diffSummaryOf, versionDiff } from "./version-diff.ts";

const encoder = new TextEncoder();

async function publish(call: Call): Promise<Answer> {
  const { rms } = call;
  const domain = await livingDomain(call, call.reads);
  const policy = await foundPolicy(call);
  const body = isArchive(call) ? archiveBody(call) : bodyOf(call);
  const version = textField(body, "version");
  const message = optionalText(body, "message") ?? "";
  const files = readFiles(body["files"]);
  const digest = sha256(writeTar(files.map(({ path, text }) => ({ name: path, bytes: encoder.encode(text) }))));
  const names = { domain: domain.id, policy: policy.id, version };
  const before = await rms.store.versions.get(names.domain, names.policy, version);
  if (before !== undefined) return sameOrConflict(before, digest);
  const own = storedGateSettings(policy.gates);
  const settings = { ...own, builtins: [...domain.builtins, ...own.builtins] };
  const input: GateInput = {
    files,
    library: rms.library.files,
    package: domain.package,
    entrypoints: policy.entrypoints,
    settings,
    limits: gateLimits,
    now: rms.now().getTime(),
  };
  const { gates, warnings } = await rms.gates.check(domain.id, input);
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
  const verdict = await judge(call, policy, { files });
  if (verdict?.ok === false && settings.impact?.otherwise === "refuse") return refuseImpact(call, policy, version, verdict);
  const state = settings.approvals > 0 || verdict?.ok === false ? "awaiting_approval" : "published";
  const results = verdict === undefined ? gates : [...gates, verdict];
  const named = files.map(({ path, text }) => ({ path, blob: sha256(text) }));
  const diff = await diffSummary(rms.store, names, named);
  const answer = { ...names, digest, state, gates: results, warnings, ...(diff === undefined ? {} : { diff }) };
  if (isDryRun(call)) return { status: 200, body: { ...answer, dryRun: true } };
  await rms.blobs.putAll(files.map(({ text }) => encoder.encode(text)));
  return write(call, async (tx) => {
    await livingDomain(call, tx);
    const raced = await tx.versions.get(names.domain, names.policy, version);
    if (raced !== undefined) return sameOrConflict(raced, digest);
    await tx.versions.insert(
      {
        ...names,
        digest,
        state,
        author: call.principal.subject,
        message,
        gates: results,
        library: rms.library.version,
        at: seconds(rms.now()),
      },
      named,
    );
    const object = `${names.domain}/${names.policy}@${version}`;
    await audit(tx, call, "version.publish", names.domain, object, optionalText(body, "reason") ?? message, {
      digest,
      ...(verdict === undefined ? {} : { impact: auditedImpact(verdict) }),
    });
    return { status: 201, body: answer };
  });
}

/** The same content is the same version; other content under the same number is a conflict. */
function sameOrConflict(before: Version, digest: string): Answer {
  const { domain, policy, version, state, gates } = before;
  if (before.digest !== digest)
    throw conflict(`${domain}/${policy}@${version} is there with other content; versions never change. Choose the next version.`);
  return { status: 200, body: { domain, policy, version, digest, state, gates, warnings: [] } };
}

async function versionDetail(call: Call): Promise<Answer> {
  const version = await foundVersion(call, param(call, "version"));
  const diff = await diffSummaryOf(call.reads, version);
  const { gates, library } = version;
  return {
    status: 200,
    body: { ...(await shownVersion(version, call.reads)), library, gates, ...(diff === undefined ? {} : { diff }) },
  };
}

const base = `${policyPath}/versions`;

export const versionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: base,
    scope: "publish",
    summary: "Publish a version",
    maxBody: 8 * 1024 * 1024,
    maxOther: 64 * 1024 * 1024,
    consumes: archiveTypes,
    handle: publish,
  },
  {
    method: "GET",
    path: base,
    scope: "read",
    summary: "The versions of a policy, newest first",
    handle: async (call) => {
      const { domain, id } = await foundPolicy(call);
      return pageByNumber(call.query, {
        read: (part) => call.reads.versions.list(domain, id, part),
        key: (version) => version.order,
        show: (version) => shownVersion(version, call.reads),
      });
    },
  },
  {
    method: "GET",
    path: `${base}/:version`,
    scope: "read",
    summary: "One version",
    handle: versionDetail,
  },
  {
    method: "GET",
    path: `${base}/:version/diff`,
    scope: "read",
    summary: "What changed in the files since another version, or since the one before",
    handle: versionDiff,
  },
  {
    method: "GET",
    path: `${base}/:version/source.tar.gz`,
    scope: "read",
    summary: "The files of a version as the archive that its digest is of",
    produces: ["application/gzip"],
    handle: async (call) => sourceArchive(call.rms, await foundVersion(call, param(call, "version"))),
  },
  {
    method: "GET",
    path: `${base}/:version/files`,
    scope: "read",
    summary: "The names of a version's files",
    handle: async (call) => {
      const { domain, policy, version } = await foundVersion(call, param(call, "version"));
      return page(call.query, {
        read: (part) => call.reads.versions.files(domain, policy, version, part),
        key: ({ path }) => path,
        show: ({ path }) => ({ path }),
      });
    },
  },
  {
    method: "GET",
    path: `${base}/:version/files/*file`,
    scope: "read",
    summary: "The text of one file",
    produces: ["text/plain"],
    handle: async (call) => {
      const { domain, policy, version } = await foundVersion(call, param(call, "version"));
      const file = await call.rms.store.versions.file(domain, policy, version, param(call, "file"));
      const bytes = file === undefined ? undefined : call.rms.blobs.get(file.blob);
      if (bytes === undefined) throw notFound();
      return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: bytes };
    },
  },
];
