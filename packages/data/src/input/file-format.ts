/** The formats that tables are read from and written to. */
export type TableFormat = 'csv' | 'tsv' | 'parquet' | 'json' | 'ndjson';

const formatOfExtension: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  txt: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  parquet: 'parquet',
  pq: 'parquet',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** The format that a file name says, a final `.gz` aside. */
export function formatOfPath(path: string): TableFormat | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path.replace(/\.gz$/i, ''))?.[1];
  return extension === undefined ? undefined : formatOfExtension[extension.toLowerCase()];
}
