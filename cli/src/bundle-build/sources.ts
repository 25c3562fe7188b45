// What goes into a bundle: loaded and verified.
import { type VerificationOptions, verificationFault } from "../bundle-verify.ts";
import type { Invocation } from "../command.ts";
import { errorText } from "../errors.ts";
import { faultItems, loadOptions, loadPositionals, type Sources } from "../load-flags.ts";
import { type ArchivedFiles, join, type LoadFault } from "../load-parts.ts";
import { keyText } from "../signing-flags.ts";

/** The fault is a sentence as OPA's. */
export function loadForBuild(call: Invocation): Sources | { readonly fault: string } {
  warnOfManifests(call);
  // Built anew, a signed archive would lose its signature unchecked.
  const archiveFault = (archive: ArchivedFiles): string | undefined => verificationFault(archive, undefined);
  const sources = loadPositionals(call, { ...loadOptions(call), archiveFault });
  // What is wrong with an archive stands alone.
  const ofArchive = sources.faults.find(isOfArchive);
  if (ofArchive !== undefined) return { fault: `load error: ${ofArchive}` };
  if (sources.faults.length > 0) return { fault: `load error: ${errorText(faultItems(sources.faults), true)}` };
  if (sources.bundleFault !== undefined) {
    const { message } = sources.bundleFault;
    return { fault: message.startsWith("bundle activation") ? mergeFault(sources) : `load error: ${message}` };
  }
  const verification = verificationOf(call);
  for (const bundle of sources.bundles) {
    const unverified = verificationFault(bundle, verification);
    if (unverified !== undefined) return { fault: `load error: bundle ${bundle.name}: ${unverified}` };
  }
  return sources;
}

/** Of folders that are not loaded as the bundles that they look like. */
function warnOfManifests({ io, positionals, ...call }: Invocation): void {
  if (call.on("bundle")) return;
  for (const path of positionals) {
    if (io.kind(join(path, ".manifest")) === undefined) continue;
    const name = JSON.stringify(path);
    io.err(`Warning: .manifest file found in ${name} but -b flag not specified. Manifest will be ignored.\n`);
  }
}

function isOfArchive(fault: LoadFault): boolean {
  return typeof fault === "string" && /^bundle .+\.tar\.gz: /u.test(fault);
}

function verificationOf(call: Invocation): VerificationOptions | undefined {
  const given = call.flag("verification-key");
  if (given === undefined) return undefined;
  return {
    key: keyText(call, given),
    algorithm: call.flag("signing-alg")!,
    scope: call.flag("scope") ?? "",
    exclude: call.all("exclude-files-verify"),
  };
}

function mergeFault({ bundles }: Sources): string {
  const [a, b] = bundles;
  return `bundle merge failed: manifest has overlapped roots: '${a?.roots[0] ?? ""}' and '${b?.roots[0] ?? ""}'`;
}
