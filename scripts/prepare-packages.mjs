/**
 * Puts into each package what its tarball needs and what is kept once in the repository, or comes
 * from another package: licence, changelog, notices of third parties, and ONNX Runtime for
 * WebAssembly, of which a user needs three files of forty. Run by `npm ci`; nothing of it is committed.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolders, root } from './packages.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const web = join(root, 'node_modules/onnxruntime-web/dist');
const engine = join(root, 'packages/runtime/engine');

await mkdir(engine, { recursive: true });
const module = await readFile(join(web, 'ort.wasm.bundle.min.mjs'), 'utf8');
// Its source map stays where it is; a comment that names a missing one makes bundlers complain.
await writeFile(join(engine, 'ort.wasm.mjs'), module.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
  await copyFile(join(web, file), join(engine, file));
}

// The page of the package is the page of the project, whose pictures and pages are not in the tarball.
const { homepage } = JSON.parse(
  await readFile(join(root, 'packages/unlikely/package.json'), 'utf8'),
);
const home = homepage.replace(/#.*$/, '');
const readme = await readFile(join(root, 'README.md'), 'utf8');
await writeFile(
  join(root, 'packages/unlikely/README.md'),
  readme
    .replaceAll(/(!\[[^\]]*\])\((?!https?:|#)([^)]+)\)/g, `$1(${home}/raw/main/$2)`)
    .replaceAll(/(?<!!\[[^\]]*)\]\((?!https?:|#)([^)]+)\)/g, `](${home}/blob/main/$1)`),
);

for (const folder of packageFolders) {
  const to = join(root, folder);
  for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(to, file));
  await writeFile(join(to, 'THIRD-PARTY-NOTICES.md'), await thirdPartyNotices(folder));
}
