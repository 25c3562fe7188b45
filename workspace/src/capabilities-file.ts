// A capabilities file, which says what the program that runs the policies can do.
import { type Capabilities, readCapabilities } from "#analysis/rego/capabilities.ts";
import { oncePer } from "#grammars/once-per.ts";
import { readDocument } from "./documents.ts";
import type { SourceFile } from "./source-file.ts";

export interface NamedCapabilities {
  /** Undefined where OPA's own hold. */
  readonly capabilities: Capabilities | undefined;
  readonly problem: string | undefined;
}

/** Read once per content, so that its builtins are the same object for every moment of a project. */
const capabilitiesOf = oncePer((file: SourceFile): Capabilities | undefined => {
  const { json } = readDocument(file);
  return json === undefined ? undefined : readCapabilities(JSON.parse(json));
});

/** The capabilities that a setting names: a file, or `latest` for those of OPA. */
export function namedCapabilities(named: string | undefined, find: (path: string) => SourceFile | undefined): NamedCapabilities {
  if (named === undefined || named === "latest") return { capabilities: undefined, problem: undefined };
  const file = find(named);
  if (file === undefined) return { capabilities: undefined, problem: `the capabilities file ${named} is not there` };
  const capabilities = capabilitiesOf(file);
  const problem = capabilities === undefined ? `${named} is no capabilities file: \`opa capabilities\` writes one` : undefined;
  return { capabilities, problem };
}
