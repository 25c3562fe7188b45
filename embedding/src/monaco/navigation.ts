// Definitions, references, highlights and links.
import type * as Monaco from "monaco-editor/editor";
import type { DocumentHighlight, DocumentLink, Location } from "vscode-languageserver";
import type { Cancellation, Model } from "./api.ts";
import { positionOf, shownRange } from "./convert.ts";
import type { Link } from "./link.ts";

export function bindNavigation(link: Link, language: string): void {
  const { languages, Uri } = link.monaco;
  const places = async (
    model: Model,
    method: string,
    params: object,
    token: Cancellation,
  ): Promise<Monaco.languages.Location[]> => {
    const answer = await link.about<Location | Location[]>(model, method, params, token);
    const found = await link.opened(answer === null ? [] : [answer].flat());
    return found.map(({ uri, range }) => ({ uri: Uri.parse(uri), range: shownRange(range) }));
  };
  const at = (method: string) => (model: Model, position: Monaco.Position, token: Cancellation) =>
    places(model, method, { position: positionOf(position) }, token);
  link.keep(
    languages.registerDefinitionProvider(language, { provideDefinition: at("textDocument/definition") }),
    languages.registerDeclarationProvider(language, { provideDeclaration: at("textDocument/declaration") }),
    languages.registerTypeDefinitionProvider(language, { provideTypeDefinition: at("textDocument/typeDefinition") }),
    languages.registerImplementationProvider(language, { provideImplementation: at("textDocument/implementation") }),
    languages.registerReferenceProvider(language, {
      provideReferences: (model, position, context, token) =>
        places(model, "textDocument/references", { position: positionOf(position), context }, token),
    }),
    languages.registerDocumentHighlightProvider(language, {
      provideDocumentHighlights: async (model, position, token) => {
        const params = { position: positionOf(position) };
        const found = await link.about<DocumentHighlight[]>(model, "textDocument/documentHighlight", params, token);
        return found?.map(({ range, kind = 1 }) => ({ range: shownRange(range), kind: kind - 1 })) ?? null;
      },
    }),
    languages.registerLinkProvider(language, {
      provideLinks: async (model, token) => {
        const found = await link.about<DocumentLink[]>(model, "textDocument/documentLink", {}, token);
        return { links: (found ?? []).map(shownLink) };
      },
    }),
  );
}

function shownLink({ range, target, tooltip }: DocumentLink): Monaco.languages.ILink {
  return {
    range: shownRange(range),
    ...(target === undefined ? {} : { url: target }),
    ...(tooltip === undefined ? {} : { tooltip }),
  };
}
