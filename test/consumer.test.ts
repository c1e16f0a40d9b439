import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { root } from './repository.ts';

/**
 * What a user gets: the tarballs of a release, in an empty project outside of the repository, with an
 * empty cache and nothing of the repository's settings.
 */
const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'unlikely-consumer-'));
const project = join(folder, 'project');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packageNames = ['graph', 'runtime', 'data', 'detect', 'report', 'unlikely'];

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

/** The environment of somebody who has cloned nothing: no settings of npm, an own home. */
function environment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, npm_config_registry: registry } = process.env;
  return {
    PATH,
    HOME: join(folder, 'home'),
    ...(registry === undefined ? {} : { npm_config_registry: registry }),
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
    ...variables,
  };
}

async function run(
  command: string,
  parameters: readonly string[],
  variables = {},
): Promise<string> {
  const { stdout, stderr } = await execute(command, [...parameters], {
    cwd: project,
    env: environment(variables),
    maxBuffer: 1 << 26,
  });
  return stdout + stderr;
}

describe('the tarballs', () => {
  const dryRun = async (name: string): Promise<Packed> => {
    const parameters = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await execute('npm', parameters, { cwd: join(root, 'packages', name) });
    return (JSON.parse(stdout) as Packed[])[0]!;
  };

  it.each(packageNames)(
    'of %s hold what runs, its sources and its papers, nothing else',
    async (name) => {
      const paths = (await dryRun(name)).files.map(({ path }) => path);
      for (const paper of ['README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.md']) {
        expect(paths).toContain(paper);
      }
      const folders = new Set(
        paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!),
      );
      const known = [
        'dist',
        'src',
        ...({ runtime: ['engine', 'licences'], unlikely: ['bin', 'sample'] }[name] ?? []),
      ];
      expect([...folders].sort()).toEqual(known.sort());
      expect(
        paths.filter((path) => /(^|\/)(test|fixtures?)\/|\.test\.|tsbuildinfo/.test(path)),
      ).toEqual([]);
    },
  );

  it.each(packageNames)('of %s have source maps of files that they hold', async (name) => {
    const paths = (await dryRun(name)).files.map(({ path }) => path);
    const maps = paths.filter((path) => path.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    const foreign = maps.flatMap((map) => {
      const { sources } = JSON.parse(readFileSync(join(root, 'packages', name, map), 'utf8')) as {
        sources: string[];
      };
      return sources
        .map((source) => posix.join(dirname(map), source))
        .filter((source) => !paths.includes(source));
    });
    expect(foreign).toEqual([]);
  });

  it.each(packageNames)('of %s say whose they are', (name) => {
    const manifest = JSON.parse(
      readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
    ) as Record<string, never>;
    expect(manifest).toMatchObject({
      license: 'MIT',
      engines: { node: '>=20.19' },
      repository: { directory: `packages/${name}` },
      exports: { './package.json': './package.json' },
    });
    for (const key of ['homepage', 'bugs', 'keywords', 'description']) {
      expect(manifest[key]).toBeTruthy();
    }
    // Nothing of ours runs while it is installed.
    expect(manifest['scripts']).toBeUndefined();
  });
});

describe('a project that installs them', () => {
  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    writeFileSync(join(project, 'rows.csv'), madeCsv(300));
    writeFileSync(
      join(project, 'new.csv'),
      madeCsv(20, (line, row) => (row === 7 ? '0,0,3,left' : line)),
    );
    await execute(process.execPath, [join(root, 'scripts/pack.mjs'), join(folder, 'release')]);
    const tarballs = readdirSync(join(folder, 'release'))
      .filter((file) => file.endsWith('.tgz'))
      .map((file) => join(folder, 'release', file));
    await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs]);
  }, 300_000);

  const size = (path: string): number =>
    readdirSync(path, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

  const native = join(
    project,
    'node_modules/@unlikely',
    `onnxruntime-${process.platform}-${process.arch}`,
  );

  it('takes at most 200 MB with the native runtime, 160 MB without', () => {
    const all = size(join(project, 'node_modules'));
    expect(all).toBeLessThan(200e6);
    expect(all - (existsSync(native) ? size(native) : 0)).toBeLessThan(160e6);
  });

  it('trains and scores on the command line, with the native runtime, and sends nothing', async () => {
    const home = join(folder, 'home');
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    const bin = join(project, 'node_modules/.bin/unlikely');
    const notes = await run(bin, ['train', 'rows.csv', '-o', 'model.onnx', '--steps', '300'], {
      TMPDIR: temporary,
    });
    expect(notes).not.toContain('WebAssembly');
    const scores = await run(bin, ['score', 'model.onnx', 'new.csv', '--explain', '1'], {
      TMPDIR: temporary,
    });
    expect(scores).toMatch(/^7,.*,true,/m);
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  const program = `import { Detector } from 'unlikely';
const detector = await Detector.load('model.onnx');
const scores: number[] = [];
for await (const batch of detector.score('new.csv')) scores.push(...batch.score);
await detector.dispose();
console.log(JSON.stringify(scores));
`;
  const entries = `import * as all from 'unlikely';
import { ImageDetector } from 'unlikely/image';
import manifest from 'unlikely/package.json' with { type: 'json' };
import { renderReport, type ReportData } from 'unlikely/report';
import { Detector, type Prediction } from 'unlikely/table';
export const page: (data: ReportData) => Promise<string> = renderReport;
export const predictions = (detector: Detector): AsyncGenerator<Prediction> => detector.predict('new.csv');
console.log(all.Detector === Detector, all.ImageDetector === ImageDetector, page === renderReport, manifest.version);
`;
  const javaScript = program.replace(': number[]', '');

  it('compiles against the declarations, all of them checked', async () => {
    writeFileSync(join(project, 'program.ts'), program);
    writeFileSync(join(project, 'entries.ts'), entries);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      target: 'es2023',
      module: 'nodenext',
      resolveJsonModule: true,
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['program.ts', 'entries.ts'] }),
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    expect(await run(process.execPath, [compiler, '-p', '.'])).toBe('');
    expect(JSON.parse(await run(process.execPath, ['program.js']))).toHaveLength(20);
    expect(await run(process.execPath, ['entries.js'])).toMatch(/^true true true 0\.\d/);
  });

  it('works without the native runtime, and says so with the way to it', async () => {
    writeFileSync(join(project, 'program.mjs'), javaScript);
    const nativeScores = JSON.parse(await run(process.execPath, ['program.mjs'])) as number[];
    rmSync(native, { recursive: true, force: true });
    const { stdout, stderr } = await execute(process.execPath, ['program.mjs'], {
      cwd: project,
      env: environment(),
    });
    expect(stderr).toContain(
      'npm install --save-optional onnxruntime-node@1.30.0 --ignore-scripts',
    );
    const scores = JSON.parse(stdout) as number[];
    scores.forEach((score, row) => expect(score).toBeCloseTo(nativeScores[row]!, 4));
    const bin = join(project, 'node_modules/.bin/unlikely');
    expect(await run(bin, ['doctor'])).toContain('1.30.0, wasm');
  });
});
