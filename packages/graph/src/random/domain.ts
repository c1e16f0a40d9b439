/**
 * The third and fourth counter words. Each use of a key has its own pair, so that the values that
 * `fillNormal`, `fillUniform`, `fillIntegers` and the stream itself draw under one key never share words.
 */
export const domain = { sequence: 0, normal: 1, uniform: 2, integer: 3 } as const;

/** The fourth counter word of every draw, and of the derivation of a sub-stream's key. */
export const purpose = { draw: 0, splitNumber: 1, splitText: 2, splitEnd: 3 } as const;
