// Where RMS is and who calls: flags, then the environment, then rw.conf. The token comes from a file or the environment, never from a flag.
import { type Fetch, RmsClient } from "#publishing/rms-client.ts";
import type { Project } from "#workspace/project.ts";
import type { Flag, Invocation } from "./command.ts";
import type { Io } from "./io.ts";
import { projectFolders } from "./project.ts";

export const rmsFlags: readonly Flag[] = [
  { name: "rms", kind: "string", placeholder: "url", help: "address of RMS (RMS_URL, rw.conf rms.url)" },
  {
    name: "token-file",
    kind: "string",
    placeholder: "path",
    help: "file with the token (or RMS_TOKEN_FILE, or the token itself in RMS_TOKEN)",
  },
  { name: "domain", kind: "string", placeholder: "id", help: "domain (rw.conf rms.domain)" },
  { name: "policy", kind: "string", placeholder: "id", help: "policy (rw.conf rms.policy)" },
];

/** Flags of a question about another time. */
export const momentFlags: readonly Flag[] = [
  { name: "at", kind: "time", help: "as it was at this time, such as 2026-03-02T12:00:00Z" },
  { name: "known-at", kind: "time", help: "with what was known at this time (now)" },
];

export interface Target {
  readonly client: RmsClient;
  readonly domain: string;
  readonly policy: string;
}

/** Milliseconds that one answer of RMS may take, as in the editor. */
const patience = 30_000;

/** Asks with a bounded time for each answer; `stop` gives up waiting for it. */
const asking =
  (stop?: () => AbortSignal | undefined): Fetch =>
  (url, init) => {
    const signals = [init.signal, stop?.(), AbortSignal.timeout(patience)].filter((one) => one !== undefined);
    return fetch(url, { ...(init as RequestInit), signal: AbortSignal.any(signals) });
  };

/** The target, or the sentence that says what is missing; `stop` gives up waiting for RMS. */
export function rmsTarget(
  { io, flag }: Invocation,
  project: Project | undefined,
  stop?: () => AbortSignal | undefined,
): Target | { readonly fault: string } {
  const configured = project?.config.rms;
  const url = flag("rms") ?? io.env["RMS_URL"] ?? configured?.url;
  const domain = flag("domain") ?? configured?.domain;
  const policy = flag("policy") ?? configured?.policy ?? "main";
  if (url === undefined) return { fault: `the address of RMS is missing: ${whereItCouldBe(project, io)}` };
  if (!/^https?:\/\/[^/\s]+\/?$/.test(url)) return { fault: `${url} is no address: it must be like https://rms.example` };
  if (domain === undefined) return { fault: "the domain is missing: give --domain ID, or rms.domain in rw.conf" };
  const tokenFile = flag("token-file") ?? io.env["RMS_TOKEN_FILE"];
  if (tokenFile !== undefined && io.kind(tokenFile) !== "file") return { fault: `the token file ${tokenFile} is not there` };
  const token = tokenFile === undefined ? io.env["RMS_TOKEN"] : new TextDecoder().decode(io.readFile(tokenFile)).trim();
  if (token === "" && tokenFile !== undefined) return { fault: `the token file ${tokenFile} is empty` };
  if (token === undefined || token === "") return { fault: "a token is missing: give --token-file FILE, or set RMS_TOKEN" };
  return { client: new RmsClient({ url, token }, asking(stop)), domain, policy };
}

/** How many of the projects below a folder a message names. */
const shownFolders = 5;

/** Who stands beside the project, not in it, is told so. */
function whereItCouldBe(project: Project | undefined, io: Io): string {
  if (project === undefined || project.find(`${project.root}/rw.conf`) !== undefined)
    return "give --rms URL, or rms.url in rw.conf";
  const below = projectFolders(project.root, io).slice(1);
  if (below.length === 0) return `give --rms URL, or write rms.url into a rw.conf in ${project.root}`;
  const names = below.slice(0, shownFolders).map((path) => path.slice(project.root.length + 1));
  if (below.length > shownFolders) names.push(`and ${below.length - shownFolders} more`);
  return `${project.root} has no rw.conf; name the folder of the project (${names.join(", ")}), or give --rms URL`;
}
