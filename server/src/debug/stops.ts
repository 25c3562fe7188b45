// What a client is told when the debugger stands still.
import type { Breakpoint } from "#features/debug/breakpoints.ts";
import type { Halt } from "#features/debug/debugger.ts";

export function stopBody({ why, text, hit = [] }: Halt, breakpoints: readonly Breakpoint[]): object {
  const more = text === undefined ? {} : { text };
  switch (why) {
    case "entry":
      return { reason: "entry" };
    case "step":
      return { reason: "step" };
    case "goto":
      return { reason: "goto" };
    case "restart":
      return { reason: "restart", ...(text === undefined ? {} : { description: text }) };
    case "exception":
      return { reason: "exception", description: text ?? "error", ...more };
    case "failure":
      return { reason: "step", description: "Paused where an expression fails", ...more };
    case "result":
      return { reason: "step", description: "Paused at a result" };
    case "breakpoint": {
      const kinds = new Set(breakpoints.filter(({ id }) => hit.includes(id)).map(({ kind }) => kind));
      const reason = kinds.has("line") ? "breakpoint" : kinds.has("rule") ? "function breakpoint" : "data breakpoint";
      return { reason, hitBreakpointIds: hit };
    }
    case "end":
      return { reason: "pause" };
  }
}
