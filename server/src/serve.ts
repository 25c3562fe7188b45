// Wires one connection: session, scheduler, every handler.
import { registerDocuments } from "./handlers/documents.ts";
import { registerLifecycle } from "./handlers/lifecycle.ts";
import { registerNavigation } from "./handlers/navigation.ts";
import { registerPullDiagnostics } from "./handlers/pull-diagnostics.ts";
import { registerStructure } from "./handlers/structure.ts";
import { Connection, type Wire } from "./rpc/connection.ts";
import { Scheduler } from "./scheduler.ts";
import { type Ports, Session } from "./session.ts";

/** A server on a wire; the caller feeds it frames. */
export function serve(wire: Wire, ports: Ports): Connection {
  const connection = new Connection(wire);
  const session = new Session(connection, ports);
  const scheduler = new Scheduler(session);
  registerLifecycle(session, scheduler);
  registerDocuments(session, scheduler);
  registerPullDiagnostics(session);
  registerStructure(session);
  registerNavigation(session);
  return connection;
}
