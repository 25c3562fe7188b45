// The roles file of the project in RMS: what putting it there changes, and the changes once they were seen.
import * as publishing from "#protocol/publishing.ts";
import { projectRoles } from "#publishing/project-roles.ts";
import { roleChanges } from "#publishing/role-changes.ts";
import { rmsClient, targetOf } from "../rms-target.ts";
import type { Session } from "../session.ts";

export function registerRoles(session: Session): void {
  const { connection, uris } = session;
  connection.onRequest(
    publishing.applyRoles,
    async ({ uri, url: address, token, accepted }: publishing.ApplyRolesParams): Promise<publishing.ApplyRolesResult> => {
      if (!session.settings.trusted) return { problem: "changing roles needs a trusted workspace" };
      const project = await session.projectOf(uris.path(uri));
      const { url, domain } = targetOf(session, project, { url: address });
      if (url === undefined || domain === undefined) return { problem: "rw.conf names no RMS: set `rms { url, domain }`" };
      const read = projectRoles(project);
      if ("fault" in read) return { problem: read.fault };
      const compared = await roleChanges(rmsClient(session, { url, token }), domain, read.facts, "put there from the editor");
      if (!compared.ok) {
        const { status, message } = compared.failure;
        return { problem: status === 404 ? `RMS has no domain ${domain} yet: publish first` : message };
      }
      const { changes, ends } = compared.value;
      const lines = changes.map(({ line }) => line);
      const found = { domain, file: read.name, lines, stays: ends.map(({ line }) => line.replace(/^- /u, "")) };
      if (accepted === undefined) return found;
      if (accepted.join("\n") !== lines.join("\n"))
        return { problem: "the roles, or what RMS has of them, changed meanwhile: nothing was done" };
      for (const [made, { line, make }] of changes.entries()) {
        const reply = await make();
        if (!reply.ok)
          return { problem: `${made} of ${changes.length} changes were made, then ${line}: ${reply.failure.message}` };
      }
      return found;
    },
  );
}
