// Debug sessions of an editor: their messages come and go through its connection. The debugger is loaded with the first one.
import * as messages from "#protocol/messages.ts";
import type { Adapter } from "../debug/adapter.ts";
import type { Inputs } from "../inputs.ts";
import type { Session } from "../session.ts";

export function registerDebug(session: Session, inputs: Inputs): void {
  const { connection } = session;
  const adapters = new Map<string, Promise<Adapter>>();
  const start = async (name: string): Promise<Adapter> => {
    const { startAdapter } = await import("../debug/adapter.ts");
    return startAdapter(session, inputs, (message) =>
      connection.notify(messages.debug, { session: name, message } satisfies messages.DebugParams),
    );
  };
  connection.onNotification(messages.debug, async ({ session: name, message }: messages.DebugParams) => {
    const adapter = adapters.get(name) ?? start(name);
    if (message === undefined) adapters.delete(name);
    else adapters.set(name, adapter);
    // Nobody waits for an answer here: what follows is read meanwhile.
    void adapter.then((one) => (message === undefined ? one.dispose() : one.receive(message)));
  });
}
