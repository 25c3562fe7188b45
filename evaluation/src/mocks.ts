// What answers a policy in place of the world, so that two evaluations come to the same: as data that may go to another thread.
import { type HostPorts, type HttpRequest, NeedsMock } from "./builtins/builtin.ts";
import type { EvaluateOptions } from "./instance.ts";
import { type RecordedAnswer, recordedAnswer } from "./recorded-http.ts";
import { readRegoText } from "./rego-text.ts";
import type { SourcePlace } from "./source-place.ts";

export interface Mocks {
  /** Nanoseconds since 1970; the clock goes on where it is undefined. */
  readonly clock?: bigint;
  /** Of `rand.intn` and `uuid.rfc4122`. */
  readonly seed?: number;
  /** What `http.send` gets: the first that fits. */
  readonly http: readonly RecordedAnswer[];
  /** The addresses of names, by name. */
  readonly lookups: ReadonlyMap<string, readonly string[]>;
  /** What `opa.runtime` gives, as JSON text. */
  readonly runtime?: string;
}

/** Where nothing is mocked and nothing is granted. */
export const noMocks: Mocks = { http: [], lookups: new Map() };

/** A call that no mock answered. */
export interface Unmocked {
  readonly builtin: string;
  /** What was asked: `GET https://example.com/`. */
  readonly wanted: string;
  readonly place: SourcePlace | undefined;
  /** Of `http.send`. */
  readonly request?: HttpRequest;
}

/** So many calls without a mock are told of one evaluation. */
const most = 100;

/** The seed where no mock says one. */
const plainSeed = 1;

/** How an evaluation is asked in a world of mocks and nothing else, and the calls that none answered, each once; `now` is the time unless they say it. */
export function mockedEvaluation(
  mocks: Mocks = noMocks,
  now: bigint,
): { readonly options: Pick<EvaluateOptions, "now" | "seed" | "ports">; readonly unmocked: readonly Unmocked[] } {
  const { ports, unmocked } = mockedWorld(mocks);
  return { options: { now: mocks.clock ?? now, seed: mocks.seed ?? plainSeed, ports }, unmocked };
}

/** The world of one evaluation: mocks and nothing else; `unmocked` fills with the calls that none answered, each once. */
export function mockedWorld({ http, lookups, runtime }: Mocks): { readonly ports: HostPorts; readonly unmocked: Unmocked[] } {
  const unmocked: Unmocked[] = [];
  const ports: HostPorts = {
    runtime: () => {
      if (runtime === undefined) throw new NeedsMock("opa.runtime", "its value");
      return readRegoText(runtime);
    },
    lookup: (name) => {
      const addresses = lookups.get(name);
      if (addresses === undefined) throw new NeedsMock("net.lookup_ip_addr", name);
      return { addresses };
    },
    http: (request) => {
      const answer = recordedAnswer(http, request);
      if (answer === undefined) throw new NeedsMock("http.send", `${request.method || "GET"} ${request.url}`, request);
      return answer;
    },
    unmocked: ({ builtin, wanted, request }, place) => {
      const isTold = unmocked.some(
        (other) => other.wanted === wanted && other.place?.file === place?.file && other.place?.row === place?.row,
      );
      if (isTold || unmocked.length >= most) return;
      unmocked.push({ builtin, wanted, place, ...(request === undefined ? {} : { request }) });
    },
  };
  return { ports, unmocked };
}
