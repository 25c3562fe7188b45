// A server of its own for one large file, seen from the one that starts it.
import type { Id, Passed } from "./rpc/connection.ts";

/** A server that runs elsewhere; the first message it gets is `initialize`. */
export interface Lane {
  send(message: object): void;
  stop(): void;
}

export interface LaneEvents {
  /** A message for the client as it goes on the wire, with the id of the request that it answers. */
  frame(passed: Passed, answers: Id | undefined): void;
  /** The lane ended by itself: its memory was not enough, or it failed. */
  lost(reason: string): void;
}

/** Starts a lane for a text of some length. */
export type StartLane = (events: LaneEvents, length: number) => Lane;
