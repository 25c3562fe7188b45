// A finding as LSP wants it.
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver";
import type { Diagnostic, Severity } from "#grammars/diagnostic.ts";
import { linkAbout } from "#protocol/error-pages.ts";
import type { Session } from "./session.ts";

const severities: Readonly<Record<Severity, 1 | 2 | 3 | 4>> = { error: 1, warning: 2, information: 3, hint: 4 };

export function convertDiagnostic(session: Session, diagnostic: Diagnostic): LspDiagnostic {
  const { code, explanation, related, tags } = diagnostic;
  const message = explanation === undefined ? diagnostic.message : `${diagnostic.message}\n${explanation}`;
  // Our own client has the pages about lint rules as well.
  const page = session.ownClient || diagnostic.page === undefined ? linkAbout(code, session.errorPages) : diagnostic.page;
  return {
    range: session.range(diagnostic.file, diagnostic.range),
    severity: severities[diagnostic.severity],
    code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    source: diagnostic.source ?? sourceOf(code),
    // OPA's words may name bytes that are no text.
    message: message.toWellFormed(),
    ...(related === undefined || related.length === 0
      ? {}
      : { relatedInformation: related.map((place) => ({ location: session.location(place), message: place.message })) }),
    ...(tags === undefined ? {} : { tags: tags.map((tag) => (tag === "unnecessary" ? 1 : 2)) }),
  };
}

function sourceOf(code: string): string {
  if (code.startsWith("hocon")) return "hocon";
  if (code.startsWith("rw_decision")) return "rw/decision";
  return code.startsWith("rw_") ? "rw" : "rego";
}
