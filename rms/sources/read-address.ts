// One address that the operator allows, asked with the source's secret.
import type { SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedHost, openGrant } from "./grants.ts";
import { httpsGet } from "./https-get.ts";

type Named = Pick<SourceSettings, "url" | "secret" | "user">;

/** The bytes at the source's address, or at another one that it named. */
export async function readAddress(
  grants: readonly Grant[],
  domain: string,
  { url = "", secret, user }: Named,
  signal: AbortSignal,
  accept: string,
): Promise<Buffer> {
  const address = URL.parse(url);
  if (address === null || address.protocol !== "https:") throw new SourceFault("the address is no https: one");
  const grant = grantedHost(grants, domain, hostOf(address), secret);
  const { ca, secret: text } = openGrant(grant, secret);
  return httpsGet(address, { ca, authorization: text === undefined ? undefined : authorization(text, user), accept, signal });
}

export function hostOf({ hostname, port }: URL): {
  readonly host: string;
  readonly port: number;
  readonly usual: readonly number[];
} {
  return { host: hostname, port: port === "" ? 443 : Number(port), usual: [443] };
}

function authorization(secret: string, user: string | undefined): string {
  // What cannot stand in a header would be told by the system, with the secret in its words.
  if (user === undefined && !/^[\x21-\x7e]+$/.test(secret)) throw new SourceFault("the secret is no bearer token");
  return user === undefined ? `Bearer ${secret}` : `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}
