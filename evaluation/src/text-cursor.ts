// A place in a text that is read from left to right, as JSON and Rego text are.

export class TextCursor {
  at = 0;
  protected readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** Steps over the blanks of JSON. */
  blanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  /** Steps over blanks and the bracket, if that is what follows. */
  protected closes(bracket: number): boolean {
    this.blanks();
    if (this.text.charCodeAt(this.at) !== bracket) return false;
    this.at++;
    return true;
  }
}
