// The formats that the runner knows; a file belongs to the first that recognises it.
import type { Format } from "../format.ts";
import { hocon } from "./hocon.ts";
import { regoFormats } from "./rego.ts";

export const formats: readonly Format[] = [...regoFormats, hocon];
