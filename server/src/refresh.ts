// Clients that can are told to ask again for what they show.
import type { Session } from "./session.ts";

export function refresh({ connection, capabilities }: Session, what: "codeLens" | "inlayHint" | "semanticTokens"): void {
  if (capabilities.workspace?.[what]?.refreshSupport !== true) return;
  connection.request(`workspace/${what}/refresh`, null).catch(() => undefined);
}
