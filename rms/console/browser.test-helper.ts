// A browser without a screen: it keeps cookies, fills in forms and follows where it is sent.
import type { TestRms } from "../server/rms.test-helper.ts";

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** The address after all that it was sent on. */
  readonly address: string;
  readonly page: string;
}

export class TestBrowser {
  readonly cookies = new Map<string, string>();
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async get(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    return this.follow(address, await this.ask(address, { headers }));
  }

  /** Sends fields as they are. */
  async post(address: string, fields: Readonly<Record<string, string>> | URLSearchParams, headers = {}): Promise<Seen> {
    const body = new URLSearchParams(fields);
    return this.follow(address, await this.ask(address, { method: "POST", body, headers }));
  }

  /** Fills in the form of a page that does `act`, and sends it. */
  async send(seen: Seen, act: string, fields: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const form = formsOf(seen.page).find(({ hidden }) => hidden["act"] === act);
    if (form === undefined) throw new Error(`the page ${seen.address} has no form for ${act}`);
    return this.post(seen.address, { ...form.hidden, ...fields });
  }

  async signIn(token: string): Promise<Seen> {
    const { page } = await this.get("/console/sign-in");
    return this.post("/console/sign-in", { ...formsOf(page)[0]?.hidden, token });
  }

  private async ask(address: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie === "" ? {} : { cookie }), ...init.headers };
    const answer = await fetch(`${this.url}${address}`, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  private async follow(address: string, answer: Response): Promise<Seen> {
    const to = answer.headers.get("location");
    if (to !== null) return this.follow(to, await this.ask(to, {}));
    return { status: answer.status, headers: answer.headers, address, page: await answer.text() };
  }
}

interface SeenForm {
  readonly action: string | undefined;
  readonly hidden: Readonly<Record<string, string>>;
}

/** The forms of a page with what they bring along. */
export function formsOf(page: string): readonly SeenForm[] {
  return [...page.matchAll(/<form method="post"([^>]*)>(.*?)<\/form>/gs)].map(([, head = "", body = ""]) => ({
    action: /action="([^"]*)"/.exec(head)?.[1],
    hidden: Object.fromEntries(
      [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = "", value = ""]) => [
        name,
        unescaped(value),
      ]),
    ),
  }));
}

/** The text of a page as somebody reads it. */
export function textOf(page: string): string {
  const main = /<main[^>]*>(.*)<\/main>/s.exec(page)?.[1] ?? page;
  return unescaped(main.replace(/<input type="hidden"[^>]*>/g, "").replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim();
}

function unescaped(text: string): string {
  const chars: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => chars[entity] ?? entity);
}

/** Somebody with a token of these scopes, signed in. */
export async function signedIn(
  rms: TestRms,
  scopes: readonly string[],
  domains: readonly string[],
  subject?: string,
): Promise<TestBrowser> {
  const browser = new TestBrowser(rms.url);
  await browser.signIn(await rms.token(scopes, domains, subject));
  return browser;
}
