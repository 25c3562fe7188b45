// Times as the store keeps them (seconds, microseconds since 1970) and as answers tell them (RFC 3339).
export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
export const micros = (date: Date): number => date.getTime() * 1000;

/** Seconds since 1970 as RFC 3339. */
export const timeText = (at: number): string => new Date(at * 1000).toISOString();

/** Microseconds since 1970 as RFC 3339. */
export const microsText = (at: number): string => new Date(at / 1000).toISOString();
