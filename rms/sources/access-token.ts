// OAuth 2.0 client credentials (RFC 6749, 4.4): the source's user and secret for a token that its service takes.
import type { SourceSettings } from "../store/sources.ts";
import { SourceFault } from "./fault.ts";
import { type Grant, grantedHost, openGrant } from "./grants.ts";
import { hostOf, httpsAddress } from "./https-address.ts";
import { httpsAsk } from "./https-ask.ts";
import { jsonAnswer } from "./json-answer.ts";
import { atPointer } from "./json-pointer.ts";

export interface AccessToken {
  readonly text: string;
  /** Milliseconds of the process's clock from which on another one is asked for. */
  readonly until: number;
}

/** Of the time that a token is said to have, the part in which it is used. */
const used = 0.8;

export async function accessToken(
  grants: readonly Grant[],
  domain: string,
  {
    oauth,
    secret,
    user = "",
  }: Pick<SourceSettings, "secret" | "user"> & { readonly oauth: NonNullable<SourceSettings["oauth"]> },
  signal: AbortSignal,
): Promise<AccessToken> {
  const asked = performance.now();
  const address = httpsAddress(oauth.url);
  const { ca, secret: text = "" } = openGrant(grantedHost(grants, domain, hostOf(address), secret), secret);
  const { scope, audience, send = "header" } = oauth;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  if (audience !== undefined) form.set("audience", audience);
  if (send === "body") {
    form.set("client_id", user);
    form.set("client_secret", text);
  }
  const authorization =
    send === "header" ? `Basic ${Buffer.from(`${formText(user)}:${formText(text)}`).toString("base64")}` : undefined;
  const body = { type: "application/x-www-form-urlencoded", text: form.toString() };
  const answer = jsonAnswer(
    await httpsAsk(address, { ca, authorization, accept: "application/json", signal, body }),
    `the answer of ${address.host}`,
  );
  const [token, type] = [atPointer(answer, "/access_token"), atPointer(answer, "/token_type")];
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    throw new SourceFault(`${address.host} gives no bearer token, but one of the type ${JSON.stringify(type) ?? "nothing"}`);
  // What cannot stand in a header would be told by the system, with the token in its words.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) throw new SourceFault(`${address.host} gives no access_token`);
  const seconds = atPointer(answer, "/expires_in");
  return { text: token, until: typeof seconds === "number" ? asked + seconds * 1000 * used : Number.POSITIVE_INFINITY };
}

/** As a form has it: RFC 6749, 2.3.1 asks for that in the header, too. */
const formText = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);
