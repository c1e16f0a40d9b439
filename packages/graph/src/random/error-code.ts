/** What the random number functions throw: an argument outside its range. */
export type RandomErrorCode = 'random/invalid-argument';

export const randomErrorCodes: readonly RandomErrorCode[] = ['random/invalid-argument'];
