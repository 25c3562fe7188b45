// A version as one archive: uploaded as tar.gz, and given back as the archive that its digest is of.
import { gunzipSync, gzipSync } from "node:zlib";
import { readTar, writeTar } from "#bundles/tar.ts";
import type { Version } from "../../store/versions.ts";
import type { Answer } from "../http/answer.ts";
import { invalid, notFound, Problem } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import type { Body } from "../http/shape.ts";
import type { Rms } from "../rms.ts";

/** Bytes that an archive may have when it is unpacked. */
const maxUnpacked = 64 * 1024 * 1024;

export const archiveTypes = ["application/gzip", "application/x-gzip"];

/** True when the body is an archive instead of JSON. */
export function isArchive({ headers }: Call): boolean {
  return archiveTypes.some((type) => (headers["content-type"] ?? "").toLowerCase().startsWith(type));
}

/** The body that the same publish would have as JSON: files from the archive, the rest from the query. */
export function archiveBody({ rawBody, query }: Call): Body {
  const files: Record<string, string> = Object.create(null);
  const read = readTar(unpacked(rawBody));
  if ("fault" in read) throw invalid(`The archive cannot be taken: ${read.fault}.`);
  for (const { name, bytes } of read.files) {
    if (Object.hasOwn(files, name)) throw invalid(`The archive holds ${JSON.stringify(name)} twice.`);
    files[name] = textOf(name, bytes);
  }
  const given = ["version", "message", "reason"].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(given), files };
}

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpacked });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE")
      throw new Problem(413, "too-large", "Too large", `The archive may have ${maxUnpacked} bytes when it is unpacked.`);
    throw new Problem(400, "not-gzip", "Not gzip", "The body is no gzip.");
  }
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid("A version holds texts only.", [{ file: name, code: "rms_text", message: "the file is not UTF-8" }]);
  }
}

/** The archive of a version: sha256 of what is inside the gzip is the version's digest. */
export async function sourceArchive(rms: Rms, { domain, policy, version }: Version): Promise<Answer> {
  const files = await rms.store.versions.files(domain, policy, version);
  const archive = writeTar(
    files.map(({ path, blob }) => {
      const bytes = rms.blobs.get(blob);
      if (bytes === undefined) throw notFound();
      return { name: path, bytes };
    }),
  );
  const name = `${domain}-${policy}-${version}.tar.gz`;
  const headers = { "Content-Type": "application/gzip", "Content-Disposition": `attachment; filename="${name}"` };
  return { status: 200, headers, body: gzipSync(archive) };
}
