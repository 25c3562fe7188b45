// Definition and its kin, references, highlights, rename.
import type {
  ChangeAnnotation,
  DocumentHighlight,
  Location,
  ReferenceParams,
  RenameParams,
  TextDocumentPositionParams,
  WorkspaceEdit,
} from "vscode-languageserver";
import {
  definitionsIn,
  entrypointsRenamedIn,
  highlightsIn,
  implementationsIn,
  prepareRenameIn,
  referencesIn,
  renameIn,
} from "#features/navigation.ts";
import { nearSpot } from "../near-spot.ts";
import { RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { annotatedEdit } from "../workspace-edit.ts";

export function registerNavigation(session: Session): void {
  const { connection } = session;

  const definition = async (params: TextDocumentPositionParams): Promise<Location[]> => {
    const spot = await nearSpot(session, params);
    return spot === undefined ? [] : session.locations(definitionsIn(spot.project, spot.file, spot.offset));
  };
  connection.onRequest("textDocument/definition", definition);
  connection.onRequest("textDocument/declaration", definition);
  connection.onRequest("textDocument/typeDefinition", definition);

  connection.onRequest("textDocument/implementation", async ({ textDocument, position }: TextDocumentPositionParams) => {
    const spot = await session.spot(textDocument.uri, position);
    return spot === undefined ? [] : session.locations(implementationsIn(spot.project, spot.file, spot.offset));
  });

  connection.onRequest(
    "textDocument/references",
    async ({ textDocument, position, context }: ReferenceParams): Promise<Location[]> => {
      const spot = await session.spot(textDocument.uri, position);
      if (spot === undefined) return [];
      return session.locations(referencesIn(spot.project, spot.file, spot.offset, context?.includeDeclaration !== false));
    },
  );

  connection.onRequest(
    "textDocument/documentHighlight",
    async (params: TextDocumentPositionParams): Promise<DocumentHighlight[]> => {
      const spot = await nearSpot(session, params);
      if (spot === undefined) return [];
      return highlightsIn(spot.project, spot.file, spot.offset).map(({ range, write }) => ({
        range: spot.lines.rangeOf(range),
        kind: write ? 3 : 2,
      }));
    },
  );

  connection.onRequest("textDocument/prepareRename", async ({ textDocument, position }: TextDocumentPositionParams) => {
    const spot = await session.spot(textDocument.uri, position);
    if (spot === undefined) return null;
    const prepared = prepareRenameIn(spot.project, spot.file, spot.offset);
    if ("refusal" in prepared) throw new RequestError(prepared.refusal);
    return { range: spot.lines.rangeOf(prepared.range), placeholder: prepared.name };
  });

  connection.onRequest(
    "textDocument/rename",
    async ({ textDocument, position, newName }: RenameParams): Promise<WorkspaceEdit | null> => {
      const spot = await session.spot(textDocument.uri, position);
      if (spot === undefined) return null;
      const renamed = renameIn(spot.project, spot.file, spot.offset, newName);
      if ("refusal" in renamed) throw new RequestError(renamed.refusal);
      const warning = publishedWarning(entrypointsRenamedIn(spot.project, spot.file, spot.offset));
      if (warning !== undefined && renamed.edits.length > 0 && !session.client.changeAnnotations)
        connection.notify("window/showMessage", { type: 2, message: `${warning.label}: ${warning.description}` });
      return annotatedEdit(session, renamed.edits, warning);
    },
  );
}

function publishedWarning(entrypoints: readonly string[]): ChangeAnnotation | undefined {
  if (entrypoints.length === 0) return undefined;
  return {
    label: `${entrypoints.map((name) => `\`${name}\``).join(", ")} ${entrypoints.length === 1 ? "is a published decision" : "are published decisions"}`,
    needsConfirmation: true,
    description: "services that ask for the old name get undefined once the change is published",
  };
}
