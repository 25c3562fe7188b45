// Entry of the runtime: the ABI, what generated code calls, and the native builtins' shared ground. Builtin families are
// further entries, found by the build in builtins/.

export * from "./abi";
export * from "./generated-code";
export { rt_base_lookup } from "./base-document";
export { base_document, rt_merge, rt_whole, rt_with } from "./path";
export { unusual_spellings } from "./number";
export { heap_base, heap_ptr } from "./memory";
export { call_site, rw_first_error, rw_host_error, rw_set_strict, rw_call_site } from "./failure";
