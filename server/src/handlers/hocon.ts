// Requests about HOCON beyond LSP: the resolved value with its origins, conversions, moving an entry.
import { convertDocument } from "#features/hocon/convert.ts";
import { moveEntry } from "#features/hocon/move.ts";
import { previewOf } from "#features/hocon/preview.ts";
import { fullText } from "#features/live.ts";
import type * as messages from "#protocol/messages.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { whyNotRead } from "#workspace/large-documents.ts";
import { codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";

export interface HoconRequests {
  resolve(params: messages.ResolveParams): Promise<messages.ResolveResult>;
  convert(params: messages.ConvertParams): Promise<messages.ConvertResult>;
  moveEntry(params: messages.MoveEntryParams): Promise<messages.MoveEntryResult>;
}

export function hoconRequests(session: Session, profileOf: (root: string) => string | undefined): HoconRequests {
  const { uris } = session;

  const unknown = (uri: string): string => {
    const file = session.file(uri);
    return file === undefined ? `${uri} is not known` : whyNotRead(file);
  };

  const documentAt = async (uri: string) => {
    const document = await session.document(uri);
    if (document === undefined) throw new RequestError(unknown(uri), codes.invalidParams);
    return document;
  };

  return {
    resolve: async ({ uri, profile }) => {
      const document = await session.document(uri);
      if (document === undefined) return { problems: [unknown(uri)], origins: [] };
      const { project, file } = document;
      const chosen = profile ?? profileOf(project.root);
      const { json, problems } = project.inputs.resolve(file, chosen);
      if (json === undefined) return { problems, origins: [] };
      if (file.kind !== "hocon") return { json: fullText(json), problems, origins: [] };
      const preview = previewOf(project, file, chosen);
      const origins = preview.origins.map(({ path, line, overrides, ...place }) => ({
        path,
        line,
        ...session.location(place),
        overrides: overrides.map((one) => session.location(one)),
      }));
      return { json: preview.json ?? fullText(json), problems, origins };
    },
    convert: async ({ uri, to, profile }) => {
      const { project, file } = await documentAt(uri);
      const converted = convertDocument(project, file, to, profile ?? profileOf(project.root));
      return "refusal" in converted ? converted : { uri: uris.uri(converted.path), text: converted.text };
    },
    moveEntry: async ({ uri, position, direction }) => {
      const { file, lines } = await documentAt(uri);
      if (file.kind !== "hocon") return { refusal: "only entries of HOCON files can be moved" };
      const moved = moveEntry(parsedHocon(file), lines.offsetAt(position), direction);
      if ("refusal" in moved) return moved;
      // The cursor counts in the text after the edits, which the client has in the end.
      let text = file.text;
      for (const { range, newText } of [...moved.edits].sort((a, b) => b.range.start - a.range.start))
        text = text.slice(0, range.start) + newText + text.slice(range.end);
      const before = text.slice(0, moved.cursor).split("\n");
      return {
        edits: moved.edits.map(({ range, newText }) => ({ range: lines.rangeOf(range), newText })),
        line: before.length - 1,
        version: file.version ?? null,
      };
    },
  };
}
