// The calls that only a mock could have answered, by the policy that was decided when they were met.
import type { Unmocked } from "#evaluation/mocks.ts";

const tests = "tests";

export class UnmockedCalls {
  /** By root, then by the path of the policy. */
  readonly #met = new Map<string, Map<string, readonly Unmocked[]>>();

  /** `path` of a policy, or undefined for the tests; false where there were none before and are none now. */
  set(root: string, path: string | undefined, calls: readonly Unmocked[]): boolean {
    const met = this.#met.get(root) ?? new Map<string, readonly Unmocked[]>();
    this.#met.set(root, met);
    const before = met.get(path ?? tests)?.length ?? 0;
    if (calls.length === 0) met.delete(path ?? tests);
    else met.set(path ?? tests, calls);
    return before > 0 || calls.length > 0;
  }

  /** Forgets what was met for policies that are looked at no longer; true where there was something. */
  keepOnly(root: string, isOpen: (path: string) => boolean): boolean {
    const met = this.#met.get(root);
    const gone = [...(met?.keys() ?? [])].filter((path) => path !== tests && !isOpen(path));
    for (const path of gone) met?.delete(path);
    return gone.length > 0;
  }

  of(root: string): readonly Unmocked[] {
    return [...(this.#met.get(root)?.values() ?? [])].flat();
  }
}
