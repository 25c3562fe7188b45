// What `rw exec` takes of OPA's configuration: the decision that is asked for. Policies that would come from a service are refused.
import type { Flag, Invocation } from "./command.ts";
import { readDocument } from "./documents.ts";

export const configFlags: readonly Flag[] = [
  {
    name: "config-file",
    short: "c",
    kind: "string",
    help: "set path of configuration file; its default_decision is read, services are not asked",
  },
  { name: "set", kind: "list", help: "override config values on the command line (use commas to specify multiple values)" },
  {
    name: "set-file",
    kind: "list",
    help: "override config values with files on the command line (use commas to specify multiple values)",
  },
];

/** Members of a configuration that bring policies or data from elsewhere. */
const fetching = ["bundle", "bundles", "discovery"] as const;

/** The decision that the configuration names, if it names one. */
export function configuredDecision(call: Invocation): { readonly decision: string | undefined } | { readonly fault: string } {
  const failed = (why: string): { readonly fault: string } => ({ fault: `config error: ${why}` });
  const values: Record<string, unknown> = {};
  const path = call.flag("config-file");
  if (path !== undefined) {
    if (call.io.kind(path) !== "file") return failed(`open ${path}: no such file or directory`);
    const read = readDocument(path, call.io);
    if ("fault" in read) return failed(read.fault);
    const config: unknown = JSON.parse(read.json);
    if (typeof config !== "object" || config === null || Array.isArray(config)) return failed(`${path}: not an object`);
    Object.assign(values, config);
  }
  for (const flag of ["set", "set-file"] as const)
    for (const one of call.all(flag)) {
      const at = one.indexOf("=");
      if (at < 0) return failed(`failed parsing --${flag} data: key ${JSON.stringify(one)} has no value`);
      const [name, value] = [one.slice(0, at), one.slice(at + 1)];
      if (flag === "set") values[name] = value;
      else if (call.io.kind(value) !== "file") return failed(`open ${value}: no such file or directory`);
      else values[name] = new TextDecoder().decode(call.io.readFile(value)).trimEnd();
    }
  const foreign = Object.keys(values).find((key) => fetching.some((name) => key === name || key.startsWith(`${name}.`)));
  if (foreign !== undefined) return failed(`${foreign}: nothing is fetched here, name bundles with --bundle`);
  const decision = values["default_decision"];
  return { decision: typeof decision === "string" ? decision : undefined };
}
