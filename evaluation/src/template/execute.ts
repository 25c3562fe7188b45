// Runs a template's tree on data, with text/template's faults and the place of what failed.
import { goQuote } from "#grammars/text/go-quote.ts";
import { encodeBytes } from "../rego-text.ts";
import { RegoObject } from "../value.ts";
import { TemplateFault } from "./fault.ts";
import { printed } from "./format.ts";
import { functions } from "./functions.ts";
import { type Command, type Operand, type Pipe, type Statement, type TemplateCall, written } from "./nodes.ts";
import type { Templates } from "./parser.ts";
import { GoNumber, type GoValue, goType, isList, isTrue } from "./values.ts";

/** Statements that one rendering may run, and characters it may write. */
const mostSteps = 1_000_000;
const longestText = 50_000_000;
const deepest = 1_000;

/** Throws TemplateFault. */
export function execute(templates: Templates, source: string, data: RegoObject): string {
  const output: string[] = [];
  new Run(templates, source, output, "template").template(data);
  return output.join("");
}

type Flow = "on" | "break" | "continue";
interface Variable {
  readonly name: string;
  value: GoValue;
  /** The value came out of a map or list, so that Go knows it as interface {} only. */
  boxed: boolean;
}

/** The budget of a whole rendering, shared by the templates that call each other. */
interface Budget {
  steps: number;
  length: number;
  depth: number;
}

/** One template at work: its variables, and the node that is looked at, which a fault names. */
class Run {
  private readonly templates: Templates;
  private readonly source: string;
  private readonly output: string[];
  private readonly name: string;
  private readonly budget: Budget;
  private variables: Variable[] = [];
  private boxedDot = false;
  private node: Operand | Command | TemplateCall | undefined;

  constructor(templates: Templates, source: string, output: string[], name: string, budget?: Budget) {
    this.templates = templates;
    this.source = source;
    this.output = output;
    this.name = name;
    this.budget = budget ?? { steps: 0, length: 0, depth: 0 };
  }

  template(dot: GoValue): void {
    this.variables = [{ name: "$", value: dot, boxed: false }];
    this.walk(dot, this.templates.get(this.name)!);
  }

  private fault(message: string): TemplateFault {
    if (this.node === undefined) return new TemplateFault(`template: ${this.name}: ${message}`);
    const before = this.source.slice(0, this.node.at);
    const line = before.split("\n").length;
    const column = encodeBytes(before.slice(before.lastIndexOf("\n") + 1)).length;
    return new TemplateFault(
      `template: template:${line}:${column}: executing ${goQuote(this.name)} at <${written(this.node)}>: ${message}`,
    );
  }

  private write(text: string): void {
    this.budget.length += text.length;
    if (this.budget.length > longestText) throw new TemplateFault("the rendered text is too long");
    this.output.push(text);
  }

  private step(): void {
    if (++this.budget.steps > mostSteps) throw new TemplateFault("the template takes too many steps");
  }

  private walk(dot: GoValue, statements: readonly Statement[]): Flow {
    for (const statement of statements) {
      this.step();
      const flow = this.statement(dot, statement);
      if (flow !== "on") return flow;
    }
    return "on";
  }

  private statement(dot: GoValue, statement: Statement): Flow {
    switch (statement.kind) {
      case "text":
        this.write(statement.text);
        return "on";
      case "action": {
        const value = this.pipeline(dot, statement.pipe);
        if (statement.pipe.variables.length === 0)
          this.write(value === undefined || value === null ? "<no value>" : printed(value));
        return "on";
      }
      case "if":
      case "with": {
        const known = this.variables.length;
        const value = this.pipeline(dot, statement.pipe);
        const outer = this.boxedDot;
        if (!isTrue(value)) return this.leave(known, this.walk(dot, statement.otherwise ?? []));
        if (statement.kind === "with") this.boxedDot = false;
        const flow = this.walk(statement.kind === "with" ? value : dot, statement.body);
        this.boxedDot = outer;
        return this.leave(known, flow);
      }
      case "range":
        return this.range(dot, statement.pipe, statement.body, statement.otherwise ?? []);
      case "template":
        this.call(dot, statement);
        return "on";
      default:
        return statement.kind;
    }
  }

  private leave(known: number, flow: Flow): Flow {
    this.variables.length = known;
    return flow;
  }

  private range(dot: GoValue, pipe: Pipe, body: readonly Statement[], otherwise: readonly Statement[]): Flow {
    const known = this.variables.length;
    const value = this.pipeline(dot, pipe);
    const inside = this.variables.length;
    let count = 0;
    for (const [index, item] of this.entries(value, pipe)) {
      count++;
      this.step();
      const [first, second] = pipe.variables;
      if (pipe.assigns) {
        if (first !== undefined) this.set(first, second === undefined ? item : index);
        if (second !== undefined) this.set(second, item);
      } else {
        if (first !== undefined) this.variables.at(-pipe.variables.length)!.value = second === undefined ? item : index;
        if (second !== undefined) this.variables.at(-1)!.value = item;
        if (first !== undefined) this.variables.at(-1)!.boxed = true;
      }
      const outer = this.boxedDot;
      this.boxedDot = true;
      const flow = this.walk(item, body);
      this.boxedDot = outer;
      this.variables.length = inside;
      if (flow === "break") break;
    }
    this.variables.length = known;
    return count > 0 ? "on" : this.walk(dot, otherwise);
  }

  /** Index and item; a whole number counts from 0. */
  private *entries(value: GoValue, pipe: Pipe): Generator<readonly [GoValue, GoValue]> {
    if (value === undefined || value === null) return;
    if (isList(value)) for (const [at, item] of value.entries()) yield [new GoNumber(BigInt(at)), item];
    else if (value instanceof RegoObject) for (const [key, item] of value.entries) yield [key as string, item as GoValue];
    else if (value instanceof GoNumber && typeof value.value === "bigint") {
      if (pipe.variables.length > 1) throw this.fault(`can't use ${value.value} to iterate over more than one variable`);
      for (let at = 0n; at < value.value; at++) yield [undefined, new GoNumber(at)];
    } else throw this.fault(`range can't iterate over ${printed(value)}`);
  }

  private call(dot: GoValue, statement: TemplateCall): void {
    this.node = statement;
    if (!this.templates.has(statement.name)) throw this.fault(`template ${goQuote(statement.name)} not defined`);
    if (++this.budget.depth > deepest) throw this.fault("exceeded maximum template depth (100000)");
    const value = statement.pipe === undefined ? undefined : this.pipeline(dot, statement.pipe);
    new Run(this.templates, this.source, this.output, statement.name, this.budget).template(value);
    this.budget.depth--;
  }

  private set(name: string, value: GoValue): void {
    const found = this.variables.findLast((one) => one.name === name);
    if (found === undefined) throw this.fault(`undefined variable: ${name}`);
    found.value = value;
  }

  private pipeline(dot: GoValue, pipe: Pipe): GoValue {
    this.node = pipe;
    let value: GoValue;
    // What a pipeline hands on is taken out of its interface: of null nothing is left.
    for (const [at, command] of pipe.commands.entries()) value = this.command(dot, command, at > 0, value) ?? undefined;
    for (const name of pipe.variables) {
      if (pipe.assigns) this.set(name, value);
      else this.variables.push({ name, value, boxed: false });
    }
    return value;
  }

  /** `final` is the value of the command before, the last argument of this one. */
  private command(dot: GoValue, command: Command, piped: boolean, final: GoValue): GoValue {
    const [first, ...args] = command.args;
    const operand = first!;
    const extra = args.length > 0 || piped;
    switch (operand.kind) {
      case "function":
        this.node = operand;
        return this.apply(dot, operand.name, command, piped ? [...args, { final }] : args);
      case "field":
        this.node = operand;
        return this.fields(dot, operand.names, this.boxedDot, extra);
      case "chain":
        this.node = operand;
        return this.fields(this.operand(dot, operand.of), operand.fields, false, extra);
      case "variable":
        this.node = operand;
        return this.fields(this.variable(operand.name), operand.fields, this.isBoxed(operand.name), extra);
      case "pipe":
        if (extra) throw this.fault(`can't give argument to non-function ${written(operand)}`);
        return this.pipeline(dot, operand);
      default:
        this.node = operand;
        if (extra) throw this.fault(`can't give argument to non-function ${written(operand)}`);
        if (operand.kind === "nil") throw this.fault("nil is not a command");
        return this.operand(dot, operand);
    }
  }

  private variable(name: string): GoValue {
    const found = this.variables.findLast((one) => one.name === name);
    if (found === undefined) throw this.fault(`undefined variable: ${name}`);
    return found.value;
  }

  private isBoxed(name: string): boolean {
    return this.variables.findLast((one) => one.name === name)?.boxed === true;
  }

  private fields(start: GoValue, names: readonly string[], inside: boolean, extra: boolean): GoValue {
    let value = start;
    let boxed = inside;
    for (const [at, name] of names.entries()) {
      value = this.field(value, name, boxed, extra && at === names.length - 1);
      boxed = true;
    }
    if (names.length === 0 && extra) throw this.fault(`can't give argument to non-function ${written(this.node!)}`);
    return value;
  }

  /** `boxed`: the value came out of a map or list, so that Go knows it as interface {} only. */
  private field(value: GoValue, name: string, boxed: boolean, extra: boolean): GoValue {
    if (value === undefined) return undefined;
    if (value === null) {
      if (!boxed) return undefined;
      throw this.fault(`nil pointer evaluating interface {}.${name}`);
    }
    if (!(value instanceof RegoObject))
      throw this.fault(`can't evaluate field ${name} in type ${boxed ? "interface {}" : goType(value)}`);
    if (extra) throw this.fault(`${name} is not a method but has arguments`);
    return value.get(name) as GoValue;
  }

  private operand(dot: GoValue, operand: Operand): GoValue {
    this.node = operand;
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "bool":
      case "string":
        return operand.value;
      case "number": {
        if (typeof operand.value === "bigint" && operand.value !== BigInt.asIntN(64, operand.value))
          throw this.fault(`${operand.source} overflows int`);
        return new GoNumber(operand.value);
      }
      case "field":
        return this.fields(dot, operand.names, this.boxedDot, false);
      case "variable":
        return this.fields(this.variable(operand.name), operand.fields, this.isBoxed(operand.name), false);
      case "chain":
        return this.fields(this.operand(dot, operand.of), operand.fields, false, false);
      case "pipe":
        return this.pipeline(dot, operand);
      case "function":
        return this.apply(dot, operand.name, operand, []);
    }
  }

  private apply(
    dot: GoValue,
    name: string,
    node: Command | Operand,
    args: readonly (Operand | { readonly final: GoValue })[],
  ): GoValue {
    const { count, more, run } = functions[name]!;
    if (more ? args.length < count : args.length !== count)
      throw this.fault(`wrong number of args for ${name}: want ${more ? "at least " : ""}${count} got ${args.length}`);
    const evaluated: GoValue[] = [];
    for (const [at, arg] of args.entries()) {
      const value = "final" in arg ? arg.final : this.operand(dot, arg);
      // What decides an `and` or `or` leaves the rest unevaluated.
      if ((name === "and" && !isTrue(value)) || (name === "or" && isTrue(value))) return value;
      if (name === "printf" && at === 0 && typeof value !== "string") throw this.wrongFormat(arg, value);
      // What is not there is nothing to other functions, too.
      const isMissing = value === undefined || (!("final" in arg) && arg.kind === "nil");
      evaluated.push(isMissing ? (name === "len" ? undefined : null) : value);
    }
    try {
      const result = run(evaluated);
      if (typeof result === "string" && result.length > longestText) throw new TemplateFault("the text is too long");
      return result;
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      this.node = node;
      const [first] = args;
      const called = name === "call" && first !== undefined && !("final" in first) ? ` ${written(first)}` : "";
      throw this.fault(`error calling ${name}: ${error.message.replace(/^non-function/u, `non-function${called}`)}`);
    }
  }

  private wrongFormat(arg: Operand | { readonly final: GoValue }, value: GoValue): TemplateFault {
    const isConstant = !("final" in arg) && ["number", "bool", "nil"].includes(arg.kind);
    if (isConstant && arg.kind === "nil") return this.fault("cannot assign nil to string");
    if (isConstant) return this.fault(`expected string; found ${written(arg as Operand)}`);
    if (value === undefined || value === null) return this.fault("invalid value; expected string");
    return this.fault(`wrong type for value; expected string; got ${goType(value)}`);
  }
}
