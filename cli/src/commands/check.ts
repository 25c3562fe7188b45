// `rw check`: syntax, compile and type errors of policies, as `opa check` reports them.

import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Capabilities } from "#analysis/rego/capabilities.ts";
import { checkModules } from "#analysis/rego/check.ts";
import { schemaFault } from "#evaluation/builtins/json-schema/index.ts";
import { checkConfigs } from "../check-config.ts";
import { type CheckLoading, type CheckSources, loadBundles, loadPolicies } from "../check-load.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { type ErrorItem, errorItems, errorText, goJson, jsonItems, parserText, unreadMetadata } from "../errors.ts";
import {
  bothVersionsFlag,
  bundleFlag,
  capabilitiesFlag,
  faultItems,
  ignoreFlag,
  maxErrorsFlag,
  namedCapabilities,
  namedSchemas,
  schemaFlag,
  v0Flag,
  v1Flag,
} from "../load-flags.ts";
import { report } from "../reports.ts";

export const check: Command = {
  name: "check",
  usage: "check <path> [path [...]] [flags]",
  summary: "Check policies for syntax, compile and type errors",
  flags: [
    bundleFlag,
    capabilitiesFlag,
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["pretty", "json", "sarif", "github", "junit"],
      default: "pretty",
      help: "set output format",
    },
    ignoreFlag,
    maxErrorsFlag,
    schemaFlag,
    { name: "strict", short: "S", kind: "boolean", help: "enable compiler strict mode" },
    v0Flag,
    bothVersionsFlag("check for Rego v0 and v1 compatibility (policies must be compatible with both Rego versions)"),
    v1Flag,
  ],
  run: async (call) => {
    if (call.positionals.length === 0) {
      call.io.err(usageError(check, "specify at least one file"));
      return 1;
    }
    const { items, text } = findings(call, namedCapabilities(call));
    const format = call.flag("format");
    switch (format) {
      case "json":
        // Like OPA, nothing where nothing is wrong.
        if (items.length > 0) call.io.err(`${goJson({ errors: jsonItems(items) })}\n`);
        break;
      case "sarif":
      case "github":
      case "junit":
        call.io.out(report(format, items));
        break;
      default:
        if (items.length > 0) call.io.err(text);
    }
    return items.length === 0 ? 0 : 1;
  },
};

interface Findings {
  readonly items: readonly ErrorItem[];
  /** As `--format pretty` prints them. */
  readonly text: string;
}

function findings(call: Invocation, capabilities: Capabilities | undefined): Findings {
  const { io } = call;
  const builtins = capabilities?.builtins ?? builtinsByName();
  const schemas = namedSchemas(call);
  if (schemas !== undefined && "fault" in schemas) return failed([{ message: schemas.fault }], true);
  const alsoV1 = call.on("v0-v1");
  const loading = {
    ignore: call.all("ignore"),
    version: alsoV1 || call.on("v0-compatible") ? ("v0" as const) : ("v1" as const),
    alsoV1,
    ...(capabilities === undefined ? {} : { language: capabilities }),
  };
  const bundle = call.on("bundle");
  const sources = bundle ? loadBundles(call.positionals, loading, io) : loadPolicies(call.positionals, loading, io);
  const configs = checkConfigs(sources.configs, io);
  if (call.flag("format") === "pretty") for (const told of configs.warnings) io.err(`warning: ${told}\n`);
  const found = findingsOf(call, sources, { loading, bundle, builtins, schemas });
  return configs.items.length === 0 ? found : failed([...configs.items, ...found.items], false);
}

interface Checking {
  readonly loading: CheckLoading;
  readonly bundle: boolean;
  readonly builtins: Capabilities["builtins"];
  readonly schemas: { readonly schemas: ReadonlyMap<string, unknown> } | undefined;
}

/** What is wrong in the policies. */
function findingsOf(call: Invocation, sources: CheckSources, { loading, bundle, builtins, schemas }: Checking): Findings {
  if (sources.faults.length > 0) {
    const items = faultItems(sources.faults);
    if (sources.brokenBundle !== undefined) return { items, text: `bundle ${sources.brokenBundle}: ${parserText(items)}` };
    if (bundle) return { items, text: `${items.map(({ message }) => message).join("\n")}\n` };
    return failed(items, true);
  }
  const checked = checkModules(sources.modules, {
    strict: call.on("strict"),
    annotations: true,
    printing: true,
    maxErrors: call.number("max-errors") ?? 10,
    builtins,
    ...(loading.language === undefined ? {} : { language: loading.language }),
    ...(sources.hasData === undefined ? {} : { hasData: sources.hasData }),
    ...(schemas === undefined ? {} : { schemas: schemas.schemas }),
    schemaFault,
  });
  const unread = unreadMetadata(checked.diagnostics);
  if (unread.length > 0) return failed(errorItems(unread, sources.modules), true);
  return failed(errorItems(checked.diagnostics, sources.modules), false);
}

function failed(items: readonly ErrorItem[], loading: boolean): Findings {
  return { items, text: errorText(items, loading) };
}
