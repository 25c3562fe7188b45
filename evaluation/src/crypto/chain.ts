// Certificate chains verified with Go's rules: signatures, dates, authority, path lengths, usages, host name and name constraints.
import { parseUri } from "#grammars/text/go-url.ts";
import { equalBytes } from "./bytes.ts";
import type { Certificate, IpRange } from "./certificate.ts";
import { ipText, shortIp } from "./names.ts";
import { verifySigned } from "./signature-algorithm.ts";

export interface VerifyOptions {
  readonly dnsName: string;
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  /** Go's numbers of extended key usages, of which one is enough; none means server authentication. */
  readonly keyUsages: readonly number[];
}

const anyUsage = 0;
const serverAuth = 1;
const certSign = 32;
const mostSignatureChecks = 100;

/** The first chain from the leaf to the root that holds; undefined when there is none. */
export function verifyChain(
  leaf: Certificate,
  root: Certificate,
  intermediates: readonly Certificate[],
  options: VerifyOptions,
): readonly Certificate[] | undefined {
  if (!standsAlone(leaf, [], "leaf", options)) return undefined;
  if (options.dnsName !== "" && !hasHost(leaf, options.dnsName)) return undefined;
  const search = { root, intermediates, options, checks: 0 };
  const chains = equalBytes(leaf.raw, root.raw) ? [[leaf]] : chainsFrom([leaf], search);
  return chains.find((chain) => hasUsage(chain, options.keyUsages) && policiesHold(chain) && namesAllowed(chain));
}

interface Search {
  readonly root: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly options: VerifyOptions;
  checks: number;
}

function chainsFrom(chain: readonly Certificate[], search: Search): readonly (readonly Certificate[])[] {
  const child = chain.at(-1)!;
  const found: (readonly Certificate[])[] = [];
  const parents = [
    { kind: "root" as const, candidates: [search.root] },
    { kind: "intermediate" as const, candidates: search.intermediates },
  ];
  for (const { kind, candidates } of parents) {
    const named = candidates.filter((parent) => equalBytes(parent.rawSubject, child.rawIssuer));
    for (const parent of named.sort((a, b) => keyIdRank(child, a) - keyIdRank(child, b))) {
      if (++search.checks > mostSignatureChecks) return found;
      if (chain.some((one) => sameHolder(one, parent)) || !signedBy(child, parent)) continue;
      if (!standsAlone(parent, chain, kind, search.options)) continue;
      if (kind === "root") found.push([...chain, parent]);
      else found.push(...chainsFrom([...chain, parent], search));
    }
  }
  return found;
}

/** Parents whose key identifier is the wanted one come first, then those where one side says none. */
function keyIdRank(child: Certificate, parent: Certificate): number {
  const [wanted, has] = [child.details.authorityKeyId, parent.details.subjectKeyId];
  if (wanted === undefined && has === undefined) return 0;
  if (wanted === undefined || has === undefined) return 1;
  return equalBytes(wanted, has) ? 0 : 2;
}

function sameHolder(a: Certificate, b: Certificate): boolean {
  const names = (one: Certificate): string => JSON.stringify([one.details.names, one.details.names.ips.map(ipText)]);
  return equalBytes(a.rawSubject, b.rawSubject) && equalBytes(a.rawPublicKey, b.rawPublicKey) && names(a) === names(b);
}

function signedBy(child: Certificate, parent: Certificate): boolean {
  const { basicConstraints, keyUsage } = parent.details;
  if (basicConstraints === undefined ? parent.version === 3 : !basicConstraints.isCa) return false;
  if (keyUsage !== 0 && (keyUsage & certSign) === 0) return false;
  return verifySigned(child.algorithm, parent.key, child.rawTbs, child.signature);
}

/** What holds of a certificate at its place: dates, no critical unknowns, authority and path length. */
function standsAlone(
  one: Certificate,
  below: readonly Certificate[],
  kind: "leaf" | "intermediate" | "root",
  { now }: VerifyOptions,
): boolean {
  const { basicConstraints, unhandledCritical } = one.details;
  if (unhandledCritical.length > 0) return false;
  const second = 1_000_000_000n;
  if (now < BigInt(one.notBefore) * second || now > BigInt(one.notAfter) * second) return false;
  if (kind === "intermediate" && basicConstraints?.isCa !== true) return false;
  const most = basicConstraints?.maxPathLength ?? -1;
  return most < 0 || below.length - 1 <= most;
}

function hasUsage(chain: readonly Certificate[], wanted: readonly number[]): boolean {
  if (wanted.includes(anyUsage)) return true;
  let left = wanted.length === 0 ? [serverAuth] : wanted;
  for (const { details } of chain.toReversed()) {
    const { extKeyUsage, unknownExtKeyUsage } = details;
    if (extKeyUsage.length + unknownExtKeyUsage.length === 0 || extKeyUsage.includes(anyUsage)) continue;
    left = left.filter((usage) => extKeyUsage.includes(usage));
    if (left.length === 0) return false;
  }
  return true;
}

const anyPolicy = "2.5.29.32.0";

/** RFC 5280, section 6.1, for chains that ask for an explicit policy: one that all certificates below name. Mappings are not followed. */
function policiesHold(chain: readonly Certificate[]): boolean {
  let explicit = chain.length + 1;
  let valid = new Set([anyPolicy]);
  for (const { details } of chain.slice(0, -1).toReversed()) {
    const given = details.policies ?? [];
    if (!given.includes(anyPolicy)) valid = new Set(given.filter((policy) => valid.has(anyPolicy) || valid.has(policy)));
    if (explicit > 0) explicit--;
    if (details.requireExplicitPolicy !== undefined) explicit = Math.min(explicit, details.requireExplicitPolicy);
  }
  return explicit > 0 || valid.size > 0;
}

/** Whether the certificate is for the host or the address (RFC 6125, with Go's leniency). */
function hasHost({ details }: Certificate, host: string): boolean {
  const address = /^\[.*\]$/u.test(host) ? host.slice(1, -1) : host;
  if (/^[0-9]+(?:\.[0-9]+){3}$/u.test(address) || address.includes(":"))
    return details.names.ips.some((ip) => ipText(ip) === address.toLowerCase());
  const name = host.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  const labels = name.replace(/\.$/u, "").split(".");
  return details.names.dns.some((pattern) =>
    isHostname(name.replace(/\.$/u, ""), false) && isHostname(pattern, true)
      ? matches(pattern.toLowerCase().split("."), labels)
      : name !== "" && name !== "." && pattern.toLowerCase() === name,
  );
}

function isHostname(text: string, pattern: boolean): boolean {
  if (text === "" || text === "*") return false;
  return text
    .split(".")
    .every((label, at) => (pattern && at === 0 && label === "*") || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/u.test(label));
}

function matches(pattern: readonly string[], labels: readonly string[]): boolean {
  return pattern.length === labels.length && pattern.every((part, at) => (at === 0 && part === "*") || part === labels[at]);
}

/** Whether the names stay inside the name constraints of the authorities above them (RFC 5280, section 4.2.1.10). */
function namesAllowed(chain: readonly Certificate[]): boolean {
  return chain.slice(1).every(({ details: { permitted, excluded } }, above) => {
    const sets = [permitted, excluded];
    if (sets.every(({ dns, emails, uris, ips }) => dns.length + emails.length + uris.length + ips.length === 0)) return true;
    return chain.slice(0, above + 1).every(({ details: { names } }) => {
      const hosts = names.uris.map(uriHost);
      const known = hosts.filter((host) => host !== undefined);
      return (
        !hosts.includes(undefined) &&
        allowed(names.dns, permitted.dns, excluded.dns, domainInside) &&
        allowed(names.emails, permitted.emails, excluded.emails, mailboxInside) &&
        allowed(known, permitted.uris, excluded.uris, domainInside) &&
        allowed(names.ips, permitted.ips, excluded.ips, ipInside)
      );
    });
  });
}

type Side = "permitted" | "excluded";

function allowed<N, C>(
  names: readonly N[],
  permitted: readonly C[],
  excluded: readonly C[],
  inside: (name: N, constraint: C, side: Side) => boolean,
): boolean {
  return names.every(
    (name) =>
      !excluded.some((constraint) => inside(name, constraint, "excluded")) &&
      (permitted.length === 0 || permitted.some((constraint) => inside(name, constraint, "permitted"))),
  );
}

const withoutFirstLabel = (name: string): string => (name.includes(".") ? name.slice(name.indexOf(".")) : "");

/** A wildcard is excluded where one of the names that it stands for is. */
function domainInside(name: string, constraint: string, side: Side): boolean {
  const [low, limit] = [name.toLowerCase(), constraint.toLowerCase()];
  if (limit === "" || low === limit) return true;
  if (low.endsWith(limit.startsWith(".") ? limit : `.${limit}`)) return true;
  const parent = withoutFirstLabel(limit);
  return side === "excluded" && low.startsWith("*") && parent !== "" && withoutFirstLabel(low) === parent;
}

function mailboxInside(email: string, constraint: string, side: Side): boolean {
  const at = email.lastIndexOf("@");
  if (!constraint.includes("@")) return domainInside(email.slice(at + 1), constraint, side);
  const limit = constraint.lastIndexOf("@");
  return (
    email.slice(0, at) === constraint.slice(0, limit) && email.slice(at).toLowerCase() === constraint.slice(limit).toLowerCase()
  );
}

function ipInside(ip: Uint8Array, { ip: base, mask }: IpRange): boolean {
  const short = shortIp(ip);
  return short.length === base.length && short.every((byte, at) => (byte & mask[at]!) === (base[at]! & mask[at]!));
}

/** The host of a URI, undefined for one that no constraint can be held against: none, or an address. */
function uriHost(text: string): string | undefined {
  const uri = parseUri(text);
  const host = "value" in uri ? uri.value.host : "";
  const name = host.replace(/:[0-9]*$/u, "");
  return name === "" || host.startsWith("[") || /^[0-9]+(?:\.[0-9]+){3}$/u.test(name) ? undefined : name;
}
