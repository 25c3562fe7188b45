// Counters and gauges in Prometheus's text format.

type Labels = Readonly<Record<string, string>>;

interface Described {
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
}

/** What there is to know of a running RMS; a metric that is not here is not printed. */
const described: Readonly<Record<string, Described>> = {
  rms_requests_total: {
    type: "counter",
    help: "Requests answered, by route and status; 304 of the bundle route are polls without news",
  },
  rms_request_seconds: { type: "summary", help: "Time to answer, of polls with their hold" },
  rms_polls_open: { type: "gauge", help: "Long polls that wait" },
  rms_builds_total: { type: "counter", help: "Bundles built" },
  rms_build_seconds: { type: "summary", help: "Time to build a bundle, waiting included" },
  rms_queue_length: { type: "gauge", help: "Jobs that run or wait" },
  rms_queue_age_seconds: { type: "gauge", help: "How long the oldest job waits or runs" },
  rms_data_age_seconds: { type: "gauge", help: "Age of the data in the stamp in force" },
  rms_data_age_seconds_max: { type: "gauge", help: "The greatest age of a domain's data" },
  rms_source_syncs_total: { type: "counter", help: "Syncs of sources of people by their result" },
  rms_hook_messages_total: { type: "counter", help: "Messages to hooks by whether they were taken" },
  rms_source_age_seconds: { type: "gauge", help: "Age of what a source of people says: since its last good read began" },
  rms_source_ok: { type: "gauge", help: "1 where the last sync of a source was good, 0 where it failed or was refused" },
  rms_instances: { type: "gauge", help: "Sidecars by what they report" },
  rms_activations_total: { type: "counter", help: "Reports of a sidecar that runs another revision than before" },
  rms_activation_seconds: { type: "summary", help: "From a build that a channel serves to the report of a sidecar that runs it" },
  rms_activation_failures_total: {
    type: "counter",
    help: "Reports of a sidecar that refuses a bundle, the first of each refusal",
  },
  rms_status_dropped_total: { type: "counter", help: "Reports on bundles that their token may not speak for" },
  rms_decision_log_refused_total: { type: "counter", help: "Logged decisions that cannot be kept" },
  rms_decision_log_sampled_total: {
    type: "counter",
    help: "Logged decisions left out because their domain's quota of the day is used up",
  },
  rms_audit_head: { type: "gauge", help: "Number of the last audit event" },
  rms_store_transaction_seconds: { type: "summary", help: "Time of a writing transaction, waiting included" },
};

/** One series of a metric, to be counted without a search for it. */
export interface Counter {
  value: number;
}

export class Metrics {
  private readonly values = new Map<string, Map<string, Counter>>();

  /** The series with these labels, from 0. */
  counter(name: string, labels: Labels = {}): Counter {
    const series = this.values.get(name) ?? new Map<string, Counter>();
    this.values.set(name, series);
    const key = printed(labels);
    const counter = series.get(key) ?? { value: 0 };
    series.set(key, counter);
    return counter;
  }

  /** Adds to a counter. */
  add(name: string, labels: Labels = {}, amount = 1): void {
    this.counter(name, labels).value += amount;
  }

  /** Sets a gauge. */
  set(name: string, value: number, labels: Labels = {}): void {
    this.counter(name, labels).value = value;
  }

  /** Forgets a gauge before it is set anew. */
  clear(name: string): void {
    this.values.delete(name);
  }

  /** Notes how long something took. */
  took(name: string, seconds: number, labels: Labels = {}): void {
    this.add(`${name}_sum`, labels, seconds);
    this.add(`${name}_count`, labels);
  }

  print(): string {
    return Object.entries(described)
      .map(([name, { type, help }]) => {
        const lines = (type === "summary" ? ["_sum", "_count"] : [""]).flatMap((end) =>
          [...(this.values.get(name + end) ?? [])].map(([labels, { value }]) => `${name}${end}${labels} ${value}\n`),
        );
        return lines.length === 0 ? "" : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
      })
      .join("");
  }
}

function printed(labels: Labels): string {
  const text = Object.entries(labels)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",");
  return text === "" ? "" : `{${text}}`;
}
