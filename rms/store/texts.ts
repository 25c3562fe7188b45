// Samples of policies and server-side includes of domains: named texts, each change recorded.
import type { Page } from "./page.ts";
import type { Recording } from "./roles.ts";

export interface Shelf {
  readonly kind: "samples" | "includes";
  readonly domain: string;
  /** Empty for what belongs to the whole domain. */
  readonly policy: string;
}

export interface TextReads {
  get(shelf: Shelf, name: string): Promise<string | undefined>;
  /** In the order of the names. */
  names(shelf: Shelf, page?: Page<string>): Promise<readonly string[]>;
  /** Every text of the shelf by its name. */
  all(shelf: Shelf): Promise<ReadonlyMap<string, string>>;
}

export interface TextWrites extends TextReads {
  put(shelf: Shelf, name: string, text: string, by: Recording): Promise<void>;
  end(shelf: Shelf, name: string, by: Recording): Promise<void>;
}
