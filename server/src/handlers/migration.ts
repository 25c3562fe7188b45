// The policies of a project from Rego v0 to v1: an edit whose parts the user sees before they are made, and what is left for hands.
import type { ApplyWorkspaceEditResult } from "vscode-languageserver";
import { beforeMigration, migrationOf } from "#features/migration.ts";
import type * as messages from "#protocol/messages.ts";
import { faultLine } from "#workspace/stopping-faults.ts";
import type { RefactoringProof } from "../refactoring-proof.ts";
import { RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { annotatedEdit } from "../workspace-edit.ts";

export function migrationRequest(session: Session, proof: RefactoringProof) {
  return async ({ uri }: messages.MigrateParams): Promise<messages.MigrateResult> => {
    const project = await session.projectOf(session.uris.path(uri));
    const { edits, left } = migrationOf(project);
    const told = left.map((fault) => faultLine(project, fault));
    const [first] = edits;
    const file = first === undefined ? undefined : project.files.get(first.file);
    if (file === undefined) return { rewritten: 0, applied: false, left: told };
    if (!session.client.applyEdit) throw new RequestError("this editor applies no edits: `rw fmt --v0-v1 -w` does the same");
    const found = await proof.prove(beforeMigration(project), file, {
      title: "Migrate to Rego v1",
      kind: "refactor.rewrite",
      edits,
    });
    const doubt = "fault" in found ? { label: "Needs a hand afterwards", description: found.fault } : found.warning;
    // The preview of an editor may show what is to be confirmed, and not why.
    if (doubt !== undefined) session.connection.notify("window/showMessage", { type: 2, message: doubt.description });
    const warning = { ...(doubt ?? { label: "Rego v1", description: "no decision changes" }), needsConfirmation: true };
    const edit = annotatedEdit(session, edits, warning);
    const asked = { label: "Migrate to Rego v1", edit };
    const answer = (await session.connection.request("workspace/applyEdit", asked)) as ApplyWorkspaceEditResult | null;
    return { rewritten: new Set(edits.map((one) => one.file)).size, applied: answer?.applied === true, left: told };
  };
}
