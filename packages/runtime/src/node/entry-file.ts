/**
 * The built file of a child process's or worker's entry. From TypeScript sources (tests run on them)
 * it is found in `dist`, because Node 20 starts a process or a worker only from JavaScript.
 */
export function entryFile(name: 'child-entry' | 'worker-entry'): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/node' : '.';
  return new URL(`${folder}/${name}.js`, import.meta.url);
}
