// The list of commands, in the order of the help text.
import type { Command } from "../command.ts";
import { lsp, serve } from "./programs.ts";
import { publish } from "./publish.ts";
import { roles } from "./roles.ts";
import { samples } from "./samples.ts";
import { version } from "./version.ts";

export const commands: readonly Command[] = [samples, publish, roles, serve, lsp, version];
