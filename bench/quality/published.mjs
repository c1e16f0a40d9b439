import { readFile } from 'node:fs/promises';

/**
 * The published table: set → column → mean AUROC in [0, 1], from cells such as `53.69(0.15)`.
 *
 * @param {string | undefined} path
 * @returns {Promise<Map<string, Record<string, number>>>} Empty without a path.
 */
export async function readPublished(path) {
  if (path === undefined) return new Map();
  const [header, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  const names = header.trim().split(',').slice(1);
  return new Map(
    lines.map((line) => {
      const [set, ...cells] = line.trim().split(',');
      const values = cells.map((cell, index) => [names[index], parseFloat(cell) / 100]);
      return [set.toLowerCase(), Object.fromEntries(values)];
    }),
  );
}

/** `31_satimage-2` is `satimage-2` in the table. */
export function publishedName(set) {
  return set.replace(/^\d+_/, '').toLowerCase();
}
