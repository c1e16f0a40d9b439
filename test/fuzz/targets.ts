import { imageTarget } from './image-files.ts';
import { modelTarget } from './model-file.ts';
import { tableTarget } from './table-files.ts';
import type { Target } from './target.ts';

/** Everything that reads what strangers bring. */
export const targets: readonly Target[] = [
  modelTarget,
  imageTarget,
  ...(['csv', 'tsv', 'json', 'ndjson', 'parquet'] as const).map(tableTarget),
];
