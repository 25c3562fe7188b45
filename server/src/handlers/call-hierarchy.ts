// Call hierarchy: the item travels to the client and back, and is found again by its place.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyIncomingCallsParams,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CallHierarchyOutgoingCallsParams,
  TextDocumentPositionParams,
} from "vscode-languageserver";
import { type CallItem, callItemAt, incomingCalls, outgoingCalls } from "#features/rego/call-hierarchy.ts";
import type { Session, Spot } from "../session.ts";

export function registerCallHierarchy(session: Session): void {
  const { connection } = session;

  const convert = (item: CallItem): CallHierarchyItem => ({
    name: item.name,
    detail: item.package,
    kind: item.function ? 12 : 13,
    uri: session.uris.uri(item.file),
    range: session.range(item.file, item.range),
    selectionRange: session.range(item.file, item.selection),
  });

  const itemAt = (spot: Spot | undefined): CallItem | undefined =>
    spot?.file.kind === "rego" ? callItemAt(spot.project, spot.file, spot.offset) : undefined;

  connection.onRequest("textDocument/prepareCallHierarchy", async ({ textDocument, position }: TextDocumentPositionParams) => {
    const item = itemAt(await session.spot(textDocument.uri, position));
    return item === undefined ? null : [convert(item)];
  });

  connection.onRequest(
    "callHierarchy/incomingCalls",
    async ({ item }: CallHierarchyIncomingCallsParams): Promise<CallHierarchyIncomingCall[]> => {
      const spot = await session.spot(item.uri, item.selectionRange.start);
      const found = itemAt(spot);
      if (spot === undefined || found === undefined) return [];
      return incomingCalls(spot.project, found).map((edge) => ({
        from: convert(edge.item),
        fromRanges: edge.ranges.map(({ file, range }) => session.range(file, range)),
      }));
    },
  );

  connection.onRequest(
    "callHierarchy/outgoingCalls",
    async ({ item }: CallHierarchyOutgoingCallsParams): Promise<CallHierarchyOutgoingCall[]> => {
      const spot = await session.spot(item.uri, item.selectionRange.start);
      const found = itemAt(spot);
      if (spot === undefined || found === undefined) return [];
      return outgoingCalls(spot.project, found).map((edge) => ({
        to: convert(edge.item),
        fromRanges: edge.ranges.map(({ file, range }) => session.range(file, range)),
      }));
    },
  );
}
