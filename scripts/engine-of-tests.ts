// V8's flags of test processes, set before their threads begin: changed later they could end the process.
import { setFlagsFromString } from "node:v8";

// With Sparkplug the collector can end the whole process by SIGSEGV (nodejs/node#62393).
setFlagsFromString("--no-sparkplug");
setFlagsFromString("--expose-gc");
