// Signing in with an API token, and out again.

import type { Problem } from "../server/http/problem.ts";
import { Fields } from "./form.ts";
import { type Html, html } from "./html.ts";
import { bareDocument, faultBox } from "./layout.ts";

/** Where somebody wanted to go, if that is a page of the console. */
export function pageOfConsole(wanted: string | undefined | null): string {
  return /^\/console(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/.test(wanted ?? "") ? (wanted ?? "") : "/console";
}

interface SignInPage {
  /** Comes back in the form and in a cookie. */
  readonly formToken: string;
  readonly to: string;
  readonly fault?: Problem;
  /** The session has ended, or somebody signed out. */
  readonly why?: string | undefined;
}

const reasons: Readonly<Record<string, string>> = {
  out: "You are signed out.",
  ended: "Your session has ended. Sign in again to go on.",
};

export function signInDocument({ formToken, to, fault, why = "" }: SignInPage): string {
  const form = new URLSearchParams({ act: "sign-in", token: "" });
  const fields = new Fields(fault === undefined ? { form, fault: undefined } : { form, fault }, "sign-in");
  const notice = Object.hasOwn(reasons, why) ? reasons[why] : undefined;
  const main: Html = html`${notice !== undefined && fault === undefined && html`<p class="notice" role="status">${notice}</p>`}${fault !== undefined && faultBox(fault, form)}
<form method="post" class="act" action="/console/sign-in">
<input type="hidden" name="form-token" value="${formToken}"><input type="hidden" name="to" value="${to}">
${fields.text("token", "API token", { type: "password", required: true, max: 256, autocomplete: "current-password", hint: "Most begin with rms_. An administrator of RMS gives it to you." })}
<button type="submit">Sign in</button></form>
${why === "" && fault === undefined && html`<p class="soft">If you are signed in already and came by a link in a mail or on another site, <a href="${to}">go on to the page</a>.</p>`}
<p class="soft">The token stays on the server while the session lasts: half an hour without a request, and eight hours at most.</p>`;
  return bareDocument(fault === undefined ? "Sign in" : "Not signed in", main);
}
