/**
 * Texts that stand for "no value". `-`, `none` and `unknown` are not among them: in real tables
 * they are categories.
 */
export const defaultMissingValues: readonly string[] = [
  '',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '<NA>',
  'NaN',
  'nan',
  'NULL',
  'null',
  '?',
];
