// Resolves a HOCON document: includes, merging, substitutions. Pure: files come in through a port, the environment as a map.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedHocon, parseHocon, type Syntax } from "#grammars/hocon/parse.ts";
import { finish } from "./finish.ts";
import { type IncludePort, type Location, locationName, type ReadResult } from "./include.ts";
import { type IncludeRecord, Lowering } from "./lower.ts";
import { mergeInto } from "./merge.ts";
import { type FirstFailure, Problems } from "./problems.ts";
import { Substitution } from "./substitute.ts";
import type { ObjectNode, ObjectValue, ReferenceNode, Source, Value } from "./value.ts";

export type { IncludePort, Location, ReadResult } from "./include.ts";
export { toJsonText } from "./json.ts";
export type { ErrorKind, FirstFailure, Stage } from "./problems.ts";
export type * from "./value.ts";

export interface HoconDocument {
  readonly parsed: ParsedHocon;
  /** Where the document lives, for its relative includes; a file of its name when not given. */
  readonly location?: Location;
}

export interface ResolveOptions {
  /** Documents below the main one, in order, as `withFallback` adds them before resolving. */
  readonly fallbacks?: readonly HoconDocument[];
  /** Reads included files. Without it every include is refused. */
  readonly read?: IncludePort;
  /** The variables that substitutions may fall back to; without it the environment is off. */
  readonly environment?: ReadonlyMap<string, string>;
  /** Substitutions without a value are left out instead of being errors. */
  readonly allowUnresolved?: boolean;
}

export interface Resolved {
  /** What could be resolved. It is the reference's value exactly when `failure` is undefined. */
  readonly value: ObjectValue;
  readonly diagnostics: readonly Diagnostic[];
  /** The reference gives up somewhere. */
  readonly failed: boolean;
  /** Where it gives up first. Found out when it is first asked for. */
  readonly failure: FirstFailure | undefined;
  /** An include is still to be loaded: resolve again with it. */
  readonly pending: boolean;
  /** Substitutions stayed without a value (only with `allowUnresolved`). */
  readonly incomplete: boolean;
  readonly includes: readonly IncludeRecord[];
  /** Facts for editors: the document before substitution, and what each reference found. */
  readonly root: ObjectNode;
  readonly targets: ReadonlyMap<ReferenceNode, Value>;
  readonly sources: readonly Source[];
  /** The documents that the caller named, the lowest fallback first: later ones are merged over it. */
  readonly documents: readonly Source[];
}

const REFUSE_ALL: IncludePort = () => ({ kind: "refused", reason: "no files can be included here" });

/** Resolves a parsed document. */
export function resolveHocon(main: ParsedHocon | HoconDocument, options: ResolveOptions = {}): Resolved {
  const problems = new Problems();
  const lowering = new Lowering(problems, options.read ?? REFUSE_ALL);
  const documents = [asDocument(main), ...(options.fallbacks ?? [])];
  const roots = documents.map(({ parsed, location = { kind: "file", path: parsed.file } }) =>
    lowering.document(parsed, location),
  );
  const named = roots.map(({ source }) => source).reverse();
  let root = roots.pop()!;
  for (let top = roots.pop(); top !== undefined; top = roots.pop()) root = mergeInto(root, top) as ObjectNode;
  const shared = root.pending > 0 || lowering.includes.length > 0;
  const substitution = new Substitution(root, problems, {
    environment: options.environment,
    allowUnresolved: options.allowUnresolved ?? false,
  });
  const value = finish(substitution.run(), problems, shared);
  return {
    value,
    diagnostics: problems.diagnostics,
    failed: problems.failed,
    get failure() {
      return problems.first;
    },
    pending: lowering.pending,
    incomplete: substitution.incomplete,
    includes: lowering.includes,
    root,
    targets: substitution.targets,
    sources: lowering.includes.flatMap(({ found }) => found),
    documents: named,
  };
}

function asDocument(main: ParsedHocon | HoconDocument): HoconDocument {
  return "tree" in main ? { parsed: main } : main;
}

/** Reads one location; undefined when there is no file, a reason when it may not be read. */
export type AsyncReader = (location: Location) => Promise<string | { readonly refused: string } | undefined>;

/** Resolves where files can only be read asynchronously: resolves again until every include it met is loaded. */
export async function resolveHoconAsync(
  main: ParsedHocon | HoconDocument,
  read: AsyncReader,
  options: Omit<ResolveOptions, "read"> = {},
): Promise<Resolved> {
  const known = new Map<string, ReadResult>();
  for (;;) {
    const wanted = new Map<string, { readonly location: Location; readonly syntax: Syntax }>();
    const port: IncludePort = (location, { syntax, name }) => {
      const key = `${syntax}\u0000${location.kind}\u0000${name}`;
      const result = known.get(key);
      if (result === undefined) wanted.set(key, { location, syntax });
      return result ?? { kind: "pending" };
    };
    const resolved = resolveHocon(main, { ...options, read: port });
    if (wanted.size === 0) return resolved;
    await Promise.all(
      [...wanted].map(async ([key, { location, syntax }]) => {
        const answer = await read(location);
        if (answer === undefined) known.set(key, { kind: "missing" });
        else if (typeof answer !== "string") known.set(key, { kind: "refused", reason: answer.refused });
        else known.set(key, { kind: "parsed", parsed: parseHocon(answer, { file: locationName(location), syntax }) });
      }),
    );
  }
}
