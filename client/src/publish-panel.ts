// The panel of one publish: its steps with state, time and reason, the changed decisions, who gains and loses, and what can be done next, all in one list.
import * as vscode from "vscode";
import type { ChangedDecision, ProposedVersion, PublishImpact, PublishStep } from "#protocol/publishing.ts";
import { countOfPeople, peopleRows } from "./affected-people.ts";
import { changedRows, countOf, furtherRow, separator, wrapped } from "./changed-decisions.ts";
import { turning } from "./motion.ts";

/** What the reader of the panel may want next. */
export type NextStep = "publish" | "words" | "version" | "people" | "retry" | "signIn" | "tests" | "problems" | "log";

/** What a publish would change. */
export interface Differences {
  readonly changes: readonly ChangedDecision[];
  readonly impact: PublishImpact | undefined;
  /** Undefined where RMS could not tell. */
  readonly proposed: ProposedVersion | undefined;
  /** Shows the people as a document behind the panel. */
  showPeople(): Promise<void>;
}

interface Row extends vscode.QuickPickItem {
  readonly next?: NextStep;
  /** The number that the row stands for. */
  readonly version?: string;
}

const icons: Record<PublishStep["state"], string> = {
  waiting: "circle-large-outline",
  running: "loading",
  ok: "pass",
  failed: "error",
  skipped: "circle-slash",
};

export class PublishPanel implements vscode.Disposable {
  readonly #pick = vscode.window.createQuickPick<Row>();
  readonly #stop = new vscode.CancellationTokenSource();
  readonly #subscription: vscode.Disposable;
  #open = true;
  #accepted = false;
  #answer: ((next: NextStep | undefined) => void) | undefined;
  #message: string;
  #version: string | undefined;
  /** The kind of change whose number its reader took instead of the proposed one. */
  #kind: ProposedVersion["choices"][number]["kind"] | undefined;

  /** `message` is what was said about the version at an earlier try; empty for nothing. */
  constructor(target: string, message: string) {
    this.#message = message;
    this.#pick.title = vscode.l10n.t("Publish to {0}", target);
    this.#pick.ignoreFocusOut = true;
    this.#pick.keepScrollPosition = true;
    this.#pick.busy = true;
    this.#pick.placeholder = vscode.l10n.t("Press Escape to stop before anything is sent");
    this.#subscription = vscode.Disposable.from(
      this.#pick.onDidHide(() => {
        this.#open = false;
        if (!this.#accepted) this.#stop.cancel();
        this.#answer?.(undefined);
      }),
      this.#pick.onDidAccept(() => {
        const next = this.#pick.selectedItems[0]?.next;
        // At once: the panel may be hidden before whoever waits for the answer goes on.
        if (next === "publish") this.#accepted = true;
        if (next !== undefined) this.#answer?.(next);
      }),
    );
    this.#pick.show();
  }

  /** False when the reader closed the panel, or another list took its place. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** What is said about the version; empty for nothing. */
  get message(): string {
    return this.#message;
  }

  /** The number that its reader has seen; undefined where none was proposed. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Cancelled when the panel closes before the publish was accepted; from then on it goes on without the panel. */
  get token(): vscode.CancellationToken {
    return this.#stop.token;
  }

  /** The steps as they are now. */
  show(steps: readonly PublishStep[]): void {
    this.#pick.items = steps.flatMap(rowsOf);
  }

  /** Shows what changes for samples and for people, and asks whether to go on, and with which words; false when the panel was closed. */
  async confirm(steps: readonly PublishStep[], { changes, impact, proposed, showPeople }: Differences): Promise<boolean> {
    const people = impact === undefined ? "" : countOfPeople(impact);
    const count = [...(changes.length === 0 ? [] : [countOf(changes)]), ...(people === "" ? [] : [people])].join(" · ");
    const { summary: ahead = "", detail: why = "" } = steps.find(({ name }) => name === "publish") ?? {};
    const publish: Row = {
      label: vscode.l10n.t("Publish"),
      iconPath: new vscode.ThemeIcon("cloud-upload"),
      description: [count === "" ? (steps.find(({ name }) => name === "diff")?.summary ?? "") : count, ahead]
        .filter((part) => part !== "")
        .join(" · "),
      alwaysShow: true,
      next: "publish",
    };
    const list: Row = {
      label: vscode.l10n.t("Show Who Gains and Who Loses"),
      iconPath: new vscode.ThemeIcon("organization"),
      description: vscode.l10n.t("as a document, with what was looked at"),
      alwaysShow: true,
      next: "people",
    };
    const placeholder =
      count === ""
        ? vscode.l10n.t("Press Enter to publish, Escape to leave everything as it is")
        : vscode.l10n.t("{0}: press Enter to publish, Escape to leave everything as it is", count);
    this.#version = proposed?.choices.find(({ kind }) => kind === this.#kind)?.version ?? proposed?.version;
    const number = (): readonly Row[] => (proposed === undefined ? [] : [versionRow(proposed, this.#version)]);
    const words = (): Row => ({
      label: vscode.l10n.t("Say What Changes"),
      iconPath: new vscode.ThemeIcon("edit"),
      description: this.#message === "" ? vscode.l10n.t("is kept with the version") : this.#message,
      alwaysShow: true,
      next: "words",
    });
    const rows = () => [
      publish,
      ...(why === "" ? [] : wrapped(why).map(furtherRow)),
      ...number(),
      words(),
      ...(impact === undefined ? [] : [list, ...peopleRows(impact)]),
      ...changedRows(changes),
      separator(vscode.l10n.t("Steps")),
      ...steps.flatMap(rowsOf),
    ];
    for (let active = publish; ; ) {
      this.#pick.placeholder = placeholder;
      const next = await this.#ask(rows(), active);
      if (next === "people") {
        await showPeople();
        active = list;
      } else if (next === "version" && proposed !== undefined) {
        await this.#askVersion(proposed);
        active = publish;
      } else if (next === "words") {
        await this.#askWords();
        active = publish;
      } else {
        this.#pick.placeholder = vscode.l10n.t("Publishing goes on when this is closed");
        return next !== undefined;
      }
    }
  }

  /** The next numbers take the place of the question, the one that is taken now in front. */
  async #askVersion({ version: proposed, reason, choices }: ProposedVersion): Promise<void> {
    this.#pick.placeholder = vscode.l10n.t("Which number does the version get?");
    const rows = choices.map(
      ({ version, kind }): Row => ({
        label: version,
        iconPath: new vscode.ThemeIcon(version === this.#version ? "check" : "blank"),
        description: version === proposed ? vscode.l10n.t("proposed · {0}", reason) : kindWord(kind),
        alwaysShow: true,
        next: "version",
        version,
      }),
    );
    const current = rows.find(({ version }) => version === this.#version) ?? rows[0];
    if (current === undefined || (await this.#ask(rows, current)) === undefined) return;
    const taken = choices.find(({ version }) => version === this.#pick.selectedItems[0]?.version);
    this.#version = taken?.version ?? this.#version;
    this.#kind = taken === undefined || taken.version === proposed ? undefined : taken.kind;
  }

  /** The box of the list takes the words: another box would close the panel. */
  async #askWords(): Promise<void> {
    this.#pick.placeholder = vscode.l10n.t("What changes, and why? Everybody sees it in the history of the policy");
    this.#pick.value = this.#message;
    const use: Row = {
      label: vscode.l10n.t("Use These Words"),
      iconPath: new vscode.ThemeIcon("check"),
      alwaysShow: true,
      next: "words",
    };
    if ((await this.#ask([use], use)) === undefined) return;
    this.#message = this.#pick.value.trim();
    this.#pick.value = "";
  }

  /** Shows why it ended, and asks what to do about it. */
  failed(steps: readonly PublishStep[], problem: string, unauthorized: boolean): Promise<NextStep | undefined> {
    const failing = steps.find((step) => step.state === "failed")?.name;
    const choice = (icon: string, label: string, next: NextStep): Row => ({
      label,
      iconPath: new vscode.ThemeIcon(icon),
      alwaysShow: true,
      next,
    });
    const again = choice("debug-restart", vscode.l10n.t("Try Again"), "retry");
    const choices = [
      ...(unauthorized ? [choice("key", vscode.l10n.t("Sign In with Another Token"), "signIn")] : []),
      ...(failing === "check" ? [choice("list-unordered", vscode.l10n.t("Show the Problems"), "problems")] : []),
      ...(failing === "test" ? [choice("beaker", vscode.l10n.t("Show the Tests"), "tests")] : []),
      again,
      choice("output", vscode.l10n.t("Show the Log"), "log"),
    ];
    // What is stored is not lost: the next try finds it there.
    const isStored = steps.some(({ name, state }) => name === "publish" && state === "ok");
    this.#pick.placeholder = isStored
      ? vscode.l10n.t("Stored, but not switched on: {0}", problem)
      : vscode.l10n.t("Not published: {0}", problem);
    const [first = "", ...rest] = wrapped(problem);
    const why: Row[] =
      failing === undefined
        ? [{ label: first, iconPath: new vscode.ThemeIcon("error"), alwaysShow: true }, ...rest.map(furtherRow)]
        : [];
    return this.#ask([...why, ...steps.flatMap(rowsOf), separator(""), ...choices], choices[0] ?? again);
  }

  #ask(rows: readonly Row[], active: Row): Promise<NextStep | undefined> {
    if (!this.#open) return Promise.resolve(undefined);
    this.#pick.busy = false;
    this.#pick.items = rows;
    this.#pick.activeItems = [active];
    return new Promise((done) => {
      this.#answer = (next) => {
        this.#answer = undefined;
        this.#pick.busy = next !== undefined;
        done(next);
      };
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#pick.dispose();
    this.#stop.dispose();
  }
}

/** The number that the version gets, and why; another one can be taken where there are several. */
function versionRow({ version, reason, choices }: ProposedVersion, taken: string | undefined): Row {
  const kind = choices.find((choice) => choice.version === taken)?.kind;
  const why = taken === version || kind === undefined ? reason : vscode.l10n.t("{0}; proposed: {1}", kindWord(kind), version);
  return {
    label: vscode.l10n.t("Version {0}", taken ?? version),
    iconPath: new vscode.ThemeIcon("versions"),
    description: why,
    alwaysShow: true,
    ...(choices.length > 1 ? { next: "version" as const } : {}),
  };
}

function kindWord(kind: ProposedVersion["choices"][number]["kind"]): string {
  switch (kind) {
    case "major":
      return vscode.l10n.t("major: who asks has to change something");
    case "minor":
      return vscode.l10n.t("minor: there is more to ask, or other decisions");
    case "patch":
      return vscode.l10n.t("patch: nothing changes for who asks");
  }
}

/** A step, and in rows of their own what does not fit beside it. What one will wait for stands with the question whether to go on. */
function rowsOf(step: PublishStep, at: number): readonly Row[] {
  const failed = step.state === "failed";
  const time = step.ms === undefined ? "" : `${(step.ms / 1000).toFixed(1)} s`;
  const said = [stateWord(step), failed ? "" : step.summary, time].filter((part) => part !== "").join(" · ");
  const [detail, ...rest] = failed
    ? wrapped(step.summary)
    : (step.name === "activation" || step.name === "publish") && step.state !== "waiting" && step.detail
      ? wrapped(step.detail)
      : [];
  const row = {
    label: `${at + 1} ${stepName(step.name)}`,
    iconPath: new vscode.ThemeIcon(step.state === "running" ? turning(icons.running) : icons[step.state]),
    description: said,
    ...(detail === undefined ? {} : { detail }),
    alwaysShow: true,
  };
  return [row, ...rest.map(furtherRow)];
}

/** The state in a word, for those who do not see the icon. */
function stateWord({ state }: PublishStep): string {
  switch (state) {
    case "waiting":
      return vscode.l10n.t("waiting");
    case "ok":
      return vscode.l10n.t("done");
    case "running":
      return vscode.l10n.t("running");
    case "failed":
      return vscode.l10n.t("failed");
    case "skipped":
      return vscode.l10n.t("skipped");
  }
}

export function stepName(name: PublishStep["name"]): string {
  switch (name) {
    case "check":
      return vscode.l10n.t("check");
    case "test":
      return vscode.l10n.t("test");
    case "diff":
      return vscode.l10n.t("compare decisions");
    case "impact":
      return vscode.l10n.t("who gains and loses");
    case "publish":
      return vscode.l10n.t("publish");
    case "channel":
      return vscode.l10n.t("move the channel");
    case "activation":
      return vscode.l10n.t("active on sidecars");
  }
}
