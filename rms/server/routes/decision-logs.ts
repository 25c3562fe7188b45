// The decisions that a domain's sidecars logged, for those who look into what was decided.
import type { LoggedDecision } from "../../store/decisions.ts";
import { pageOfComputed } from "../http/paging.ts";
import type { Route } from "../http/route.ts";
import { seconds, timeText } from "../times.ts";
import { domainPath, foundDomain } from "./domains.ts";

const itemOf = ({ id, at, event }: LoggedDecision): object => ({ id, at: timeText(at), event: JSON.parse(event) as unknown });

export const decisionLogRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${domainPath}/decisions`,
    scope: "audit:read",
    summary: "The decisions that the domain's sidecars logged, as OPA sent them, newest first",
    handle: async (call) => {
      const { query, reads } = call;
      const { id: domain } = await foundDomain(call);
      const secondOf = (name: string): number | undefined => {
        const text = query.get(name);
        return text === null ? undefined : seconds(new Date(text));
      };
      const times = { from: secondOf("from"), to: secondOf("to") };
      const { body, ...answer } = await pageOfComputed<LoggedDecision>(
        query,
        2,
        ({ at, id }) => [String(at), id],
        ({ after: [at, id] = [], limit }) =>
          reads.decisions.newest(domain, times, {
            after: at === undefined || id === undefined ? undefined : { at: Number(at), id },
            limit,
          }),
      );
      const { items, ...rest } = body as { readonly items: readonly LoggedDecision[] };
      return { ...answer, body: { items: items.map(itemOf), ...rest } };
    },
  },
];
