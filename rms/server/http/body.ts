// Bodies of requests: bounded, unpacked, and read as JSON that does no harm.
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { invalid, Problem } from "./problem.ts";
import type { Route } from "./route.ts";

const unpack = promisify(gunzip);

/**
 * The bytes of a body that the headers announce, unpacked; 413 above `max`, or above eight times of it when it was packed. What a sidecar
 * (`foreign`) packed is known by its first bytes, too: a proxy may lose the header, and OPA would send the chunk again for ever.
 */
export async function readBody(request: IncomingMessage, max: number, foreign = false): Promise<Buffer> {
  const tooLarge = (most = max, how = ""): Problem =>
    new Problem(413, "too-large", "Too large", `The body may have ${most} bytes${how}.`);
  if (Number(request.headers["content-length"] ?? 0) > max) throw tooLarge();
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const named = encoding === "gzip" || encoding === "x-gzip";
  if (!named && encoding !== "identity")
    throw new Problem(415, "bad-encoding", "Unsupported encoding", "A body may be packed with gzip only.");
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > max) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, "cut-off", "Cut off", "The body ended early.");
  }
  const body = Buffer.concat(chunks);
  if (!named && !(foreign && body[0] === 0x1f && body[1] === 0x8b)) return body;
  try {
    return await unpack(body, { maxOutputLength: max * 8 });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(max * 8, " unpacked");
    throw new Problem(400, "not-gzip", "Not gzip", "The body is no gzip.");
  }
}

/** The JSON of the body; undefined without one, and for a type that the handler reads itself. */
export function parseBody(
  raw: Buffer,
  request: Pick<IncomingMessage, "headers">,
  { consumes = [], foreign = false }: Route,
): unknown {
  if (raw.length === 0) return undefined;
  const type = (request.headers["content-type"] ?? "application/json").split(";")[0]!.trim().toLowerCase();
  if (consumes.includes(type)) return undefined;
  if (!/^application\/(?:[\w.+-]*\+)?json$/.test(type)) {
    const form = type === "application/x-www-form-urlencoded" ? " (curl says so unless it is told: -H 'Content-Type: …')" : "";
    const names = ["application/json", ...consumes].join(" or ");
    throw new Problem(415, "bad-type", "Unsupported type", `The body must be ${names}, not ${type}${form}.`);
  }
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: !foreign }).decode(raw));
  } catch {
    throw new Problem(400, "not-json", "Not JSON", "The body is not JSON in UTF-8.");
  }
  const fault = foreign ? undefined : hostileJson(body);
  if (fault !== undefined) throw invalid(fault);
  return body;
}

const maxDepth = 64;

/** Why a document is refused whatever the route: too deep, or texts that are no Unicode. */
export function hostileJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : "A text holds half of a surrogate pair.";
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === maxDepth) return `The body may be ${maxDepth} levels deep.`;
  for (const [key, child] of Object.entries(value)) {
    const fault = hostileJson(key) ?? hostileJson(child, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** True when the headers say that bytes follow. */
export function announcesBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
