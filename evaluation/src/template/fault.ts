// What is wrong with a template, in the words of Go's text/template.

/** Thrown inside of this folder only; `renderTemplate` turns it into a value. */
export class TemplateFault extends Error {}
