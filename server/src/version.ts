// The version that the server names at `initialize`.
import manifest from "../../package.json" with { type: "json" };

export const version: string = manifest.version;
