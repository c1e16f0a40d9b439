import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** The Parquet and CSV files of a folder by name; those that `wanted` names, with or without a number before. */
export async function setFiles(folder, wanted) {
  const files = (await readdir(folder)).filter((file) => /\.(parquet|csv)$/.test(file));
  const sets = files
    .map((file) => ({ set: basename(file, extname(file)), path: join(folder, file) }))
    .sort((a, b) => parseInt(a.set) - parseInt(b.set) || (a.set < b.set ? -1 : 1));
  if (wanted === undefined) return sets;
  return wanted.map((name) => {
    const found = sets.find(({ set }) => set === name || set.replace(/^\d+_/, '') === name);
    if (found === undefined) throw new Error(`no set "${name}" in ${folder}`);
    return found;
  });
}
