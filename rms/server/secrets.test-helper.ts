// What no log may hold, whatever a suite does: texts of tokens, and private keys.

const secrets = /rms_[A-Za-z0-9_-]{24,}|Bearer \S+|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Throws when a log holds a secret: one of RMS's own making, or one of these. */
export function demandNoSecrets(log: string, own: readonly string[]): void {
  const found = own.some((secret) => log.includes(secret)) || secrets.test(log.replaceAll(/rms_[a-z_]+/g, ""));
  if (found) throw new Error("the log of RMS holds a secret");
}
