// A capabilities file, which says what the program that runs the policies can do.
import { type Capabilities, readCapabilities } from "#analysis/rego/capabilities.ts";
import { oncePer } from "#grammars/once-per.ts";
import { readDocument } from "./documents.ts";
import type { SourceFile } from "./source-file.ts";

/** Read once per content, so that its builtins are the same object for every moment of a project. */
export const capabilitiesOf = oncePer((file: SourceFile): Capabilities | undefined => {
  const { json } = readDocument(file);
  return json === undefined ? undefined : readCapabilities(JSON.parse(json));
});
