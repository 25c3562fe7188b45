// Long polls and what wakes them.
/** Long polls that wait for a domain to change. */
export class Waiters {
  private readonly byDomain = new Map<string, Set<() => void>>();
  private count = 0;

  get open(): number {
    return this.count;
  }

  openOf(domain: string): number {
    return this.byDomain.get(domain)?.size ?? 0;
  }

  /** Resolves at the domain's next change, or after the time; `cancel` ends the wait at once. */
  wait(domain: string, ms: number, cancel: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.byDomain.get(domain) ?? new Set();
      this.byDomain.set(domain, waiting);
      this.count++;
      const done = (): void => {
        clearTimeout(timer);
        cancel.removeEventListener("abort", done);
        if (waiting.delete(done)) this.count--;
        if (waiting.size === 0 && this.byDomain.get(domain) === waiting) this.byDomain.delete(domain);
        resolve();
      };
      const timer = setTimeout(done, ms);
      cancel.addEventListener("abort", done, { once: true });
      waiting.add(done);
    });
  }

  wake(domain: string): void {
    for (const done of [...(this.byDomain.get(domain) ?? [])]) done();
  }

  wakeAll(): void {
    for (const domain of this.byDomain.keys()) this.wake(domain);
  }
}
