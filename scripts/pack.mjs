/**
 * `npm run pack [-- FOLDER]`: the tarballs of a release in FOLDER (default `release`), those that fit
 * this machine; `-- FOLDER --all` adds those of the other platforms, in a folder of their own, since
 * npm refuses a foreign one that is named.
 *
 * ONNX Runtime's own package holds the binaries of five platforms, 288 MB, and its install script
 * fetches more from outside of the registry. Users get one small package for their platform instead,
 * as an optional dependency without any script.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { packageFolders, root } from './packages.mjs';

const execute = promisify(execFile);
const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const native = join(root, 'node_modules/onnxruntime-node');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const release = resolve(positionals[0] ?? join(root, 'release'));
const runtime = await readJson(join(root, 'packages/runtime/package.json'));
const onnxruntime = await readJson(join(native, 'package.json'));
const stage = await mkdtemp(join(tmpdir(), 'unlikely-pack-'));

try {
  await mkdir(release, { recursive: true });
  for (const folder of packageFolders) await packOurs(folder);
  for (const platform of platforms) {
    const isHost = platform === `${process.platform}-${process.arch}`;
    if (!isHost && !values.all) continue;
    const to = isHost ? release : join(release, 'other-platforms');
    await mkdir(to, { recursive: true });
    await packEngine(platform, to);
  }
} finally {
  await rm(stage, { recursive: true, force: true });
}

/** A package of ours, as it stands in its folder; the engines are named where it is released only. */
async function packOurs(folder) {
  if (folder !== 'packages/runtime') return pack(join(root, folder), release);
  const copy = join(stage, 'runtime');
  for (const name of [...runtime.files, 'README.md', 'LICENSE']) {
    await cp(join(root, folder, name), join(copy, name), { recursive: true });
  }
  const engines = platforms.map((platform) => [engineName(platform), runtime.version]);
  await writeJson(join(copy, 'package.json'), {
    ...runtime,
    optionalDependencies: Object.fromEntries(engines),
  });
  return pack(copy, release);
}

/** ONNX Runtime for one platform: its JavaScript and that platform's binaries, no install script. */
async function packEngine(platform, to) {
  const [os, cpu] = platform.split('-');
  const copy = join(stage, platform);
  const binaries = `bin/napi-v6/${os}/${cpu}`;
  for (const name of ['dist', binaries]) {
    await cp(join(native, name), join(copy, name), { recursive: true });
  }
  // The same library twice; the binding names the one with the short version.
  if (os === 'darwin')
    await rm(join(copy, binaries, `libonnxruntime.${onnxruntime.version}.dylib`));
  await cp(join(root, 'packages/runtime/licences/onnxruntime'), copy, { recursive: true });
  await cp(join(root, 'CHANGELOG.md'), join(copy, 'CHANGELOG.md'));
  const { version, license, author, repository, homepage, bugs, engines } = runtime;
  await writeJson(join(copy, 'package.json'), {
    name: engineName(platform),
    version,
    description: `ONNX Runtime ${onnxruntime.version} for ${os} ${cpu}, for @unlikely/runtime`,
    license,
    author,
    repository,
    homepage,
    bugs,
    engines,
    keywords: ['onnx', 'onnxruntime'],
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: ['glibc'] }),
    main: 'dist/index.js',
    files: ['dist', 'bin', 'LICENSE', 'CHANGELOG.md', 'third-party-notices.txt', '!**/*.map'],
    dependencies: { 'onnxruntime-common': onnxruntime.dependencies['onnxruntime-common'] },
  });
  await writeFile(
    join(copy, 'README.md'),
    `# ${engineName(platform)}\n\nThe native part of ONNX Runtime ${onnxruntime.version} for ${os} ${cpu}, unchanged and without an install script, for\n\`@unlikely/runtime\`. ONNX Runtime is made by Microsoft and has the MIT licence.\n`,
  );
  return pack(copy, to);
}

function engineName(platform) {
  return `@unlikely/onnxruntime-${platform}`;
}

async function pack(folder, to) {
  const { stdout } = await execute(
    'npm',
    ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', to],
    // npm is a script of its own name on Windows.
    { shell: process.platform === 'win32', maxBuffer: 1 << 26 },
  );
  const [{ filename, size, unpackedSize }] = JSON.parse(stdout);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${join(to, filename)}: ${megabytes(size)}, installed ${megabytes(unpackedSize)}`);
}

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function writeJson(path, value) {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
