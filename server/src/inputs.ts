// What the rules of a project are asked with: a sample that was chosen, pinned or lies nearest, JSON typed by hand, or nothing.
import { pinnedSample } from "#workspace/pins.ts";
import type { Project } from "#workspace/project.ts";
import { nearestFirst, type Sample } from "#workspace/samples.ts";
import { packageOf } from "#workspace/scope.ts";
import type { Session } from "./session.ts";

/** What somebody chose for a project. */
export type Choice =
  | { readonly kind: "sample"; readonly path: string }
  | { readonly kind: "inline"; readonly json: string }
  | { readonly kind: "none" };

export interface ChosenInput {
  readonly name: string | undefined;
  readonly sample: Sample | undefined;
  readonly json: string | undefined;
  readonly problem: string | undefined;
  /** What it is resolved with, and whose mocks hold. */
  readonly profile: string | undefined;
}

export class Inputs {
  readonly #session: Session;
  readonly #choices = new Map<string, Choice>();
  readonly #profiles = new Map<string, string | undefined>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** What is undefined stays as it was; a profile of null is none. */
  choose(root: string, choice: Choice | undefined, profile: string | null | undefined): void {
    if (choice !== undefined) this.#choices.set(root, choice);
    if (profile !== undefined) this.#profiles.set(root, profile ?? undefined);
  }

  profileOf(root: string): string | undefined {
    return this.#profiles.get(root) ?? (this.#session.settingsOf(root).profile || undefined);
  }

  /** The samples of the project as they are offered to the reader of a file. */
  offered(project: Project, path: string, recent: readonly string[] = []): readonly Sample[] {
    const policy = project.policies.find((file) => file.path === path);
    const packageName = policy && packageOf(project.parsed(policy));
    return nearestFirst(project.inputs.samples, path, { packageName, recent });
  }

  /** The input that a file of the project is asked with: the chosen one, else the nearest sample. */
  of(project: Project, path: string): ChosenInput {
    const choice = this.#choices.get(project.root);
    const profile = this.profileOf(project.root);
    const nothing = { name: undefined, sample: undefined, json: undefined, problem: undefined, profile };
    if (choice?.kind === "none") return nothing;
    if (choice?.kind === "inline") return { ...nothing, name: "inline JSON", json: choice.json };
    const wanted = choice?.path;
    const offered = this.offered(project, path);
    const sample =
      project.inputs.samples.find((item) => item.file.path === wanted) ??
      offered.find(({ file }) => !project.largeDocuments.includes(file)) ??
      offered[0];
    return sample === undefined ? nothing : resolvedSample(project, sample, profile);
  }

  /** The input that a rule of a file is asked with: the one that `rw.conf` pins to it, else that of the file. */
  ofRule(project: Project, path: string, rule: string): ChosenInput {
    const pinned = pinnedSample(project, rule);
    return pinned === undefined ? this.of(project, path) : resolvedSample(project, pinned, this.profileOf(project.root));
  }
}

/** A sample as an input, or why it cannot be one. */
export function resolvedSample(project: Project, sample: Sample, profile: string | undefined): ChosenInput {
  const { json, problems } = project.inputs.resolve(sample.file, profile);
  const isLarge = project.largeDocuments.includes(sample.file);
  const problem = isLarge ? problems[0] : `${sample.name} cannot be resolved: its own problems say why`;
  return { name: sample.name, sample, json, problem: json === undefined ? problem : undefined, profile };
}
