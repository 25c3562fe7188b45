// The tree of a template.

export type Operand =
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly at: number; readonly value: boolean }
  | { readonly kind: "string"; readonly at: number; readonly value: string; readonly source: string }
  | { readonly kind: "number"; readonly at: number; readonly source: string; readonly value: number | bigint }
  | { readonly kind: "field"; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: "variable"; readonly at: number; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: "function"; readonly at: number; readonly name: string }
  | { readonly kind: "chain"; readonly at: number; readonly of: Operand; readonly fields: readonly string[] }
  | Pipe;

export interface Command {
  readonly kind: "command";
  readonly at: number;
  readonly args: readonly Operand[];
}

export interface Pipe {
  readonly kind: "pipe";
  readonly at: number;
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export type Statement =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipe: Pipe;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | { readonly kind: "break" | "continue" }
  | TemplateCall;

export interface TemplateCall {
  readonly kind: "template";
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipe | undefined;
}

/** As the source would be written, for messages. */
export function written(node: Operand | Command | TemplateCall): string {
  switch (node.kind) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "string":
    case "number":
      return node.source;
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "variable":
      return [node.name, ...node.fields].join(".");
    case "function":
      return node.name;
    case "chain":
      return `${node.of.kind === "pipe" ? `(${written(node.of)})` : written(node.of)}${node.fields.map((name) => `.${name}`).join("")}`;
    case "command":
      return node.args.map((arg) => (arg.kind === "pipe" ? `(${written(arg)})` : written(arg))).join(" ");
    case "pipe": {
      const head = node.variables.length > 0 ? `${node.variables.join(", ")} ${node.assigns ? "=" : ":="} ` : "";
      return head + node.commands.map(written).join(" | ");
    }
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe === undefined ? "" : ` ${written(node.pipe)}`}}}`;
  }
}
