// `rw sign`: the signatures file of a bundle that is there already.

import { bundleFiles } from "../bundle-load.ts";
import { signatureFile } from "../bundle-sign.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { systemFault } from "../io.ts";
import { bundleFlag } from "../load-flags.ts";
import { join } from "../load-parts.ts";
import {
  algorithmFlag,
  claimsFlag,
  givenKey,
  keyFlag,
  keyMissing,
  pluginFlag,
  signingFault,
  signingOptions,
} from "../signing-flags.ts";

export const sign: Command = {
  name: "sign",
  usage: "sign <path> [<path> [...]] [flags]",
  summary: "Generate an OPA bundle signature.",
  details: `
Writes .signatures.json: one JSON Web Token over the names and hashes of all files of the bundle. Put it at the root of the bundle,
beside its manifest; OPA and \`rw build --verification-key\` refuse the bundle when a file is another one.

    $ cd bundle && rw sign --signing-key ../private.pem --bundle .
    $ rw sign --signing-alg HS256 --signing-key secret --bundle bundle.tar.gz --output-file-path out
`,
  flags: [
    bundleFlag,
    claimsFlag,
    {
      name: "output-file-path",
      short: "o",
      kind: "string",
      default: ".",
      help: "set the location for the .signatures.json file",
    },
    algorithmFlag,
    keyFlag,
    pluginFlag,
  ],
  run: async (call) => {
    const misused = misuse(call);
    if (misused !== undefined) {
      call.io.err(usageError(sign, misused));
      return 1;
    }
    const fault = writeSignatures(call);
    // Faults come on standard output, as OPA has it.
    if (fault !== undefined) call.io.out(`error: ${fault}\n`);
    return fault === undefined ? 0 : 1;
  },
};

function misuse(call: Invocation): string | undefined {
  if (call.positionals.length === 0) return "specify atleast one path containing policy and/or data files";
  if (givenKey(call) === undefined) return keyMissing;
  return call.on("bundle") ? undefined : "enable bundle mode (ie. --bundle) to sign bundle files or directories";
}

/** The fault otherwise. */
function writeSignatures(call: Invocation): string | undefined {
  const { io } = call;
  const files = [];
  for (const path of call.positionals) {
    const read = bundleFiles(path, [], io);
    if ("unread" in read) return read.unread;
    if ("fault" in read) return read.fault;
    const isFolder = io.kind(path) === "folder";
    for (const { path: inner, bytes } of read.files)
      if (!/(?:^|\/)\.signatures\.json$/u.test(inner)) files.push({ name: isFolder ? read.show(inner) : inner, bytes });
  }
  const unsigned = signingFault(call);
  if (unsigned !== undefined) return unsigned;
  const options = signingOptions(call, givenKey(call)!, new Map());
  if ("fault" in options) return options.fault;
  const signed = signatureFile(files, options);
  if ("fault" in signed) return signed.fault;
  const output = join(call.flag("output-file-path")!, ".signatures.json");
  try {
    io.writeFile(output, signed.file.bytes);
  } catch (error) {
    return systemFault(error, output) ?? String(error);
  }
  return undefined;
}
