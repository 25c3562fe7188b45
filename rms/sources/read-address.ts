// Addresses that the operator allows, asked with the source's secret, or with a token that it is exchanged for.
import type { SourceSettings } from "../store/sources.ts";
import { type AccessToken, accessToken } from "./access-token.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedHost, openGrant } from "./grants.ts";
import { hostOf, httpsAddress } from "./https-address.ts";
import { httpsAsk } from "./https-ask.ts";

/** The bytes at an address. */
export type ReadAddress = (url: string, accept: string) => Promise<Buffer>;

/** For one read of a source, page after page: a token is asked for once, and again when it has run out. */
export function addressReader(
  grants: readonly Grant[],
  domain: string,
  { secret, user, oauth }: Pick<SourceSettings, "secret" | "user" | "oauth">,
  signal: AbortSignal,
): ReadAddress {
  let token: AccessToken | undefined;
  return async (url, accept) => {
    const address = httpsAddress(url);
    // The secret goes to who gives tokens, and not to the service.
    const sent = oauth === undefined ? secret : undefined;
    const { ca, secret: text } = openGrant(grantedHost(grants, domain, hostOf(address), sent), sent);
    if (oauth !== undefined && (token === undefined || token.until <= performance.now()))
      token = await accessToken(grants, domain, { oauth, secret, user }, signal);
    const authorization = token === undefined ? text && authorizationOf(text, user) : `Bearer ${token.text}`;
    return httpsAsk(address, { ca, authorization, accept, signal });
  };
}

function authorizationOf(secret: string, user: string | undefined): string {
  // What cannot stand in a header would be told by the system, with the secret in its words.
  if (user === undefined && !/^[\x21-\x7e]+$/.test(secret)) throw new SourceFault("the secret is no bearer token");
  return user === undefined ? `Bearer ${secret}` : `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}
