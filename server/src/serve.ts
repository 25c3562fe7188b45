// Wires one connection: session, scheduler, every handler.
import { Asking } from "./asking.ts";
import { registerBundles } from "./handlers/bundles.ts";
import { registerCallHierarchy } from "./handlers/call-hierarchy.ts";
import { registerCodeActions } from "./handlers/code-actions.ts";
import { registerCommands } from "./handlers/commands.ts";
import { registerDebug } from "./handlers/debug.ts";
import { registerDocuments } from "./handlers/documents.ts";
import { registerFileOperations } from "./handlers/file-operations.ts";
import { registerLifecycle } from "./handlers/lifecycle.ts";
import { registerNavigation } from "./handlers/navigation.ts";
import { registerPublish } from "./handlers/publish.ts";
import { registerPullDiagnostics } from "./handlers/pull-diagnostics.ts";
import { registerReading } from "./handlers/reading.ts";
import { registerStructure } from "./handlers/structure.ts";
import { registerWriting } from "./handlers/writing.ts";
import { Inputs } from "./inputs.ts";
import { registerLinting } from "./linting.ts";
import { registerLive } from "./live.ts";
import { LiveValues } from "./live-values.ts";
import { tellOldDialect } from "./old-dialect.ts";
import type { Ports } from "./ports.ts";
import { RefactoringProof } from "./refactoring-proof.ts";
import { Connection, type Wire } from "./rpc/connection.ts";
import { Scheduler } from "./scheduler.ts";
import { Session } from "./session.ts";
import { TestRuns } from "./test-runs.ts";
import { UnmockedCalls } from "./unmocked-calls.ts";

/** A server on a wire; the caller feeds it frames. */
export function serve(wire: Wire, ports: Ports): Connection {
  const connection = new Connection(wire);
  const session = new Session(connection, ports);
  const scheduler = new Scheduler(session);
  const values = new LiveValues();
  registerLifecycle(session, scheduler);
  registerDocuments(session, scheduler);
  registerPullDiagnostics(session, scheduler);
  registerStructure(session);
  registerNavigation(session);
  registerCallHierarchy(session);
  registerReading(session, values);
  registerFileOperations(session, scheduler);
  registerPublish(session);
  registerBundles(session);
  tellOldDialect(session, scheduler);
  const inputs = new Inputs(session);
  registerLinting(session, scheduler, inputs);
  const asking = new Asking(session);
  const tests = new TestRuns(session, asking, inputs);
  const unmocked = new UnmockedCalls();
  registerLive(session, scheduler, values, { inputs, asking, tests, unmocked });
  registerWriting(session);
  registerCodeActions(session, scheduler, { inputs, values, unmocked, proof: new RefactoringProof(asking, inputs) });
  registerCommands(session, scheduler, { inputs, asking, tests });
  registerDebug(session, inputs);
  return connection;
}
