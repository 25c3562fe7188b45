// Places in documents: LSP's lines and characters from 0, in the encoding agreed at `initialize`.

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}
