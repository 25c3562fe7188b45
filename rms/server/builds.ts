// Versions, facts and stamp → the signed bundle of an address; what was built once is served again.
import { gzipSync } from "node:zlib";
import { buildBundle } from "#bundles/bundle.ts";
import { type Json, mergeJson, readJson, toJson } from "#bundles/canonical-json.ts";
import { type DomainFacts, type RoleFacts, rmsDocument } from "#bundles/rms-data.ts";
import type { Rms } from "./rms.ts";
import { seconds } from "./rms.ts";
import { sha256 } from "./store/blobs.ts";

export interface Build {
  readonly digest: string;
  /** Digest of the bytes as served. */
  readonly transport: string;
  readonly revision: string;
  readonly version: string;
  /** Seconds: from when to when this build is the one to serve, if nothing changes. */
  readonly from: number;
  readonly until: number;
}

interface Stamp {
  readonly number: number;
  readonly asOf: number;
  readonly freshUntil: number;
}

const decoder = new TextDecoder();

/**
 * The domain's stamp; a new one when the facts changed, a third of their age has passed, or the clock went back behind it
 * (a stamp from the future would make every sidecar deny).
 */
function stampOf(rms: Rms, domain: string): Stamp {
  const row = rms.db.one("SELECT max_age_s, snapshot FROM domains WHERE id = ?", domain)!;
  const maxAge = Number(row["max_age_s"]);
  const now = seconds(rms.now());
  const stamp = rms.db.one("SELECT * FROM stamps WHERE domain = ?", domain);
  const asOf = Number(stamp?.["as_of_s"]);
  if (stamp !== undefined && stamp["snapshot"] === row["snapshot"] && now >= asOf && now - asOf < maxAge / 3)
    return { number: Number(stamp["number"]), asOf, freshUntil: Number(stamp["fresh_until_s"]) };
  const last = rms.db.one("SELECT MAX(stamp) AS number FROM builds WHERE domain = ?", domain);
  const number = Math.max(Number(stamp?.["number"] ?? 0), Number(last?.["number"] ?? 0)) + 1;
  rms.db.run(
    "INSERT INTO stamps (domain, number, as_of_s, fresh_until_s, snapshot) VALUES (?, ?, ?, ?, ?) ON CONFLICT (domain) DO UPDATE SET number = excluded.number, as_of_s = excluded.as_of_s, fresh_until_s = excluded.fresh_until_s, snapshot = excluded.snapshot",
    domain,
    number,
    now,
    now + maxAge,
    Number(row["snapshot"]),
  );
  return { number, asOf: now, freshUntil: now + maxAge };
}

/** The domain's present stamp, with the number of the snapshot that it stands for. */
export function currentStamp(rms: Rms, domain: string): Stamp & { readonly snapshot: number } {
  return rms.db.transaction(() => ({
    ...stampOf(rms, domain),
    snapshot: Number(rms.db.one("SELECT snapshot FROM domains WHERE id = ?", domain)!["snapshot"]),
  }));
}

/** Roles, members and suspensions of a domain as they are now. */
export function domainFacts(rms: Rms, domain: string): DomainFacts {
  const members = new Map<string, RoleFacts["members"][number][]>();
  for (const row of rms.db.all(
    "SELECT * FROM memberships WHERE domain = ? AND recorded_to IS NULL ORDER BY role, subject",
    domain,
  )) {
    const role = String(row["role"]);
    const list = members.get(role) ?? [];
    members.set(role, list);
    list.push({
      subject: String(row["subject"]),
      ...(row["valid_from"] === null ? {} : { from: Number(row["valid_from"]) }),
      ...(row["valid_until"] === null ? {} : { until: Number(row["valid_until"]) }),
    });
  }
  const rows = rms.db.all("SELECT id, body FROM roles WHERE domain = ? AND recorded_to IS NULL ORDER BY id", domain);
  const roles = rows.map((row): RoleFacts => {
    const body = JSON.parse(String(row["body"])) as Omit<RoleFacts, "id" | "members">;
    const id = String(row["id"]);
    return { ...body, id, members: members.get(id) ?? [] };
  });
  const suspended = rms.db
    .all("SELECT subject FROM suspensions WHERE domain = ? AND recorded_to IS NULL ORDER BY subject", domain)
    .map((row) => String(row["subject"]));
  return { domain, roles, suspended };
}

/** The files of a version. */
export function versionFiles(
  rms: Rms,
  domain: string,
  policy: string,
  version: string,
): readonly { readonly path: string; readonly text: string }[] {
  return rms.db
    .all(
      "SELECT path, blob FROM version_files WHERE domain = ? AND policy = ? AND version = ? ORDER BY path",
      domain,
      policy,
      version,
    )
    .map((row) => {
      const bytes = rms.blobs.get(String(row["blob"]));
      if (bytes === undefined) throw new Error(`the blob of ${String(row["path"])} is missing or damaged`);
      return { path: String(row["path"]), text: decoder.decode(bytes) };
    });
}

/** True for what a bundle holds of a version: policies and data, no tests, samples or schemas. */
export function isBundled(path: string): boolean {
  return path.endsWith(".rego") && !path.endsWith("_test.rego");
}

/** The current build of a version: made now, or found. */
export function currentBuild(rms: Rms, domain: string, policy: string, version: string): Build {
  const row = rms.db.one("SELECT package, snapshot, max_age_s FROM domains WHERE id = ?", domain)!;
  const stamp = rms.db.transaction(() => stampOf(rms, domain));
  const span = { from: stamp.asOf, until: stamp.asOf + Number(row["max_age_s"]) / 3 };
  const snapshot = Number(row["snapshot"]);
  const found = rms.db.one(
    "SELECT * FROM builds WHERE domain = ? AND policy = ? AND version = ? AND snapshot = ? AND stamp = ?",
    domain,
    policy,
    version,
    snapshot,
    stamp.number,
  );
  if (found !== undefined)
    return {
      digest: String(found["digest"]),
      transport: String(found["transport"]),
      revision: String(found["revision"]),
      version,
      ...span,
    };
  const files = versionFiles(rms, domain, policy, version);
  const signer = rms.keys.signer();
  const source = rms.db.one(
    "SELECT digest FROM versions WHERE domain = ? AND policy = ? AND version = ?",
    domain,
    policy,
    version,
  )?.["digest"];
  const revision = `${domain}/${policy}@${version}+s${snapshot}.t${stamp.number}`;
  const rmsData = rmsDocument(domainFacts(rms, domain), { asOf: stamp.asOf, freshUntil: stamp.freshUntil, snapshot });
  const data = mergeJson(versionData(files), new Map([["rms", rmsData]]));
  const bundle = buildBundle(
    {
      revision,
      roots: [String(row["package"]), "rms"],
      metadata: toJson({ rms: { domain, policy, version, snapshot, stamp: stamp.number, library: rms.library.version, source } }),
      data: "value" in data ? data.value : new Map(),
      policies: [...files.filter(({ path }) => isBundled(path)), ...rms.library.files],
      scope: `rms:${domain}`,
    },
    {
      sha256,
      gzip: (bytes) => gzipSync(bytes, { level: 9 }),
      sign: (input) => signer.sign(input),
      key: signer,
    },
  );
  const transport = rms.blobs.put(bundle.bytes);
  rms.db.run(
    "INSERT INTO builds (digest, domain, policy, version, snapshot, stamp, transport, revision, kid, size, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
    bundle.contentDigest,
    domain,
    policy,
    version,
    snapshot,
    stamp.number,
    transport,
    revision,
    signer.kid,
    bundle.bytes.length,
    seconds(rms.now()),
  );
  rms.metrics.add("rms_builds_total", { domain });
  return { digest: bundle.contentDigest, transport, revision, version, ...span };
}

/** The version's data files in one document, each at the place of its folder. */
export function versionData(files: readonly { readonly path: string; readonly text: string }[]): Json {
  let data: Json = new Map<string, Json>();
  for (const { path, text } of files) {
    if (!/(?:^|\/)data\.json$/.test(path)) continue;
    const read = readJson(text);
    if ("fault" in read) continue;
    const merged = mergeJson(data, read.value);
    if ("value" in merged) data = merged.value;
  }
  return data;
}

/** Marks the domain's facts as changed; call it inside the transaction of the change. */
export function factsChanged(rms: Rms, domain: string): void {
  rms.db.run("UPDATE domains SET snapshot = snapshot + 1, snapshot_at = ? WHERE id = ?", seconds(rms.now()), domain);
}
