// The routes of the console: who is not signed in signs in first, and each form comes from a page of the same session.
import type { Principal } from "../server/access.ts";
import type { Answer } from "../server/http/answer.ts";
import { notFound, Problem } from "../server/http/problem.ts";
import type { Call, Route } from "../server/http/route.ts";
import { seconds } from "../server/times.ts";
import { assets } from "./assets.ts";
import { searchOf } from "./html.ts";
import { document, problemDocument } from "./layout.ts";
import type { Page } from "./page.ts";
import { pages } from "./pages.ts";
import { cookieOf, type Session, Sessions, sameSecret, secret } from "./sessions.ts";
import { pageOfConsole, signInDocument } from "./sign-in.ts";
import { Visit } from "./visit.ts";

const sessionCookie = "rms-session";
const signInCookie = "rms-sign-in";
const formType = "application/x-www-form-urlencoded";
/** Bytes of a form: a thousand memberships with long names fit. */
const maxForm = 2 * 1024 * 1024;

/** Nothing but what this server serves, and no script or style within a page. */
const policy = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const guards: Readonly<Record<string, string>> = {
  "Content-Security-Policy": policy,
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The routes with sessions of their own. */
export function consoleRoutes(): readonly Route[] {
  const console = new Console();
  return [
    ...Object.values(assets).map(({ path, type, text }) =>
      get(path, "A part of the console's pages", type, () => ({
        status: 200,
        headers: { ...guards, "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable" },
        body: text,
      })),
    ),
    get("/console/sign-in", "Sign in to the console", "text/html", (call) => console.askToken(call)),
    post("/console/sign-in", "Begin a session", (call) => console.signIn(call)),
    post("/console/sign-out", "End the session", (call) => console.signOut(call)),
    ...pages.flatMap((page) => console.routesOf(page)),
    get("/console/", "The same as /console", "text/html", () => redirect("/console")),
    get("/console/*rest", "An address without a page", "text/html", (call) =>
      console.visited(call, "", async () => {
        throw notFound();
      }),
    ),
  ];
}

function get(path: string, summary: string, type: string, handle: Route["handle"]): Route {
  return { method: "GET", path, scope: undefined, summary, produces: [type.split(";")[0] ?? type], page: true, handle };
}

function post(path: string, summary: string, handle: Route["handle"]): Route {
  const produces = ["text/html"];
  return {
    method: "POST",
    path,
    scope: undefined,
    summary,
    produces,
    consumes: [formType],
    maxBody: maxForm,
    page: true,
    handle,
  };
}

class Console {
  private readonly sessions = new Sessions();

  routesOf(page: Page): readonly Route[] {
    const path = `/console${page.path}`;
    const shown = get(path, page.summary, "text/html", (call) =>
      this.visited(call, page.path, async (visit) => htmlAnswer(200, document(visit, await page.show(visit)))),
    );
    const { acts } = page;
    if (acts === undefined) return [shown];
    return [shown, post(path, page.summary, (call) => this.sent(call, page.path, (visit) => act(visit, page, acts)))];
  }

  /** Shows something to who is signed in; everybody else is asked to sign in, and comes back then. */
  visited(call: Call, path: string, work: (visit: Visit) => Promise<Answer>): Promise<Answer> {
    return this.withSession(call, path, undefined, work);
  }

  /** Takes a form of who is signed in. Nothing of it is kept for who must sign in first: that may be another person. */
  sent(call: Call, path: string, work: (visit: Visit) => Promise<Answer>): Promise<Answer> {
    return this.withSession(call, path, formOf(call), work);
  }

  private async withSession(
    call: Call,
    path: string,
    form: URLSearchParams | undefined,
    work: (visit: Visit) => Promise<Answer>,
  ): Promise<Answer> {
    const session = this.sessionOf(call);
    const who = session === undefined ? undefined : await principalOf(call, session);
    if (session === undefined || who === undefined)
      return redirect(`/console/sign-in?${searchOf({ to: targetOf(call, path), why: whyOf(call) })}`);
    const visit = new Visit(call, path, session, who, form);
    try {
      if (form !== undefined) demandOwnForm(call, form, session.formToken);
      return await work(visit);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) return redirect(`/console/sign-in?${searchOf({ why: "ended" })}`);
      return htmlAnswer(error.status, problemDocument(visit, error), error.headers);
    }
  }

  askToken(call: Call): Answer {
    const to = pageOfConsole(call.query.get("to"));
    return signInAnswer(call, 200, to);
  }

  async signIn(call: Call): Promise<Answer> {
    const form = formOf(call);
    const to = pageOfConsole(form.get("to"));
    try {
      demandOwnForm(call, form, cookieOf(call.headers.cookie, signInCookie));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return signInAnswer(call, error.status, to, error);
    }
    const bearer = form.get("token")?.trim() ?? "";
    const who = await principalOf(call, { bearer });
    if (who === undefined) return signInAnswer(call, 401, to, noToken());
    const before = cookieOf(call.headers.cookie, sessionCookie);
    if (before !== undefined) this.sessions.end(before);
    const value = this.sessions.begin(bearer, seconds(call.rms.now()));
    return redirect(to, cookie(call, sessionCookie, value));
  }

  signOut(call: Call): Promise<Answer> {
    return this.sent(call, "", async () => {
      const value = cookieOf(call.headers.cookie, sessionCookie);
      if (value !== undefined) this.sessions.end(value);
      return redirect("/console/sign-in?why=out", cookie(call, sessionCookie, undefined));
    });
  }

  private sessionOf(call: Call): Session | undefined {
    return this.sessions.find(cookieOf(call.headers.cookie, sessionCookie), seconds(call.rms.now()));
  }
}

/** Does what a form asks for, and shows the page again with what was wrong with it. */
async function act(visit: Visit, page: Page, acts: NonNullable<Page["acts"]>): Promise<Answer> {
  const wanted = visit.form?.get("act") ?? "";
  const does = Object.hasOwn(acts, wanted) ? acts[wanted] : undefined;
  if (does === undefined) throw notFound();
  try {
    const done = await does(visit);
    return typeof done === "string" ? redirect(done) : htmlAnswer(200, document(visit, await page.show(visit, done)));
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 401) throw error;
    const refused = visit.refused(error);
    return htmlAnswer(error.status, document(refused, await page.show(refused)));
  }
}

async function principalOf(call: Call, { bearer }: Pick<Session, "bearer">): Promise<Principal | undefined> {
  return call.rms.signIns.principal({}, `Bearer ${bearer}`, seconds(call.rms.now()));
}

/** 403 for a form that no page of this session made: another site's, or one that was open when somebody else signed in. */
function demandOwnForm({ headers }: Call, form: URLSearchParams, token: string | undefined): void {
  const site = headers["sec-fetch-site"];
  const foreign = site !== undefined && site !== "same-origin" && site !== "none";
  if (foreign || token === undefined || !sameSecret(form.get("form-token") ?? "", token))
    throw new Problem(
      403,
      "foreign-form",
      "Not taken",
      "This form is not of your session, so nothing was changed. Open the page again and send it from there.",
    );
}

const noToken = (): Problem =>
  new Problem(401, "unauthorized", "Not signed in", "There is no such token, or it has ended.", {
    errors: [{ pointer: "/token", code: "rms_token", message: "is not known to RMS" }],
  });

function formOf({ rawBody }: Call): URLSearchParams {
  return new URLSearchParams(rawBody.toString("utf8"));
}

/** The address of a call of the page with this path. */
function targetOf({ params, query }: Call, path: string): string {
  const named = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  return `/console${named}${query.size === 0 ? "" : `?${query}`}`;
}

/** Whoever has the cookie of a session that is no more is told so. */
function whyOf({ headers }: Call): string | undefined {
  return cookieOf(headers.cookie, sessionCookie) === undefined ? undefined : "ended";
}

function signInAnswer(call: Call, status: number, to: string, fault?: Problem): Answer {
  const formToken = secret();
  const why = call.query.get("why") ?? undefined;
  const page = signInDocument({ formToken, to, why, ...(fault === undefined ? {} : { fault }) });
  return htmlAnswer(status, page, { "Set-Cookie": cookie(call, signInCookie, formToken) });
}

function htmlAnswer(status: number, page: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...headers, ...guards, "Content-Type": "text/html; charset=utf-8" }, body: page };
}

function redirect(to: string, cookieText?: string): Answer {
  const headers = { ...guards, Location: to };
  return { status: 303, headers: cookieText === undefined ? headers : { ...headers, "Set-Cookie": cookieText } };
}

/** A cookie that scripts and other sites never see; without a value it is taken back. */
function cookie({ headers }: Call, named: string, value: string | undefined): string {
  // RMS speaks HTTP; what stands before it and speaks TLS says so.
  const secure = headers["x-forwarded-proto"]?.toString().split(",")[0]?.trim() === "https" ? "; Secure" : "";
  const ends = value === undefined ? "; Max-Age=0" : "";
  return `${named}=${value ?? ""}; Path=/console; HttpOnly; SameSite=Strict${secure}${ends}`;
}
