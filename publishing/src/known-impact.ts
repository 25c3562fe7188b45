// Who gains and who loses by a version, as RMS tells of it.

export interface AffectedPeople {
  readonly people: number;
  /** The first hundred of them. */
  readonly subjects: readonly {
    readonly subject: string;
    readonly roles: readonly string[];
    readonly requests: readonly string[];
  }[];
}

export interface KnownImpact {
  readonly channel: string;
  /** The version that the channel serves. */
  readonly against: string;
  readonly entrypoint: string;
  /** All that decided; an earlier RMS asks the first alone. */
  readonly entrypoints?: readonly string[];
  /** Those that keep people out where they say anything: who is let alone gains. */
  readonly refusals?: readonly string[];
  /** Whether everybody was decided for, or people of equal roles together. */
  readonly basis: "each" | "roles";
  readonly people: number;
  readonly evaluations: number;
  readonly requests: readonly {
    readonly name: string;
    readonly place: string;
    readonly gained: number;
    readonly lost: number;
    readonly changed: number;
    readonly failed: number;
    readonly covered: number;
  }[];
  readonly withoutSubject: readonly string[];
  /** Samples that were served, and that the version has no more. */
  readonly lackingSamples?: readonly string[];
  readonly gained: AffectedPeople;
  readonly lost: AffectedPeople;
  /** Whose decision is another one without a yes that comes or goes; an earlier RMS does not tell. */
  readonly changed?: AffectedPeople;
  /** Those of them of whose decision nobody can tell whether it lets them in; an earlier RMS does not tell. */
  readonly unclear?: AffectedPeople;
  /** Requests that somebody whom RMS does not know may make now, or no longer. */
  readonly strangers: {
    readonly gained: readonly string[];
    readonly lost: readonly string[];
    readonly unknown?: readonly string[];
    readonly changed?: readonly string[];
    readonly unclear?: readonly string[];
  };
  readonly recorded: {
    readonly read: number;
    readonly masked: number;
    readonly gained: number;
    readonly lost: number;
    readonly changed: number;
    readonly shown: readonly { readonly id: string; readonly before: string; readonly after: string }[];
  };
  /** Builtins that read the clock, and are in the policies. */
  readonly clock?: readonly string[];
}

/** What the gate impact said of a version when it was published. */
export interface ImpactVerdict {
  readonly channel: string;
  readonly against: string;
  readonly people: number;
  readonly gained: number;
  readonly lost: number;
  /** Where the policy bounds it. */
  readonly changed?: number;
  /** Of whose decision nobody can tell whether it lets them in, where the policy does not bound that. */
  readonly unclear?: number;
}

/** Who gains and who loses by a published version as of now. */
export interface VersionImpact extends KnownImpact {
  /** Names them for an approval. */
  readonly digest: string;
  /** Where the policy has the gate. */
  readonly gate?: {
    readonly ok: boolean;
    readonly otherwise: "approve" | "refuse";
    readonly exceeds: readonly string[];
    readonly consents: readonly string[];
  };
}

export interface ImpactRequest {
  readonly channel: string;
  readonly version?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly entrypoint?: string;
  readonly subject?: string;
  /** Each input is JSON text; the samples that RMS keeps unless given. */
  readonly requests?: readonly { readonly name: string; readonly input: string }[];
}

/** The body of the question: inputs go as they are written, with all digits of their numbers. */
export function impactBody({ requests, ...rest }: ImpactRequest): string {
  if (requests === undefined) return JSON.stringify(rest);
  const inputs = requests.map(({ name, input }) => `{"name":${JSON.stringify(name)},"input":${input}}`);
  return `${JSON.stringify(rest).slice(0, -1)},"requests":[${inputs.join(",")}]}`;
}
