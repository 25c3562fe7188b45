// What the server did lately, for a report of something slow or wrong.
import * as messages from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";
import type { HandledMessages } from "../rpc/handled-messages.ts";
import type { Session } from "../session.ts";
import { version } from "../version.ts";

export function registerRecording(session: Session, handled: HandledMessages): void {
  const { connection, ports, workspace } = session;
  connection.onRequest(messages.recording, (): messages.RecordingResult => {
    return {
      version,
      ...ports.runtime?.(),
      uptime: handled.uptime,
      openFiles: session.open.size,
      projects: workspace.roots.map((root) => recorded(workspace.project(root))),
      messages: handled.last,
    };
  });
}

/** Counts alone: nothing is read or checked for them. */
function recorded({ files, policies, largeDocuments, largePolicies }: Project): messages.RecordedProject {
  const all = [...files.values()];
  const hocon = all.filter(({ kind }) => kind === "hocon").length;
  return {
    policies: policies.length,
    hocon,
    others: all.length - policies.length - hocon,
    characters: all.reduce((sum, { text }) => sum + text.length, 0),
    longestPolicy: policies.reduce((most, { text }) => Math.max(most, text.length), 0),
    largeFiles: largeDocuments.length + largePolicies.length,
  };
}
