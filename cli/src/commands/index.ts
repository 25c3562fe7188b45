// The list of commands, in the order of the help text.
import type { Command } from "../command.ts";
import { version } from "./version.ts";

export const commands: readonly Command[] = [version];
