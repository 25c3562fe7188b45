// The place that a request is about, as soon as what stands there has one answer.
import type { TextDocumentPositionParams } from "vscode-languageserver";
import { namesPackages } from "#features/navigation.ts";
import type { Session, Spot } from "./session.ts";

/** With the policies that the document leads to; with all where the name under the cursor is a package or a part of one. */
export async function nearSpot(
  session: Session,
  { textDocument, position }: TextDocumentPositionParams,
): Promise<Spot | undefined> {
  const spot = await session.spot(textDocument.uri, position, "around");
  return spot !== undefined && namesPackages(spot.project, spot.file, spot.offset)
    ? session.spot(textDocument.uri, position)
    : spot;
}
