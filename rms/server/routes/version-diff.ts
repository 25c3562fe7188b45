// How the files of a version differ from those of another one.
import { unifiedDiff } from "#grammars/text/line-diff.ts";
import { breath } from "../../store/breath.ts";
import type { Reads } from "../../store/store.ts";
import type { Version, VersionFile } from "../../store/versions.ts";
import type { Answer } from "../http/answer.ts";
import { invalid, notFound } from "../http/problem.ts";
import { type Call, param } from "../http/route.ts";
import type { Rms } from "../rms.ts";
import { foundVersion } from "./found-version.ts";

type Named = Pick<Version, "domain" | "policy" | "version">;

export interface DiffSummary {
  readonly against: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

interface FileChange {
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The files that differ, by their blobs, in the order of their paths. */
function changes(before: readonly VersionFile[], after: readonly VersionFile[]): readonly FileChange[] {
  const [old, now] = [before, after].map((files) => new Map(files.map(({ path, blob }) => [path, blob])));
  const paths = [...new Set([...before, ...after].map(({ path }) => path))].sort();
  return paths.flatMap((path): readonly FileChange[] => {
    const [was, is] = [old?.get(path), now?.get(path)];
    if (was === is) return [];
    return [{ path, change: was === undefined ? "added" : is === undefined ? "removed" : "changed", before: was, after: is }];
  });
}

/** What files change against the newest version of the policy; undefined for the first. */
export async function diffSummary(
  reads: Reads,
  { domain, policy }: Named,
  files: readonly VersionFile[],
  before?: number,
): Promise<DiffSummary | undefined> {
  const [last] = await reads.versions.list(domain, policy, { after: before, limit: 1 });
  if (last === undefined) return undefined;
  const found = changes(await reads.versions.files(domain, policy, last.version), files);
  const count = (change: FileChange["change"]): number => found.filter((one) => one.change === change).length;
  return { against: last.version, added: count("added"), removed: count("removed"), changed: count("changed") };
}

/** What a version changed against the one published before it. */
export async function diffSummaryOf(reads: Reads, version: Version): Promise<DiffSummary | undefined> {
  const { domain, policy, version: name, order } = version;
  return diffSummary(reads, version, await reads.versions.files(domain, policy, name), order);
}

/** The texts of what differs as unified diffs. */
export async function versionDiff(call: Call): Promise<Answer> {
  const version = await foundVersion(call, param(call, "version"));
  const { domain, policy } = version;
  const against = await otherVersion(call, version);
  const [before, after] = await Promise.all([
    call.reads.versions.files(domain, policy, against.version),
    call.reads.versions.files(domain, policy, version.version),
  ]);
  const files: unknown[] = [];
  for (const { path, change, before: was, after: is } of changes(before, after)) {
    await breath();
    files.push({ path, change, text: unifiedDiff(path, textOf(call.rms, was), textOf(call.rms, is)) });
  }
  return { status: 200, body: { version: version.version, against: against.version, files } };
}

async function otherVersion(call: Call, { domain, policy, order }: Version): Promise<Version> {
  const name = call.query.get("against");
  if (name !== null) {
    const found = await call.reads.versions.get(domain, policy, name);
    if (found === undefined) throw invalid(`${domain}/${policy} has no version ${JSON.stringify(name)}.`);
    return found;
  }
  const [last] = await call.reads.versions.list(domain, policy, { after: order, limit: 1 });
  if (last === undefined) throw invalid("This is the first version: name another one with ?against=.");
  return last;
}

function textOf(rms: Rms, blob: string | undefined): string {
  if (blob === undefined) return "";
  const bytes = rms.blobs.get(blob);
  if (bytes === undefined) throw notFound();
  return new TextDecoder().decode(bytes);
}
