// Says once of every project that its policies are written in Rego v0, and how they are read so.
import { oldDialectOf } from "#features/old-dialect.ts";
import * as messages from "#protocol/messages.ts";
import { basename } from "#workspace/paths.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Session } from "./session.ts";

/** Looks at a project when it has policies for the first time: what is typed later is not taken for what the project is. */
export function tellOldDialect(session: Session, scheduler: Scheduler): void {
  const looked = new Set<string>();
  scheduler.onChecked((root) => {
    const project = session.workspace.project(root);
    if (looked.has(root) || project.policies.length === 0) return;
    looked.add(root);
    const found = oldDialectOf(project);
    if (found === undefined) return;
    if (session.ownClient) {
      const params: messages.OldDialectParams = { root: session.uris.uri(root), ...found };
      session.connection.notify(messages.oldDialect, params);
      return;
    }
    session.connection.notify("window/showMessage", {
      type: 3,
      message: `${found.old} of ${found.all} policies in ${basename(root)} are written in Rego v0, and read as v1. \`roots = [{ path = ".", rego-version = 0 }]\` in rw.conf, or the setting \`rw.regoVersion\`, reads them as v0.`,
    });
  });
}
