// HOCON to JSON with the server-side includes of a domain, and with nothing from elsewhere.
import { readInput } from "#analysis/hocon/input.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Reads } from "../store/store.ts";
import type { Shelf } from "../store/texts.ts";
import type { ProblemError } from "./http/problem.ts";
import type { Rendering, RenderQuestion } from "./questions.ts";

const maxIncludes = 1000;
/** Includes within includes. */
const maxDepth = 16;
/** Characters of a text with all that it includes. */
const maxText = 1024 * 1024;
/** Faults that one answer tells of. */
const maxErrors = 20;

/** Reads the text; includes come from the domain's own shelf, so many, so deep and so large. */
export async function answerRender({ texts }: Pick<Reads, "texts">, { domain, name, text }: RenderQuestion): Promise<Rendering> {
  const shelf: Shelf = { kind: "includes", domain, policy: "" };
  const known = new Map<string, string | undefined>();
  let size = text.length;
  for (;;) {
    const wanted = new Set<string>();
    const { json, diagnostics } = readInput(/\.\w+$/.test(name) ? name : `${name}.conf`, text, {
      location: { kind: "classpath", path: name },
      read: (location, { depth }) => {
        if (location.kind === "url") return { kind: "refused", reason: "RMS reads no addresses" };
        if (location.kind !== "classpath")
          return { kind: "refused", reason: "RMS reads no files but the includes of the domain" };
        if (depth > maxDepth) return { kind: "refused", reason: `includes go ${maxDepth} levels deep` };
        if (size > maxText) return { kind: "refused", reason: `a text with its includes may have ${maxText} characters` };
        const path = location.path.replace(/^\/+/, "");
        if (!known.has(path)) wanted.add(path);
        if (known.size + wanted.size > maxIncludes)
          return { kind: "refused", reason: `a document may include ${maxIncludes} files` };
        const found = known.get(path);
        return found === undefined ? { kind: "missing" } : { kind: "text", text: found };
      },
    });
    if (wanted.size === 0 || known.size + wanted.size > maxIncludes)
      return json === undefined ? { errors: faults(diagnostics, (file) => known.get(file) ?? text) } : { json };
    // The resolver asks for files at once; what it lacks is fetched, and it starts again.
    for (const path of wanted) {
      const found = await texts.get(shelf, path);
      size += found?.length ?? 0;
      known.set(path, found);
    }
  }
}

function faults(diagnostics: readonly Diagnostic[], source: (file: string) => string): readonly ProblemError[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error").slice(0, maxErrors);
  return errors.map(({ file, code, message, range }) => {
    const path = plainName(file);
    return {
      file: path,
      ...new LineIndex(source(path)).rowCol(range.start),
      code,
      message: message.replaceAll("classpath:", ""),
    };
  });
}

/** The resolver names an include by how it was found. */
const plainName = (file: string): string => file.replace(/^classpath:/, "").replace(/^\/+/, "");
