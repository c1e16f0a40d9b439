import { Database } from './duckdb/duckdb.ts';
import { isFolder, listFolder } from './image/image-files.ts';
import { expandPath } from './input/expand-path.ts';

/**
 * The files that an input stands for: a path, those that a glob matches, the images in a folder; none
 * for standard input, and for what is not there.
 */
export async function inputFiles(input: string): Promise<readonly string[]> {
  if (input === '-') return [];
  if (await isFolder(input)) return (await listFolder(input)).images;
  if (!/[*?[]/.test(input)) return [input];
  const database = await Database.open();
  try {
    return await expandPath(database, input);
  } catch {
    // Whoever opens it says what is wrong with it.
    return [];
  } finally {
    await database.close();
  }
}
