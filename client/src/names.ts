// The one place that knows what the product is called.
export const productName = "Rulewright";
export const prefix = "rw";
export const decisionScheme = "rw-decision";
export const libraryScheme = "rw-library";
export const errorScheme = "rw-error";
/** Of the addresses that files name their schemas by. */
export const schemaScheme = "rw";
export const resolvedScheme = "rw-resolved";
export const bundleScheme = "rw-bundle";
/** VS Code's name for the secret that holds the token of one RMS address. */
export const tokenKey = (url: string): string => `rw.rms.token:${url}`;
/** The type of debug sessions, as launch files name it. */
export const debugType = "opa-debug";
