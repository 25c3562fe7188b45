// The manifest of a bundle: its JSON must have the shape that OPA decodes it to.

/** `go` is the type as OPA's faults name it. */
interface Shape {
  readonly go: string;
  readonly kind: "string" | "int" | "object" | "array" | "any";
  /** What the elements of an array, or the members of an object without names of its own, are. */
  readonly inner?: Shape;
  readonly fields?: Readonly<Record<string, Shape>>;
}

const string: Shape = { go: "string", kind: "string" };
const int: Shape = { go: "int", kind: "int" };
const any: Shape = { go: "interface {}", kind: "any" };
const listOf = (inner: Shape, go = inner.go): Shape => ({ go: `[]${go}`, kind: "array", inner });
const mapOf = (inner: Shape): Shape => ({ go: `map[string]${inner.go}`, kind: "object", inner });

const resolver: Shape = {
  go: "bundle.WasmResolver",
  kind: "object",
  fields: {
    entrypoint: string,
    module: string,
    annotations: listOf({ go: "ast.Annotations", kind: "object", inner: any }, "*ast.Annotations"),
  },
};

const shape: Shape = {
  go: "bundle.Manifest",
  kind: "object",
  fields: {
    revision: string,
    roots: listOf(string),
    wasm: listOf(resolver),
    rego_version: int,
    file_rego_versions: mapOf(int),
    metadata: mapOf(any),
  },
};

/** The members of a manifest by OPA's names, which may be written in any case, or OPA's sentence for the first that is of another type. */
export function decodeManifest(
  json: unknown,
): { readonly manifest: Readonly<Record<string, unknown>> | undefined } | { readonly fault: string } {
  const fault = misfit(json, shape, { owner: "", path: [] });
  if (fault !== undefined) return { fault };
  return {
    manifest: isObject(json) ? Object.fromEntries(Object.entries(json).map(([key, value]) => [nameOf(key), value])) : undefined,
  };
}

function nameOf(key: string): string {
  const name = key.toLowerCase();
  return Object.hasOwn(shape.fields ?? {}, name) ? name : key;
}

/** Where a value stands: the type whose field it is below, and the names of the fields from the root on. */
interface Place {
  readonly owner: string;
  readonly path: readonly string[];
}

/** `null` fits everywhere: it leaves the member out. */
function misfit(value: unknown, { go, kind, inner, fields }: Shape, place: Place): string | undefined {
  if (value === null || kind === "any") return undefined;
  const found = kindOf(value);
  if (found !== (kind === "int" ? "number" : kind) || (kind === "int" && !Number.isSafeInteger(value))) {
    const written = kind === "int" && found === "number" ? `number ${String(value)}` : found;
    const at = place.path.length === 0 ? "Go value" : `Go struct field ${place.owner}.${place.path.join(".")}`;
    return `json: cannot unmarshal ${written} into ${at} of type ${go}`;
  }
  if (typeof value !== "object") return undefined;
  for (const [key, member] of Object.entries(value)) {
    const name = key.toLowerCase();
    const field = fields === undefined ? inner : Object.hasOwn(fields, name) ? fields[name] : any;
    const below = fields === undefined ? place : { owner: go.replace(/^.*\./u, ""), path: [...place.path, name] };
    const fault = field && misfit(member, field, below);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
