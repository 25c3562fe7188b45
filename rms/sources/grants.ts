// What the operator lets sources of people read: folders, hosts with their certificates, and the secrets that go to them.
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { readInput } from "#analysis/hocon/input.ts";
import { SourceFault } from "./fault.ts";

export interface Grant {
  /** `*` for every domain. */
  readonly domain: string;
  /** Absolute; files below it may be read. */
  readonly folder?: string;
  /** `hr.example` or `hr.example:8443`. */
  readonly host?: string;
  /** File with the only authorities that may vouch for the host. */
  readonly ca?: string;
  /** References such as `env:HR_TOKEN` and `file:/run/secrets/hr`, for this host alone. */
  readonly secrets: readonly string[];
}

const known = ["domain", "folder", "host", "ca", "secrets"];
const reference = /^(?:env:[A-Za-z_]\w*|file:\/.+)$/;

/** Reads the operator's file: HOCON or JSON with a list `allow`. */
export function readGrants(path: string): readonly Grant[] | { readonly fault: string } {
  const { json, diagnostics } = readInput(path.endsWith(".json") ? path : `${path}.conf`, readFileSync(path, "utf8"), {
    location: { kind: "file", path },
    read: () => ({ kind: "refused", reason: "this file includes nothing" }),
  });
  if (json === undefined) return { fault: `${path} cannot be read: ${diagnostics[0]?.message ?? "it is no HOCON"}` };
  const value: unknown = JSON.parse(json);
  const allow = isRecord(value) ? value["allow"] : undefined;
  if (!Array.isArray(allow)) return { fault: `${path} has no list \`allow\`` };
  const grants: Grant[] = [];
  for (const [index, one] of allow.entries()) {
    const read = grantOf(one);
    if (typeof read === "string") return { fault: `allow[${index}] of ${path} ${read}` };
    grants.push(read);
  }
  return grants;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The grant, or what is wrong with it. */
function grantOf(value: unknown): Grant | string {
  if (!isRecord(value)) return "is no object";
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) return `has the unknown name ${unknown}; known are ${known.join(", ")}`;
  const { domain, folder, host, ca, secrets = [] } = value;
  if (typeof domain !== "string" || domain === "") return "does not say for which domain it is (`*` for every one)";
  if ((folder === undefined) === (host === undefined)) return "must name a folder or a host";
  if (folder !== undefined && (typeof folder !== "string" || !isAbsolute(folder))) return "must name its folder from the root";
  if (host !== undefined && (typeof host !== "string" || !/^[\w.-]+(?::\d{1,5})?$/.test(host)))
    return "must name its host as `hr.example` or `hr.example:8443`";
  if (ca !== undefined && (typeof ca !== "string" || host === undefined)) return "must name a file with `ca`, for a host";
  if (!Array.isArray(secrets) || !secrets.every((one): one is string => typeof one === "string" && reference.test(one)))
    return "must name its secrets as `env:NAME` or `file:/path`";
  if (secrets.length > 0 && host === undefined) return "has secrets, which only hosts get";
  return {
    domain,
    ...(folder === undefined ? {} : { folder }),
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    ...(ca === undefined ? {} : { ca }),
    secrets,
  };
}

const isFor = (domain: string) => (grant: Grant) => grant.domain === "*" || grant.domain === domain;

/** The folders whose files the domain may read. */
export function grantedFolders(grants: readonly Grant[], domain: string): readonly string[] {
  return grants.filter(isFor(domain)).flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
}

/** A host that a source asks, with what it may send there. */
export interface GrantedHost {
  /** The only certificates that count; the system's where missing. */
  readonly ca: string | undefined;
  readonly secret: string | undefined;
}

/** Throws where the operator does not let the domain ask the host, or send the secret there. A grant without a port is for the usual ones. */
export function grantedHost(
  grants: readonly Grant[],
  domain: string,
  address: { readonly host: string; readonly port: number; readonly usual: readonly number[] },
  secret: string | undefined,
): Pick<Grant, "ca"> {
  const name = address.host.toLowerCase();
  const named = grants
    .filter(isFor(domain))
    .filter(({ host }) => host === `${name}:${address.port}` || (host === name && address.usual.includes(address.port)));
  if (named.length === 0)
    throw new SourceFault(`the operator lets ${domain} read nothing from ${name}:${address.port} (rms serve --sources FILE)`);
  const found = secret === undefined ? named[0] : named.find(({ secrets }) => secrets.includes(secret));
  if (found === undefined) throw new SourceFault(`the operator lets nobody send ${secret} to ${name}:${address.port}`);
  return found;
}

/** The text that a reference stands for, and the certificates of the grant. */
export function openGrant({ ca }: Pick<Grant, "ca">, secret: string | undefined): GrantedHost {
  return {
    ca: ca === undefined ? undefined : operatorFile(ca),
    secret: secret === undefined ? undefined : secretOf(secret),
  };
}

function secretOf(name: string): string {
  const text = name.startsWith("env:") ? process.env[name.slice(4)] : operatorFile(name.slice(5)).trim();
  if (text === undefined || text === "") throw new SourceFault(`${name} is empty or not there`);
  return text;
}

function operatorFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SourceFault(`the operator's file ${path} cannot be read (${(error as { code?: string }).code ?? "error"})`);
  }
}
