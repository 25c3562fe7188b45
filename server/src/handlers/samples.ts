// Requests beyond LSP about samples: which there are, which is chosen, which is pinned to a rule.
import { pinEdit } from "#features/pinned-input.ts";
import type * as messages from "#protocol/messages.ts";
import { dirname, relative } from "#workspace/paths.ts";
import { pinnedSample } from "#workspace/pins.ts";
import type { Choice, Inputs } from "../inputs.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { placeOf, queryAt } from "./asked-place.ts";

export interface SampleRequests {
  samples(params: messages.SamplesParams): Promise<messages.SamplesResult>;
  selectSample(params: messages.SelectSampleParams): Promise<null>;
  /** The text that `rw.conf` has with the pin, for clients that write it themselves. */
  pinSample(params: messages.PinSampleParams): Promise<messages.PinSampleResult>;
  /** The same for clients that write nothing themselves. */
  applyPin(params: messages.PinSampleParams): Promise<messages.PinSampleResult>;
}

export function sampleRequests(session: Session, scheduler: Scheduler, inputs: Inputs): SampleRequests {
  const { connection, uris, workspace } = session;

  const samples = async ({ uri, recent }: messages.SamplesParams): Promise<messages.SamplesResult> => {
    const { project, path } = await placeOf(session, uri);
    const chosen = inputs.of(project, path).sample;
    return {
      root: uris.uri(project.root),
      samples: inputs
        .offered(
          project,
          path,
          recent?.map((uri) => session.uris.pathOf(uri)),
        )
        .map((sample) => ({
          uri: uris.uri(sample.file.path),
          label: sample.name,
          folder: relative(project.root, dirname(sample.file.path)),
          kind: sample.file.kind === "json" || sample.file.kind === "yaml" ? sample.file.kind : "hocon",
          chosen: sample === chosen,
        })),
      profiles: project.config.profiles.map((profile) => profile.name),
      profile: inputs.profileOf(project.root),
      pins: [...project.config.inputs.pins.keys()].flatMap((rule) => {
        const sample = pinnedSample(project, rule);
        return sample === undefined ? [] : [{ rule, uri: uris.uri(sample.file.path) }];
      }),
    };
  };

  /** The edit of `rw.conf` that a pin is, with the rule that it is about. */
  const pin = async ({ uri, path: named, range, sample }: messages.PinSampleParams) => {
    const place = await placeOf(session, uri);
    const { project } = place;
    const rule = named ?? queryAt(session, place, range);
    const target = sample === null || sample === undefined ? undefined : uris.path(sample);
    if (target !== undefined && !target.startsWith(`${project.root}/`))
      return { rule, problem: `${target} is not in the folder of the project, whose rw.conf would name it` };
    return { rule, edit: pinEdit(project, rule, target && relative(project.configFolder, target)) };
  };

  const pinResult = ({ rule, edit, problem }: Awaited<ReturnType<typeof pin>>): messages.PinSampleResult => {
    if (edit === undefined) return { rule, ...(problem === undefined ? {} : { problem }) };
    const before = workspace.file(edit.file)?.text;
    const text = before ?? "";
    const after = text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
    return { rule, uri: uris.uri(edit.file), ...(before === undefined ? {} : { before }), after };
  };

  const pinSample = async (params: messages.PinSampleParams): Promise<messages.PinSampleResult> => pinResult(await pin(params));

  const applyPin = async (params: messages.PinSampleParams): Promise<messages.PinSampleResult> => {
    const pinned = await pin(params);
    const result = pinResult(pinned);
    const { edit } = pinned;
    if (edit === undefined || !session.client.applyEdit) return result;
    const whole = workspaceEdit(session, [edit]);
    await connection.request("workspace/applyEdit", { label: `Pin an input to ${result.rule}`, edit: whole });
    return result;
  };

  const selectSample = async ({ uri, sample, inline, profile }: messages.SelectSampleParams): Promise<null> => {
    const { project } = await placeOf(session, uri);
    let choice: Choice | undefined;
    if (inline !== undefined) choice = { kind: "inline", json: inline };
    else if (sample === null) choice = { kind: "none" };
    else if (sample !== undefined) choice = { kind: "sample", path: uris.path(sample) };
    inputs.choose(project.root, choice, profile);
    scheduler.changed([project.root]);
    return null;
  };

  return { samples, selectSample, pinSample, applyPin };
}
