// Tells hooks what is audited in their domain: in order, each event until it is taken, later and later where it is not.
import { SourceFault } from "../sources/fault.ts";
import { type Grant, grantedHost, openGrant } from "../sources/grants.ts";
import { hostOf, httpsAddress } from "../sources/https-address.ts";
import { httpsAsk } from "../sources/https-ask.ts";
import type { AuditEntry } from "../store/audit.ts";
import type { Hook, HookProgress, HookSettings } from "../store/hooks.ts";
import type { Store } from "../store/store.ts";
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
const maxRunning = 4;
/** Events in one message, and events that are looked at for them. */
const maxEvents = 100;
const maxLooked = 1000;
/** Seconds until a message comes again: doubled each time, up to an hour. */
const firstPause = 10;
const longestPause = 3600;

/** Why the operator's list does not let the domain send there; undefined where it does. */
export function hookFault(grants: readonly Grant[], domain: string, { url, secret }: HookSettings): string | undefined {
  try {
    const address = httpsAddress(url);
    if (address.username !== "" || address.hash !== "") return "must have no user and no #";
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
    let looking: Promise<void> = Promise.resolve();
    let busy = false;
    const look = async (): Promise<void> => {
      busy = true;
      try {
        await this.beginDue();
      } catch (error) {
        this.host.log("hooks are not looked at", { error: String(error) });
      }
      busy = false;
    };
    const timer = setInterval(() => {
      if (!busy) looking = look();
    }, lookEvery);
    return async () => {
      clearInterval(timer);
      this.end.abort();
      await looking;
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
      await httpsAsk(address, { ca, authorization: undefined, accept: "*/*", signal: bounded, body, headers, anyGood: true });
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
      if (this.running.has(key)) continue;
      const done = this.tell(hook)
        .catch((error: unknown) => this.host.log("hook failed", { hook: key, error: String(error) }))
        .finally(() => this.running.delete(key));
      this.running.set(key, done);
    }
  }

  /** Resolves when nothing is being told any more. */
  async settled(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async tell({ domain, id, settings, told, pending, misses }: Hook): Promise<void> {
    const { store, now, log, counted } = this.host;
    const looked = await store.audit.of(domain, { after: told, limit: maxLooked });
    const { events, last } = nextEvents(looked, settings, pending);
    const fault =
      events.length === 0 ? undefined : await this.send(domain, settings, messageOf(id, domain, events), this.end.signal);
    if (fault !== undefined && this.end.signal.aborted) return;
    if (events.length > 0) counted(fault === undefined ? "taken" : "missed");
    const progress: HookProgress =
      fault === undefined
        ? { told: last, pending: undefined, misses: 0, message: "", next: 0 }
        : {
            told,
            pending: last,
            misses: misses + 1,
            message: fault,
            next: Math.floor(now().getTime() / 1000) + Math.min(longestPause, firstPause * 2 ** misses),
          };
    if (fault !== undefined) log("hook not taken", { hook: `${domain}/${id}`, misses: progress.misses, message: fault });
    await store.transaction((tx) => tx.hooks.progress(domain, id, progress));
  }
}

/** The events of the next message, and up to where everything was looked at with them. */
function nextEvents(
  looked: readonly AuditEntry[],
  { actions }: HookSettings,
  pending: number | undefined,
): { readonly events: readonly AuditEntry[]; readonly last: number } {
  const within = pending === undefined ? looked : looked.filter(({ seq }) => seq <= pending);
  const wanted = within.filter(({ action }) => actions === undefined || actions.some((one) => covers(one, action)));
  const events = wanted.slice(0, maxEvents);
  const last = wanted.length > events.length ? events.at(-1)?.seq : within.at(-1)?.seq;
  return { events, last: last ?? 0 };
}

/** `member.*` covers `member.put`. */
function covers(pattern: string, action: string): boolean {
  return pattern.endsWith(".*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
}
