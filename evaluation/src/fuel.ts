// How many steps an evaluation may take where nobody says otherwise.

/** Loop steps that take some seconds: a backstop for what waits for an answer without a clock, or whose time limit comes first. */
export const backstopFuel = 2_000_000_000n;
