// Records mocks: the requests of http.send that a sample leads to and no mock answers are really sent, to hosts that somebody agreed to, and
// the replies are written to the file of `mocks.http`.
import type { HttpRequest } from "#evaluation/builtins/builtin.ts";
import { type Mocks, noMocks } from "#evaluation/mocks.ts";
import { liveQuestions } from "#features/live.ts";
import { type Reply, recordedEntry, withoutSecrets } from "#features/recorded-replies.ts";
import { mockEdits } from "#features/unmocked-calls.ts";
import type * as messages from "#protocol/messages.ts";
import { mockedRequests } from "#workspace/mocked-requests.ts";
import type { Project } from "#workspace/project.ts";
import { bufferFile } from "#workspace/source-file.ts";
import type { Asking } from "../asking.ts";
import { reasonOf } from "../evaluator.ts";
import type { ChosenInput, Inputs } from "../inputs.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { placeOf } from "./asked-place.ts";

/** Milliseconds of an evaluation, and of one reply. */
const patience = 10_000;
/** A reply can lead to further requests, so often. */
const mostRounds = 10;
const mostRequests = 100;
const mostRedirects = 10;

export function recordMocksRequest(session: Session, asking: Asking, inputs: Inputs) {
  return async (params: messages.RecordMocksParams, cancellation?: Cancellation): Promise<messages.RecordMocksResult> => {
    if (!session.settings.trusted) return { problem: "requests are sent in a trusted workspace only" };
    const { project, path, file } = await placeOf(session, params.uri);
    const input = inputs.of(project, path);
    if (input.problem !== undefined) return { problem: input.problem };
    const asked = file?.kind === "rego" ? liveQuestions(project, file).map((one) => one.path) : project.entrypoints;
    if (asked.length === 0) return { problem: "no rule is asked here: open a policy" };
    const abort = new AbortController();
    cancellation?.onCancel(() => abort.abort());
    const run = new Recording(session, asking, { project, input, asked, hosts: new Set(params.hosts), signal: abort.signal });
    try {
      const open = await run.record();
      if (abort.signal.aborted) throw new RequestError("the recording was cancelled", codes.requestCancelled);
      const { entries, left } = run;
      if (entries.length > 0 && !(await write(session, project, input, entries)))
        return { problem: "the mocks could not be written: nothing was changed" };
      return {
        sample: input.name ?? "no input",
        requests: open.map((request) => `${request.method || "GET"} ${withoutSecrets(request.url)}`),
        hosts: [...new Set(open.map(({ url }) => hostOf(url)))],
        recorded: entries.length,
        left,
      };
    } catch (error) {
      if (error instanceof RequestError || abort.signal.aborted)
        throw new RequestError("the recording was cancelled", codes.requestCancelled);
      return { problem: reasonOf(error, project.root) };
    }
  };
}

interface Asked {
  readonly project: Project;
  readonly input: ChosenInput;
  readonly asked: readonly string[];
  readonly hosts: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

class Recording {
  readonly #session: Session;
  readonly #asking: Asking;
  readonly #asked: Asked;
  readonly entries: object[] = [];
  /** Why replies are not written. */
  readonly left: string[] = [];
  /** Requests that are not sent again. */
  readonly #done = new Set<string>();

  constructor(session: Session, asking: Asking, asked: Asked) {
    this.#session = session;
    this.#asking = asking;
    this.#asked = asked;
  }

  /** Sends what may be sent, until nothing new comes; gives the requests to other hosts. */
  async record(): Promise<readonly HttpRequest[]> {
    const { hosts, signal } = this.#asked;
    for (let round = 0; round < mostRounds; round++) {
      const open = (await this.#missing()).filter((request) => !this.#done.has(keyOf(request)));
      const allowed = open.filter(({ url }) => hosts.has(hostOf(url)));
      if (allowed.length === 0 || this.#done.size >= mostRequests) return open;
      for (const request of allowed) {
        this.#done.add(keyOf(request));
        const found = await this.#reply(request);
        if (signal.aborted) return [];
        if ("entry" in found) this.entries.push(found.entry);
        else this.left.push(found.problem);
      }
    }
    return [];
  }

  /** The requests that no mock answers, with those that were recorded before. */
  async #missing(): Promise<readonly HttpRequest[]> {
    const { project, input, asked, signal } = this.#asked;
    const before = project.configuration.mocks(input.profile) ?? noMocks;
    const text = JSON.stringify(this.entries);
    const recorded = mockedRequests(bufferFile("recorded.json", text, 0, "json"), text).answers;
    const mocks: Mocks = { ...before, http: [...before.http, ...recorded] };
    const questions = asked.map((path) => ({ path, input: input.json, profile: input.profile, mocks }));
    const running = this.#asking.ask(project, questions, patience);
    const stop = (): void => running.stop();
    signal.addEventListener("abort", stop, { once: true });
    const { answers } = await running.answer;
    signal.removeEventListener("abort", stop);
    const requests = answers.flatMap(({ unmocked = [] }) => unmocked.flatMap(({ request }) => request ?? []));
    return [...new Map(requests.map((request) => [keyOf(request), request])).values()];
  }

  async #reply(request: HttpRequest): Promise<ReturnType<typeof recordedEntry>> {
    try {
      const reply = await this.#send(request, request.url, mostRedirects);
      return "problem" in reply ? reply : recordedEntry(request, reply);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { problem: `${request.method || "GET"} ${withoutSecrets(request.url)}: ${reason}` };
    }
  }

  /** Redirections are followed where the policy wants that, and only to hosts that may be asked. */
  async #send(request: HttpRequest, url: string, redirects: number): Promise<Reply | { readonly problem: string }> {
    const { hosts, signal } = this.#asked;
    const { method, headers, body, followRedirects } = request;
    const response = await this.#session.ports.fetch(url, {
      method: method || "GET",
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      ...(body.length > 0 && !/^(?:GET|HEAD)?$/u.test(method) ? { body: new Uint8Array(body) } : {}),
    });
    const target = response.headers.get("location");
    if (followRedirects && target !== null && response.status >= 300 && response.status < 400 && redirects > 0) {
      const next = new URL(target, url).href;
      if (hosts.has(hostOf(next))) return this.#send(request, next, redirects - 1);
      return { problem: `${method || "GET"} ${withoutSecrets(url)}: it leads to ${hostOf(next)}, which was not agreed to` };
    }
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      body: await response.text(),
    };
  }
}

async function write(session: Session, project: Project, { profile }: ChosenInput, entries: readonly object[]): Promise<boolean> {
  const edits = mockEdits(project, entries, profile);
  if (edits === undefined) return false;
  const label = "Record mocks";
  const edit = workspaceEdit(session, edits);
  const { applied } = (await session.connection.request("workspace/applyEdit", { label, edit })) as { readonly applied: boolean };
  return applied;
}

/** Empty for what is no address. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

function keyOf({ method, url, body }: HttpRequest): string {
  return `${method} ${url} ${new TextDecoder().decode(body)}`;
}
