/** The packages that users install, in the order in which they build on each other. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const packageFolders = ['graph', 'runtime', 'data', 'detect', 'report', 'unlikely'].map(
  (name) => join('packages', name),
);
