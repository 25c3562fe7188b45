// The JSON schema of `rw.conf`: the keys that its reader knows, for completion.

/** What a text of `rw.conf` names: a decision, a sample, a folder, or a file with one of these endings. */
export type Names = "rule" | "sample" | "folder" | "conf hocon" | "json" | "conf hocon json yaml yml";

const text = (description: string, format?: Names): object => ({ type: "string", description, ...(format && { format }) });
const texts = (description: string, format?: Names): object => ({ type: "array", description, items: text("", format) });
const object = (description: string, properties: object): object => ({ type: "object", description, properties });
const map = (description: string, additionalProperties: object): object => ({
  type: "object",
  description,
  additionalProperties,
});

const mocks = object("What answers policies in place of the world, in the editor, `rw samples`, `rw test` and `rw eval`.", {
  clock: text("What `time.now_ns` gives, as a time like 2026-01-31T12:00:00Z."),
  seed: { type: "integer", description: "The seed of `rand.intn` and `uuid.rfc4122`." },
  http: text(
    "A file with requests of `http.send` and their answers: a list of { request, response }.",
    "conf hocon json yaml yml",
  ),
  net: object("Builtins of `net`.", {
    lookup_ip_addr: map("The addresses that `net.lookup_ip_addr` gives, by name.", texts("")),
  }),
  opa: object("Builtins of `opa`.", { runtime: { type: "object", description: "What `opa.runtime` gives." } }),
});

export const configSchema = object("The project file.", {
  roots: {
    type: "array",
    description: "Folders that hold policies, each with its own Rego version when it is `{ path, rego-version }`.",
    items: {
      ...object("A folder of policies.", {
        path: text("The folder, seen from this file.", "folder"),
        "rego-version": { type: "number", enum: [0, 1], description: "The dialect of files that do not say it themselves." },
      }),
      format: "folder" satisfies Names,
    },
  },
  entrypoints: texts("The rules that are decisions, as `policy/authz/allow`.", "rule"),
  inputs: object("Which files are samples, and how they are read.", {
    globs: texts("Globs of the samples, seen from this file."),
    base: text("A document that every sample is merged onto.", "conf hocon json yaml yml"),
    convert: map("Paths whose values are durations or sizes, turned to numbers.", { type: "string", enum: ["duration", "size"] }),
    classpath: texts("Folders that `include classpath(…)` looks in.", "folder"),
    pins: {
      ...map("Rules or packages, as `policy/authz/allow`, with the sample that they are always asked with.", text("", "sample")),
      propertyNames: text("", "rule"),
    },
  }),
  profiles: map("Surroundings that samples are resolved in, by name.", {
    ...object("A profile.", {
      overlays: texts("Files laid over each sample, in order.", "conf hocon json yaml yml"),
      env: map("Variables that `${?NAME}` sees.", { type: "string" }),
      properties: map("System properties that substitutions see.", { type: "string" }),
      mocks,
    }),
  }),
  schemas: map("Globs of samples with their JSON schema.", text("", "json")),
  rms: object("Where this project is published.", {
    url: text("The address of the management server."),
    domain: text("The domain."),
    policy: text("The policy."),
    channel: text("The channel that a publish moves."),
  }),
  roles: text("The file of roles that gives `data.rms`.", "conf hocon"),
  mocks,
  // Its own keys are known where the rules are.
  lint: {
    type: "object",
    description: "What lint rules are to do: levels, options, files to leave out, as in `.regal/config.yaml`.",
  },
  capabilities: text("A capabilities file: the builtins of the program that runs the policies.", "json"),
});
