// A capabilities file, which says what the program that runs the policies can do.
import { type Capabilities, readCapabilities } from "#analysis/rego/capabilities.ts";
import { readDocument } from "./documents.ts";
import type { SourceFile } from "./source-file.ts";

const capabilityFiles = new WeakMap<SourceFile, { readonly capabilities: Capabilities | undefined }>();

/** Read once per content, so that its builtins are the same object for every moment of a project. */
export function capabilitiesOf(file: SourceFile): Capabilities | undefined {
  let read = capabilityFiles.get(file);
  if (read === undefined) {
    const { json } = readDocument(file);
    read = { capabilities: json === undefined ? undefined : readCapabilities(JSON.parse(json)) };
    capabilityFiles.set(file, read);
  }
  return read.capabilities;
}
