// A channel: what it serves, where it was before, and the acts of those who may move it.
import { Fields, folded, reason } from "../form.ts";
import { type Html, href, html, name, type Part, visible } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, type Listed, link, table, time } from "../parts.ts";
import type { ChannelItem, RolloutItem, VersionDiff, VersionItem } from "../shapes.ts";
import type { Tagged, Visit } from "../visit.ts";
import { diffOf } from "./diff.ts";
import { reach, sidecars } from "./rollouts.ts";

const baseOf = (visit: Visit): readonly string[] => ["domains", visit.param("domain"), "policies", visit.param("policy")];
const addressOf = (visit: Visit): readonly string[] => [...baseOf(visit), "channels", visit.param("channel")];

export const channelPage: Page = {
  path: "/domains/:domain/policies/:policy/channels/:channel",
  summary: "A channel with its history",
  show: async (visit) => {
    const base = baseOf(visit);
    const found = await visit.tagged<ChannelItem>(addressOf(visit));
    const { channel, version, seq, revision, history, pinned } = found.body;
    const { channels } = await visit.read<{ readonly channels: readonly RolloutItem[] }>([...base, "activations"], {
      channel,
      limit: 1,
    });
    const rollout = channels[0];
    const toVersion = (one: string): Html => link(href([...base, "versions", one]), one);
    return {
      title: `${visit.param("policy")} ${channel}`,
      domain: visit.param("domain"),
      crumbs: [{ text: visit.param("policy"), to: href(base) }],
      main: html`${facts({
        "Serves version": toVersion(version),
        Revision: html`<code>${revision}</code>`,
        Move: seq,
        Sidecars: rollout !== undefined && sidecars(rollout),
        Reached: rollout !== undefined && reach(rollout),
        Pinned: pinned !== undefined && html`to the data of snapshot ${pinned.snapshot}, fresh until ${time(pinned.freshUntil)}`,
      })}
${visit.may("channel:write") && html`<h2>Roll back or move</h2>${await rollBack(visit, found)}${await move(visit, found)}`}
<h2>History</h2>
${table({
  caption: "Moves of the channel, the newest first",
  head: ["Move", "Version", "When", "By", "Reason"],
  rows: history.map((one): readonly Part[] => [
    one.seq,
    toVersion(one.version),
    time(one.at),
    name(one.actor),
    visible(one.reason),
  ]),
  empty: "It was never moved.",
})}`,
    };
  },
  acts: {
    "roll-back": async (visit) => {
      const body = { reason: visit.given("reason") ?? "", toSeq: Number(visit.given("to")) };
      await visit.change("POST", [...addressOf(visit), "rollback"], { body, tag: visit.given("tag") });
      return href(addressOf(visit), { done: "rolled-back" });
    },
    move: async (visit) => {
      const body = { reason: visit.given("reason") ?? "", version: visit.given("version") ?? "" };
      await visit.change("PUT", addressOf(visit), { body, tag: visit.given("tag") });
      return href(addressOf(visit), { done: "moved" });
    },
  },
};

/** What a rollback would change stands at its button. */
async function rollBack(visit: Visit, { body, tag }: Tagged<ChannelItem>): Promise<Html> {
  const target = body.history.find(({ version }) => version !== body.version);
  if (target === undefined) return html``;
  const diff = await visit.read<VersionDiff>([...baseOf(visit), "versions", target.version, "diff"], { against: body.version });
  const fields = reason(new Fields(visit, "roll-back"));
  const hidden = { to: String(target.seq) };
  const options = { act: "roll-back", submit: `Roll back to ${target.version}`, fields, tag, hidden, danger: true };
  return folded(visit, `Roll back to ${target.version}`, options, {
    after: html`<p>What that changes in the files:</p>${diffOf(diff)}`,
  });
}

async function move(visit: Visit, { body, tag }: Tagged<ChannelItem>): Promise<Html> {
  const { items } = await visit.read<Listed<VersionItem>>([...baseOf(visit), "versions"], { limit: 200 });
  const free = items.filter(({ state, version }) => state === "published" && version !== body.version);
  if (free.length === 0) return html``;
  const fields = new Fields(visit, "move");
  const choices = free.map(({ version, message }) => [version, message === "" ? version : `${version}: ${message}`] as const);
  const inputs = html`${fields.choice("version", "Version", choices)}${reason(fields)}`;
  return folded(visit, "Move to another version", { act: "move", submit: "Move", fields: inputs, tag });
}
