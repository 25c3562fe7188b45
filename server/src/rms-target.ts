// The RMS of a project: what settings and `rw.conf` name, and how it is asked.
import { type Fetch, RmsClient } from "#publishing/rms-client.ts";
import type { Project } from "#workspace/project.ts";
import type { Session } from "./session.ts";

export interface Target {
  readonly url: string | undefined;
  readonly domain: string | undefined;
  readonly policy: string;
  readonly channel: string | undefined;
}

/** Milliseconds that one answer of RMS may take. */
const patience = 30_000;

/** Settings win over `rw.conf`, what a request names over both. */
export function targetOf(
  session: Session,
  project: Project,
  named: Partial<Record<"url" | "domain" | "policy" | "channel", string>> = {},
): Target {
  const { rms } = session.settingsOf(project.root);
  const file = project.config.rms;
  const pick = (key: "url" | "domain" | "policy" | "channel") => named[key] ?? rms[key] ?? file[key];
  return {
    url: pick("url")?.replace(/\/$/u, ""),
    domain: pick("domain"),
    policy: pick("policy") ?? "main",
    channel: pick("channel"),
  };
}

/** A client that has a bounded time for each answer; `stop` gives up waiting for one. */
export function rmsClient(
  { ports }: Session,
  target: { readonly url: string; readonly token: string },
  stop?: () => AbortSignal | undefined,
): RmsClient {
  const request: Fetch = (url, init) => {
    const signals = [init.signal, stop?.(), AbortSignal.timeout(patience)].filter((one) => one !== undefined);
    return ports.fetch(url, { ...(init as RequestInit), signal: AbortSignal.any(signals) });
  };
  return new RmsClient(target, request);
}
