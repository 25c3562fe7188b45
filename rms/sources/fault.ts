// Why a source cannot be read: thrown while it is, and told by the run.

/** The message is for the people who run the source; it never holds a secret. */
export class SourceFault extends Error {}
