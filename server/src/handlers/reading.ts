// Hover, signature help, inlay hints, code lenses, document links.
import type {
  CodeLens,
  CodeLensParams,
  DocumentLink,
  Hover,
  InlayHint,
  InlayHintParams,
  SignatureHelp,
  TextDocumentPositionParams,
} from "vscode-languageserver";
import { hoverIn, inlayHintsIn, lensesIn, linksIn, signatureIn } from "#features/reading.ts";
import type { Lens } from "#features/rego/lenses.ts";
import type { Signature } from "#features/rego/signature.ts";
import { markup } from "../client-abilities.ts";
import { decisionHints } from "../decision-hints.ts";
import type { LiveValues } from "../live-values.ts";
import { nearSpot } from "../near-spot.ts";
import type { Session } from "../session.ts";

export function registerReading(session: Session, values: LiveValues): void {
  const { connection } = session;

  connection.onRequest("textDocument/hover", async (params: TextDocumentPositionParams): Promise<Hover | null> => {
    const spot = await nearSpot(session, params);
    if (spot === undefined) return null;
    const lastDecision = session.settingsOf(spot.file.path).hoverValues
      ? (path: string) => values.decisionOf(spot.project.root, path)
      : undefined;
    const found = hoverIn(spot.project, spot.file, spot.offset, lastDecision);
    if (found === undefined) return null;
    return { range: spot.lines.rangeOf(found.range), contents: markup(found.markdown, session.client.markdownHover) };
  });

  connection.onRequest(
    "textDocument/signatureHelp",
    async ({ textDocument, position }: TextDocumentPositionParams): Promise<SignatureHelp | null> => {
      const spot = await session.spot(textDocument.uri, position, "around");
      const help = spot && signatureIn(spot.project, spot.file, spot.offset);
      if (help === undefined) return null;
      return {
        activeSignature: help.activeSignature,
        activeParameter: help.activeParameter,
        signatures: help.signatures.map((signature) => ({
          label: signature.label,
          documentation: markup(signature.documentation, session.client.markdownSignatures),
          parameters: parameterLabels(session, signature).map((label, at) => {
            const about = signature.about[at];
            return { label, ...(about === undefined ? {} : { documentation: markup(about, session.client.markdownSignatures) }) };
          }),
          activeParameter: help.activeParameter,
        })),
      };
    },
  );

  connection.onRequest("textDocument/inlayHint", async ({ textDocument, range }: InlayHintParams): Promise<InlayHint[]> => {
    const document = await session.document(textDocument.uri, "around");
    if (document === undefined) return [];
    const { project, file, lines } = document;
    const { inlay, live } = session.settingsOf(file.path);
    const hints = inlayHintsIn(project, file, lines.offsetsOf(range), inlay).map(
      ({ kind, offset, label, tooltip }): InlayHint => ({
        position: lines.positionAt(offset),
        label,
        kind: kind === "parameter" ? 2 : 1,
        ...(kind === "parameter" ? { paddingRight: true } : {}),
        tooltip,
      }),
    );
    // Our own client paints decisions itself.
    if (session.ownClient || !inlay.decisions || live.mode !== "inline") return hints;
    return [...hints, ...decisionHints(document, range, values.liveOf(file.path))];
  });

  connection.onRequest("textDocument/codeLens", async ({ textDocument }: CodeLensParams): Promise<CodeLens[]> => {
    const document = await session.document(textDocument.uri);
    if (document === undefined) return [];
    const { lens: wanted, rms } = session.settingsOf(document.file.path);
    // What asks for arguments and shows steps is our own client's.
    const options = {
      ...wanted,
      try: session.ownClient && wanted.try,
      debug: session.ownClient && wanted.debug,
      why: session.ownClient && wanted.why,
      publish: session.ownClient && wanted.publish && (rms["url"] ?? document.project.config.rms.url) !== undefined,
    };
    const lenses = lensesIn(document.project, document.file, options, (path) => values.samplesOf(document.project.root, path));
    return lenses.map((lens) => ({
      range: document.lines.rangeOf(lens.range),
      command: {
        title: lens.title,
        ...commandOf(session, document.file.path, lens, document.lines.positionAt(lens.range.start).line + 1),
      },
    }));
  });

  connection.onRequest("textDocument/documentLink", async ({ textDocument }: CodeLensParams): Promise<DocumentLink[]> => {
    const document = await session.document(textDocument.uri, "around");
    if (document === undefined) return [];
    return linksIn(document.project, document.file).map((link) => ({
      range: document.lines.rangeOf(link.range),
      target: "target" in link ? link.target : session.uris.uri(link.file),
      tooltip: link.tooltip,
    }));
  });
}

/** Our own client runs its commands; any other one sends ours back, with one JSON string as argument. */
function commandOf(session: Session, file: string, lens: Lens, row: number): { command: string; arguments?: unknown[] } {
  const target = session.uris.uri(file);
  switch (lens.action.kind) {
    case "evaluate": {
      const path = lens.action.query;
      if (session.ownClient) return { command: "rw.evaluate", arguments: [target, path] };
      return { command: "regal.eval", arguments: [JSON.stringify({ target, path, row })] };
    }
    case "try":
      return { command: "rw.tryFunction", arguments: [target, lens.action.query, lens.action.parameters] };
    case "publish":
      return { command: "rw.publish" };
    case "test":
      if (session.ownClient) return { command: "rw.runTest", arguments: [lens.action.id] };
      return { command: "rw.runTests", arguments: [{ ids: [lens.action.id] }] };
    case "debug":
      return { command: "rw.debug", arguments: [target, lens.action.query] };
    case "why":
      return { command: "rw.why", arguments: [target, lens.action.query] };
    case "debugTest":
      return { command: "rw.debugTest", arguments: [lens.action.id] };
    case "samples":
      return session.ownClient
        ? { command: "rw.matrix.open", arguments: [target, lens.action.query] }
        : { command: "rw.runTests", arguments: [{ ids: [] }] };
  }
}

/** The parameters as ranges of the label, found from left to right, so that equal texts do not meet; or as the texts that stand in it. */
function parameterLabels(session: Session, { label, parameters }: Signature): readonly (string | [number, number])[] {
  if (!session.client.labelOffsets) return parameters;
  let from = label.indexOf("(") + 1;
  return parameters.map((parameter): [number, number] => {
    const start = Math.max(label.indexOf(parameter, from), 0);
    from = start + parameter.length;
    return [start, from];
  });
}
