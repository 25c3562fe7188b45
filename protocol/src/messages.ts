// The requests and notifications that LSP does not have. Every field is optional knowledge for a client; each has a command that works without.
// Positions are LSP's (line and character from 0, in the encoding agreed at `initialize`).

export * from "./evaluate.ts";
export * from "./hocon.ts";
export * from "./host.ts";
export * from "./live.ts";
export * from "./making.ts";
export * from "./matrix.ts";
export * from "./places.ts";
export * from "./recording.ts";
export * from "./samples.ts";
export * from "./tests.ts";
export * from "./why.ts";
