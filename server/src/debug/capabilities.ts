// What the debugger can do, as a client is told, and at which errors it can stop.

type Exception = "builtin" | "error" | "undefined";
export const exceptionFilters: readonly {
  readonly filter: Exception | "fail";
  readonly label: string;
  readonly default: boolean;
  readonly description: string;
}[] = [
  {
    filter: "error",
    label: "Errors that end the evaluation",
    default: true,
    description: "Conflicts, and errors of builtins where they are fatal",
  },
  { filter: "builtin", label: "Errors of builtins", default: false, description: "A builtin gives no value and says why" },
  { filter: "undefined", label: "Undefined results", default: false, description: "The query has no solution at the end" },
  { filter: "fail", label: "Failing expressions", default: false, description: "Every expression that does not hold" },
];

export const capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsDataBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsStepBack: true,
  supportsSteppingGranularity: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsRestartFrame: true,
  supportsGotoTargetsRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ["."],
  supportsExceptionInfoRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsTerminateRequest: true,
  supportsClipboardContext: true,
  exceptionBreakpointFilters: exceptionFilters,
};
