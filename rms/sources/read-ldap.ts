// Sources of kind ldap and ad: paged searches over one connection that is encrypted before anything is said.
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as secure } from "node:tls";
import type { Entry, Client as LdapClient } from "ldapts";
import type { Mapping, SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedHost, openGrant } from "./grants.ts";
import { type LdapEntry, ldapRows, wantedAttributes } from "./ldap-rows.ts";
import { maxRows, type Rows } from "./rows.ts";

/** Milliseconds for the connection, and for each answer. */
const connectMs = 10_000;
const answerMs = 30_000;
const pageSize = 500;

const everybody = { ldap: "(objectClass=inetOrgPerson)", ad: "(&(objectCategory=person)(objectClass=user))" };
const everyGroup = {
  ldap: "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
  ad: "(objectClass=group)",
};

export interface LdapAddress {
  readonly host: string;
  readonly port: number;
  readonly usual: readonly number[];
  /** TLS from the start; otherwise by StartTLS. */
  readonly tls: boolean;
}

export function ldapAddress(url: URL): LdapAddress {
  const tls = url.protocol === "ldaps:";
  const usual = [tls ? 636 : 389];
  return { host: url.hostname, port: url.port === "" ? usual[0]! : Number(url.port), usual, tls };
}

export async function readLdapRows(
  grants: readonly Grant[],
  domain: string,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<{ readonly rows: Rows; readonly map: Mapping }> {
  const { url = "", base = "", groupSearch, user, secret, filter } = settings;
  const kind = settings.kind === "ad" ? "ad" : "ldap";
  const address = ldapAddress(new URL(url));
  const { ca, secret: password } = openGrant(grantedHost(grants, domain, address, secret), secret);
  const name = `${address.host}:${address.port}`;
  const now = Math.floor(Date.now() / 1000);
  try {
    return await withClient(address, ca, signal, async (client) => {
      if (user !== undefined && password !== undefined) await client.bind(user, password);
      const people = await search(client, base, filter ?? everybody[kind], wantedAttributes(settings));
      if (groupSearch === undefined) return ldapRows(settings, people, [], now);
      const wanted = [groupSearch.name ?? "cn", "member", "uniqueMember", "memberUid", "memberOf"].filter((one) => one !== "dn");
      const groups = await search(client, groupSearch.base ?? base, groupSearch.filter ?? everyGroup[kind], wanted);
      return ldapRows(settings, people, groups, now);
    });
  } catch (error) {
    if (error instanceof SourceFault) throw error;
    if (signal.aborted) throw new SourceFault(`${name} did not answer in time`);
    throw new SourceFault(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

/** The server's own word, in which no password stands. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = error.name === "Error" ? "" : `${error.name}: `;
  return `${named}${error.message.split("\n").at(-1)}`.slice(0, 300);
}

async function withClient<T>(
  { host, port, tls }: LdapAddress,
  ca: string | undefined,
  signal: AbortSignal,
  work: (client: LdapClient) => Promise<T>,
): Promise<T> {
  const { Client } = await import("ldapts");
  const trust: ConnectionOptions = { host, rejectUnauthorized: true, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) };
  const sockets: Socket[] = [];
  // A connection that breaks would be opened again, signed in as nobody and in clear text: there is one and no other.
  const only = <Opened extends Socket>(open: () => Opened): Opened => {
    if (sockets.length > 0) throw new SourceFault(`${host}:${port} broke off`);
    const socket = open();
    sockets.push(socket);
    return socket;
  };
  const client = new Client({
    url: `${tls ? "ldaps" : "ldap"}://${host}:${port}`,
    connectTimeout: connectMs,
    timeout: answerMs,
    ...(tls
      ? { tlsOptions: trust, createSecureConnection: () => only(() => secure(port, host, trust)) }
      : { createConnection: () => only(() => connect(port, host)) }),
  });
  const stop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  signal.addEventListener("abort", stop);
  try {
    if (!tls) await client.startTLS({ ...trust });
    return await work(client);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.unbind().catch(() => undefined);
    stop();
  }
}

async function search(
  client: LdapClient,
  base: string,
  filter: string,
  attributes: readonly string[],
): Promise<readonly LdapEntry[]> {
  const found: LdapEntry[] = [];
  const wanted = [...attributes];
  for await (const { searchEntries } of client.searchPaginated(base, {
    scope: "sub",
    filter,
    attributes: wanted,
    paged: { pageSize },
  })) {
    for (const entry of searchEntries) found.push(entryOf(entry));
    if (found.length > maxRows) throw new SourceFault(`there are more than ${maxRows} entries`);
  }
  return found;
}

function entryOf({ dn, ...attributes }: Entry): LdapEntry {
  const texts = (value: Entry[string]): readonly string[] =>
    (Array.isArray(value) ? value : [value]).map((one) => (typeof one === "string" ? one : one.toString("base64")));
  return { dn, attributes: new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), texts(value)])) };
}
