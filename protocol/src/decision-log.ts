// The requests about decision logs: what is in one, decided again by the project, and sample inputs made of what was chosen.

/** Client → server: the decisions of a log, each beside what the project decides now. */
export interface DecisionLogParams {
  /** Any file of the project. */
  readonly uri: string;
  /** The log: what OPA sends or prints, or RMS lists; packed or not. */
  readonly log: string;
}
export interface LoggedEvent {
  readonly id: string;
  readonly time: string;
  /** `orders/allow`. */
  readonly path: string;
  /** In one line, shortened. */
  readonly input: string;
  readonly logged: string;
  readonly now: string;
  /** `unclear`: otherwise, but the log does not hold all that the decision was made from. */
  readonly kind: "same" | "changed" | "unclear";
}
export type DecisionLogResult =
  | {
      /** The last ones of the log, those that are decided otherwise first. */
      readonly events: readonly LoggedEvent[];
      /** How many there are in all. */
      readonly all: number;
      /** Lines that are no decision. */
      readonly faults: readonly string[];
    }
  | { readonly problem: string };
export const decisionLog = "rw/decisionLog";

/** Client → server: sample inputs of logged decisions, with what was decided as what is expected. */
export interface LogSamplesParams extends DecisionLogParams {
  readonly ids: readonly string[];
  /** JSON pointers of the input that are written as `***`, beside what the log hides: `/input/user/email`. */
  readonly masks: readonly string[];
}
export type LogSamplesResult =
  /** New files of the folder of sample inputs, and their texts. */
  { readonly files: readonly { readonly uri: string; readonly text: string }[] } | { readonly problem: string };
export const logSamples = "rw/logSamples";
