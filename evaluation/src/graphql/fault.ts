// What is wrong with a GraphQL text or tree, with its place, as gqlparser words it.
import type { Position } from "./ast.ts";

/** Thrown inside of this folder and by its functions; the message begins with `input:line:column: ` where the place is known. */
export class GraphqlFault extends Error {}

export function faultAt(position: Position | undefined, message: string, file = "input"): GraphqlFault {
  return new GraphqlFault(placed(position, message, file));
}

export function placed(position: Position | undefined, message: string, file = "input"): string {
  return position === undefined ? `${file}: ${message}` : `${file}:${position.line}:${position.column}: ${message}`;
}
