// How far each channel of a policy has come, as tables show it.
import { type Html, href, html, type Part } from "../html.ts";
import { age, link, plural, state, time } from "../parts.ts";
import type { RolloutItem } from "../shapes.ts";

/** The version in the text of a revision. */
export function versionOf(revision: string): string {
  return /@(.+)\+s\d+\.t\d+$/.exec(revision)?.[1] ?? revision;
}

export const rolloutHead = ["Channel", "Version", "Serves this build since", "Sidecars"];

export function rolloutRow(domain: string, policy: string, rollout: RolloutItem, now: Date): readonly Part[] {
  const { channel, revision, since } = rollout;
  const version = versionOf(revision);
  const base = ["domains", domain, "policies", policy];
  return [
    link(href([...base, "channels", channel]), channel),
    link(href([...base, "versions", version]), version),
    html`${time(since)} <span class="soft">(${age(since, now)} ago)</span>`,
    sidecars(rollout),
  ];
}

/** In words, how many sidecars of the channel obey. */
export function sidecars({ state: standing, counts }: RolloutItem): Html {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${count.toLocaleString("en")} ${one}`);
  return parts.length === 0 ? html`<span class="soft">none yet</span>` : html`${state(standing)} ${parts.join(", ")}`;
}

/** How long the last change took to reach them. */
export function reach({ p50Seconds, p95Seconds }: RolloutItem): Part {
  if (p50Seconds === undefined || p95Seconds === undefined) return undefined;
  const [half, most] = [p50Seconds, p95Seconds].map((one) => plural(Math.round(one * 10) / 10, "second"));
  return `half after ${half}, 95 % after ${most}`;
}
