/** The licences of what a package brings along, from the lock file and from what its tarball holds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './packages.mjs';

/** What stands in a tarball itself, beside the code of the package. */
const contents = {
  'packages/runtime': `The folder \`engine\` holds ONNX Runtime for WebAssembly, version 1.30.0, by Microsoft (MIT licence). Its
licence and the notices of what it is built from are in \`licences/onnxruntime\`.`,
  'packages/unlikely': `The folder \`sample\` holds rows of the KDD Cup 1999 data (UCI Machine Learning Repository,
https://doi.org/10.24432/C51C7N), licensed under CC BY 4.0; nothing in the rows was changed.`,
};

/** Markdown for the package in a folder of the repository. */
export async function thirdPartyNotices(folder) {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const rows = [...closure(packages, folder)]
    .map((path) => [
      path.split('node_modules/').at(-1),
      packages[path].version,
      licenceOf(packages[path]),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((cells) => `| ${cells.join(' | ')} |`);
  const inside = contents[folder] ?? 'This package holds no code of others.';
  const table =
    rows.length === 0
      ? ''
      : `\nIt depends on these packages, which npm installs beside it, each with its own licence file:

| package | version | licence |
| --- | --- | --- |
${[...new Set(rows)].join('\n')}
`;
  return `# Third-party notices\n\n${inside}\n${table}`;
}

const licenceOf = ({ license = 'see its package' }) => license.replaceAll(/[()]/g, '');

/** Paths in the lock file of all that a package depends on, its optional dependencies too. */
function closure(packages, folder) {
  const found = new Set();
  const visit = (path) => {
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = resolve(packages, path, name);
      if (at === undefined || found.has(at)) continue;
      const { link, resolved } = packages[at];
      if (link) visit(resolved);
      else {
        found.add(at);
        visit(at);
      }
    }
  };
  visit(folder);
  return found;
}

/** Where Node finds a package that another one names: in the nearest `node_modules` above it. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = [folder, 'node_modules', name].filter(Boolean).join('/');
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}
