/** Orders two number texts by value. */
export declare function compareNumbers(a: string, b: string): number;
/** The integer that the text means in whatever spelling (`5.0`, `1e2`), or undefined when it is none or has more than `maxDigits` digits. */
export declare function integerOf(text: string, maxDigits?: number): bigint | undefined;
