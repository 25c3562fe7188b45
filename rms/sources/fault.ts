// Why a source cannot be read: thrown while it is, and told by the run.

const longest = 1000;

/** The message is for the people who run the source; it never holds a secret. */
export class SourceFault extends Error {
  /** What a service or a file says may stand in it, and be of any length. */
  constructor(message: string) {
    super(message.length > longest ? `${message.slice(0, longest)}…` : message);
  }
}
