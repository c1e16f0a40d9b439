/** Every code that this package throws, as `UnlikelyError.code`. */
export const dataErrorCodes = [
  'data/file-not-found',
  'data/is-directory',
  'data/unreadable',
  'data/unknown-format',
  'data/empty',
  'data/ragged',
  'data/malformed',
  'data/encoding',
  'data/duplicate-column',
  'data/missing-column',
  'data/retyped-column',
  'data/mismatched-files',
  'data/wrong-option',
  'data/row-mismatch',
  'data/row-out-of-range',
  'data/not-writable',
  'data/disk-full',
  'data/out-of-memory',
  'data/closed',
  'data/no-images',
  'data/unreadable-images',
  'data/image-too-large',
  'data/no-image-decoder',
] as const;

export type DataErrorCode = (typeof dataErrorCodes)[number];
