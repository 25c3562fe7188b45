// The schema of the samples: its text and that of `rw.conf`, for clients that write them, or as an edit for those that do not.
import { projectSchema } from "#features/schema/project-schema.ts";
import type * as messages from "#protocol/messages.ts";
import { relative } from "#workspace/paths.ts";
import type { Session } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { placeOf } from "./asked-place.ts";

export interface SchemaRequests {
  inferSchema(params: messages.InferSchemaParams): Promise<messages.InferSchemaResult>;
  /** The same for clients that write nothing themselves. */
  applySchema(params: messages.InferSchemaParams): Promise<messages.InferSchemaResult>;
}

export function schemaRequests(session: Session): SchemaRequests {
  const { uris, workspace, connection } = session;

  const inferSchema = async ({ uri }: messages.InferSchemaParams): Promise<messages.InferSchemaResult> => {
    const { project } = await placeOf(session, uri);
    const schema = projectSchema(project);
    if ("problem" in schema) return schema;
    const { file, before, text, config, inputs } = schema;
    const written = config && workspace.file(config.file)?.text;
    return {
      inputs,
      uri: uris.uri(file),
      ...(before === undefined ? {} : { before }),
      after: text,
      ...(config === undefined
        ? {}
        : { config: { uri: uris.uri(config.file), after: `${(written ?? "").slice(0, config.range.start)}${config.newText}` } }),
    };
  };

  const applySchema = async (params: messages.InferSchemaParams): Promise<messages.InferSchemaResult> => {
    const result = await inferSchema(params);
    if ("problem" in result || !session.client.applyEdit) return result;
    const { project } = await placeOf(session, params.uri);
    const schema = projectSchema(project);
    if ("problem" in schema) return schema;
    const whole = { start: 0, end: schema.before?.length ?? 0 };
    const edits = [
      { file: schema.file, range: whole, newText: schema.text },
      ...(schema.config === undefined ? [] : [schema.config]),
    ];
    const label = `Write ${relative(project.root, schema.file)}`;
    await connection.request("workspace/applyEdit", { label, edit: workspaceEdit(session, edits) });
    return result;
  };

  return { inferSchema, applySchema };
}
