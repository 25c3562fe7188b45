// The list of commands, in the order of the help text.
import type { Command } from "../command.ts";
import { access } from "./access.ts";
import { activations } from "./activations.ts";
import { bench } from "./bench.ts";
import { build } from "./build.ts";
import { capabilities } from "./capabilities.ts";
import { check } from "./check.ts";
import { decide } from "./decide.ts";
import { deps } from "./deps.ts";
import { diff } from "./diff.ts";
import { evaluate } from "./eval.ts";
import { exec } from "./exec.ts";
import { fmt } from "./fmt.ts";
import { hocon } from "./hocon.ts";
import { inspect } from "./inspect.ts";
import { parse } from "./parse.ts";
import { lsp, serve } from "./programs.ts";
import { promote } from "./promote.ts";
import { publish } from "./publish.ts";
import { pull } from "./pull.ts";
import { roles } from "./roles.ts";
import { rollback } from "./rollback.ts";
import { samples } from "./samples.ts";
import { test } from "./test.ts";
import { version } from "./version.ts";

export const commands: readonly Command[] = [
  check,
  evaluate,
  test,
  bench,
  exec,
  samples,
  build,
  inspect,
  deps,
  capabilities,
  fmt,
  parse,
  hocon,
  publish,
  diff,
  promote,
  rollback,
  activations,
  decide,
  access,
  pull,
  roles,
  serve,
  lsp,
  version,
];
