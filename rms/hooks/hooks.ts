// Tells hooks what is audited in their domain: in order, each event until it is taken, later and later where it is not.
import { lookRegularly } from "../regular-look.ts";
import { SourceFault } from "../sources/fault.ts";
import { type Grant, grantedHost, openGrant } from "../sources/grants.ts";
import { hostOf, httpsAddress } from "../sources/https-address.ts";
import { httpsAsk } from "../sources/https-ask.ts";
import type { AuditEntry } from "../store/audit.ts";
import { type Hook, type HookProgress, type HookSettings, longestPause } from "../store/hooks.ts";
import type { Reads, Store } from "../store/store.ts";
import { type Message, messageOf, signatureHeaders } from "./message.ts";

export interface HooksHost {
  readonly store: Store;
  readonly grants: readonly Grant[];
  now(): Date;
  log(event: string, fields: Readonly<Record<string, unknown>>): void;
  counted(result: "taken" | "missed"): void;
}

/** Milliseconds between two looks at what is to be told, and for one answer. */
const lookEvery = 2000;
const answerMs = 15_000;
/** Messages that are under way at once, and those of one domain. */
const maxRunning = 4;
const maxOfDomain = 2;
/** Events in one message, characters of their texts from two events on, and events that are looked at for them, so many in one read. */
const maxEvents = 100;
const maxText = 512 * 1024;
const maxLooked = 1000;
const stretch = 20;
/** Seconds until a message comes again: doubled each time, up to the longest pause. */
const firstPause = 10;

/** Why the operator's list does not let the domain send there; undefined where it does. */
export function hookFault(grants: readonly Grant[], domain: string, { url, secret }: HookSettings): string | undefined {
  try {
    const address = httpsAddress(url);
    if (`${address.username}${address.password}${address.hash}` !== "") return "must have no user, no password and no #";
    grantedHost(grants, domain, hostOf(address), secret);
    return undefined;
  } catch (error) {
    if (error instanceof SourceFault) return `cannot be told: ${error.message}`;
    throw error;
  }
}

export class Hooks {
  private readonly host: HooksHost;
  private readonly running = new Map<string, Promise<void>>();
  private readonly end = new AbortController();

  constructor(host: HooksHost) {
    this.host = host;
  }

  /** Tells what there is to tell from now on; gives the way to end that. */
  start(): () => Promise<void> {
    const endLooks = lookRegularly({
      every: lookEvery,
      look: () => this.beginDue(),
      failed: (error) => this.host.log("hooks are not looked at", { error: String(error) }),
    });
    return async () => {
      this.end.abort();
      await endLooks();
      await Promise.allSettled(this.running.values());
    };
  }

  /** Sends a message; undefined when it was taken, else why not. */
  async send(domain: string, { url, secret }: HookSettings, message: Message, signal: AbortSignal): Promise<string | undefined> {
    const { grants, now } = this.host;
    try {
      const address = httpsAddress(url);
      const { ca, secret: key = "" } = openGrant(grantedHost(grants, domain, hostOf(address), secret), secret);
      const headers = signatureHeaders(key, message, Math.floor(now().getTime() / 1000));
      const body = { type: "application/json", text: message.body };
      const bounded = AbortSignal.any([signal, this.end.signal, AbortSignal.timeout(answerMs)]);
      await httpsAsk(address, { ca, authorization: undefined, accept: "*/*", signal: bounded, body, headers, statusAlone: true });
      return undefined;
    } catch (error) {
      if (error instanceof SourceFault) return error.message;
      throw error;
    }
  }

  /** Begins with the hooks that have something to tell, as many as may run at once; resolves when it has begun. */
  async beginDue(): Promise<void> {
    for (const hook of await this.host.store.hooks.due(Math.floor(this.host.now().getTime() / 1000))) {
      if (this.running.size >= maxRunning || this.end.signal.aborted) return;
      const key = `${hook.domain}/${hook.id}`;
      if (this.running.has(key) || this.runningOf(hook.domain) >= maxOfDomain) continue;
      const done = this.tell(hook)
        .catch((error: unknown) => this.host.log("hook failed", { hook: key, error: String(error) }))
        .finally(() => this.running.delete(key));
      this.running.set(key, done);
    }
  }

  private runningOf(domain: string): number {
    return [...this.running.keys()].filter((key) => key.startsWith(`${domain}/`)).length;
  }

  /** Resolves when nothing is being told any more. */
  async settled(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async tell(hook: Hook): Promise<void> {
    const { domain, id, settings, told, misses } = hook;
    const { store, now, log, counted } = this.host;
    const { events, last } = await nextEvents(store, hook);
    const fault =
      events.length === 0 ? undefined : await this.send(domain, settings, messageOf(id, domain, events), this.end.signal);
    if (fault !== undefined && this.end.signal.aborted) return;
    if (events.length > 0) counted(fault === undefined ? "taken" : "missed");
    const at = Math.floor(now().getTime() / 1000);
    const progress: HookProgress =
      fault === undefined
        ? { told: last, pending: undefined, misses: 0, message: "", next: at }
        : {
            told,
            pending: last,
            misses: misses + 1,
            message: fault,
            next: at + Math.min(longestPause, firstPause * 2 ** misses),
          };
    if (fault !== undefined) log("hook not taken", { hook: `${domain}/${id}`, misses: progress.misses, message: fault });
    await store.transaction((tx) => tx.hooks.progress(hook, progress));
  }
}

/** The events of the next message, and up to where everything was looked at with them. */
async function nextEvents(
  reads: Pick<Reads, "audit">,
  { domain, settings: { actions }, told, pending = Number.POSITIVE_INFINITY }: Hook,
): Promise<{ readonly events: readonly AuditEntry[]; readonly last: number }> {
  const events: AuditEntry[] = [];
  let [last, text] = [told, 0];
  for await (const entry of eventsAfter(reads, domain, told)) {
    if (entry.seq > pending) break;
    if (actions === undefined || actions.some((one) => covers(one, entry.action))) {
      text += entry.object.length + entry.reason.length + entry.detail.length;
      if (events.length === maxEvents || (events.length > 0 && text > maxText)) break;
      events.push(entry);
    }
    last = entry.seq;
  }
  return { events, last };
}

/** In small parts: a thousand events may have a thousand names each. */
async function* eventsAfter({ audit }: Pick<Reads, "audit">, domain: string, told: number): AsyncGenerator<AuditEntry> {
  for (let [after, left] = [told, maxLooked]; left > 0; left -= stretch) {
    const part = await audit.of(domain, { after, limit: stretch });
    yield* part;
    if (part.length < stretch) return;
    after = part.at(-1)?.seq ?? after;
  }
}

/** `member.*` covers `member.put`. */
function covers(pattern: string, action: string): boolean {
  return pattern.endsWith(".*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
}
