import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '@unlikely/detect';
import { madeCsv } from './made-table.ts';
import { findPython, withoutPython } from './find-python.ts';
import { Database } from '../packages/data/src/duckdb/duckdb.ts';
import { filesBelow, root, sharedData } from './repository.ts';
import { parseCsv, runUnlikely, sample, temporaryFolder, unlikelyProgram } from './run-unlikely.ts';

const execute = promisify(execFile);
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  'packages/unlikely/sample/README.md',
  'docs/generate.md',
  'docs/library.md',
];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

function codeBlocks(page: string, language: string): string[] {
  return [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, tag]) => tag === language)
    .map(([, , code]) => code!);
}

// Inside the repository, so that `import … from 'unlikely'` finds the package.
const folder = mkdtempSync(join(root, 'test/documentation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const withId = (line: string, row: number): string => `${line},t-${row}`;
  const table = (rows: number, head: string, edit: (line: string, row: number) => string): string =>
    madeCsv(rows, edit).replace('x,y,count,side', `x,y,count,side${head}`);
  writeFileSync(join(folder, 'normal.csv'), table(400, ',id', withId));
  writeFileSync(
    join(folder, 'mixed.csv'),
    table(400, ',id', (line, row) => withId(row % 25 === 3 ? '5,-5,3,left' : line, row)),
  );
  writeFileSync(
    join(folder, 'new.csv'),
    table(40, ',id', (line, row) => withId(row === 17 ? '0,0,3,left' : line, row)),
  );
  for (const [name, rows] of [
    ['payments.csv', 500],
    ['newer-payments.csv', 240],
  ] as const) {
    const labelled = table(rows, ',id,fraud', (line, row) =>
      row % 25 === 3 ? `0,0.${row},3,left,${row},1` : `${line},${row},0`,
    );
    writeFileSync(join(folder, name), labelled);
  }
});

describe('the README', () => {
  const commands = codeBlocks('README.md', 'sh').flatMap((block) => block.trim().split('\n'));

  it('has the figures of the demo', async () => {
    const { output } = await runUnlikely(['demo', '--json'], { folder });
    const { baselines } = JSON.parse(output).evaluation as Evaluation;
    const printed = [
      ...read('README.md').matchAll(/^\| \**([\w ]+?)\** +\| +\**(0\.\d+)\** \|$/gm),
    ];
    const figures = Object.fromEntries(
      printed.map(([, name, auroc]): [string, number] => [name!, Number(auroc)]),
    );
    const { unlikely, ...others } = figures;
    expect(unlikely).toBeCloseTo(baselines[0]!.ours!, 2);
    expect(Object.values(others)).toHaveLength(4);
    for (const auroc of Object.values(others)) {
      const closest = Math.min(...baselines.map((each) => Math.abs(each.auroc! - auroc)));
      expect(closest).toBeLessThan(0.005);
    }
  });

  it('names the two commands that a newcomer runs', () => {
    expect(commands.slice(0, 2)).toEqual(['npm ci', 'npx unlikely demo']);
  });

  it('has commands that work in the order in which they stand', async () => {
    // The demo runs above.
    const own = commands.filter(
      (command) => command.startsWith('npx unlikely ') && command !== 'npx unlikely demo',
    );
    expect(own.length).toBeGreaterThan(5);
    for (const command of own) {
      const { status, notes } = await runUnlikely(command.split(' ').slice(2), { folder });
      expect([command, status, status === 0 ? '' : notes]).toEqual([command, 0, '']);
    }
    const scores = readFileSync(join(folder, 'scores.csv'), 'utf8');
    expect(scores).toMatch(/^row,score,standard_error,p_value,is_anomaly,/);
  }, 180_000);

  it.each(codeBlocks('README.md', 'js').map((code, index) => [index + 1, code] as const))(
    'has JavaScript that runs: block %i',
    async (index, code) => {
      const path = join(folder, `block-${index}.mjs`);
      writeFileSync(path, code);
      const { stdout } = await execute(process.execPath, [path], { cwd: folder });
      // What a comment promises is printed.
      for (const [, promised] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) {
        expect(stdout).toContain(promised);
      }
    },
  );
});

describe('the page on making rows', () => {
  it('has commands that work in the order in which they stand', async () => {
    copyFileSync(sample.normal, join(folder, 'normal-connections.csv.gz'));
    copyFileSync(sample.fresh, join(folder, 'new-connections.csv.gz'));
    const blocks = codeBlocks('docs/generate.md', 'sh').join('').replaceAll('\\\n  ', '');
    const commands = blocks.trim().split('\n');
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      const { status, notes } = await runUnlikely(command.split(' ').slice(2), { folder });
      expect([command, status, status === 0 ? '' : notes]).toEqual([command, 0, '']);
    }
  }, 180_000);

  it.each(codeBlocks('docs/generate.md', 'js').map((code, index) => [index + 1, code] as const))(
    'has JavaScript that runs: block %i',
    async (index, code) => {
      const path = join(folder, `generate-${index}.mjs`);
      writeFileSync(path, code);
      const { stdout } = await execute(process.execPath, [path], { cwd: folder });
      expect(stdout.trim().split('\n').length).toBeGreaterThan(1);
    },
    180_000,
  );
});

describe('the page on the library', () => {
  it.each(codeBlocks('docs/library.md', 'js').map((code, index) => [index + 1, code] as const))(
    'has JavaScript that runs, and prints what it promises: block %i',
    async (index, code) => {
      const path = join(folder, `library-${index}.mjs`);
      writeFileSync(path, code);
      const { stdout } = await execute(process.execPath, [path], { cwd: folder });
      for (const [, promised] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) {
        expect(stdout).toContain(promised);
      }
    },
    180_000,
  );

  it('has Python that runs, and prints what it promises', async ({ skip }) => {
    const python = await findPython();
    if (python === undefined) skip(withoutPython);
    const [code] = codeBlocks('docs/library.md', 'python');
    const own = join(folder, 'python');
    mkdirSync(own);
    copyFileSync(join(folder, 'new.csv'), join(own, 'new.csv'));
    const train = ['train', '../normal.csv', '-o', 'model.onnx', '--ignore', 'id', '--seed', '1'];
    expect((await runUnlikely(train, { folder: own })).status).toBe(0);
    const { stdout } = await execute(python!, ['-c', code!], {
      cwd: own,
      env: {
        ...process.env,
        PYTHONPATH: join(root, 'examples/python'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    const promised = [...code!.matchAll(/^print\(.*\)  # (.+)$/gm)];
    expect(promised).toHaveLength(3);
    for (const [, line] of promised) expect(stdout).toContain(line);
  });
});

describe('links', () => {
  it.each(pages)('of %s lead to files', (page) => {
    const broken = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(broken).toEqual([]);
  });
});

describe('examples', () => {
  const output = temporaryFolder();

  it('are all listed and all run here', () => {
    const files = filesBelow('examples').filter((file) => !/README\.md$|\.pyc$/.test(file));
    for (const file of files)
      expect(read('examples/README.md')).toContain(file.slice('examples/'.length));
    expect(files).toHaveLength(12);
  });

  /** Runs an example of the shell: `npx` without its start-up time, and without a look at the registry. */
  async function shellExample(name: string, ...parameters: string[]): Promise<string> {
    const bin = join(output, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'npx'),
      `#!/bin/sh\nshift\nexec "${process.execPath}" "${unlikelyProgram}" "$@"\n`,
      { mode: 0o755 },
    );
    const { stdout } = await execute('bash', [`examples/${name}`, output, ...parameters], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    });
    return stdout;
  }

  it.runIf(process.platform !== 'win32')(
    '01 goes from rows to a report',
    async () => {
      expect(await shellExample('01-command-line.sh')).toMatch(/AUROC 0\.9/);
      expect(existsSync(join(output, 'report.html'))).toBe(true);
    },
    120_000,
  );

  it.runIf(process.platform !== 'win32')(
    '04 makes rows, moves them and draws a map',
    async () => {
      const way = parseCsv(await shellExample('04-generate.sh'));
      expect(way.map(({ protocol_type: protocol }) => protocol).join(' ')).toMatch(
        /^(tcp )+udp( udp)*$/,
      );
      const lines = (name: string): string[] =>
        readFileSync(join(output, name), 'utf8').trimEnd().split('\n');
      expect(lines('made.csv')).toHaveLength(1001);
      expect(lines('denoised.csv')).toHaveLength(2025);
      const datagrams = lines('datagrams.csv').filter((line) => line.includes(',udp,'));
      expect(datagrams.length).toBeGreaterThan(3500);
      expect(readFileSync(join(output, 'map.png')).length).toBeGreaterThan(20_000);
    },
    120_000,
  );

  /** A few of the images: what the examples do with all of them takes minutes. */
  async function fewImages(): Promise<string> {
    const [from, few] = [join(sharedData!, 'images'), join(output, 'few')];
    mkdirSync(few, { recursive: true });
    const database = await Database.open();
    try {
      for (const [name, count] of [
        ['mnist_train', 500],
        ['mnist_test', 200],
        ['chest_xray_64_train', 300],
        ['chest_xray_64_test', 120],
      ] as const) {
        const [source, target] = [from, few].map((folder) => join(folder, `${name}.parquet`));
        await database.run(
          `COPY (SELECT * FROM '${source}' ORDER BY hash(name) LIMIT ${count}) TO '${target}' (FORMAT parquet)`,
        );
      }
    } finally {
      await database.close();
    }
    return few;
  }

  it.runIf(process.platform !== 'win32')(
    '05 to 07 train on images and compare',
    async ({ skip }) => {
      if (sharedData === undefined) skip('the images in ../shared/data are absent');
      const few = await fewImages();
      const pictures = (name: string): string[] => readdirSync(join(output, name));
      expect(await shellExample('05-images-mnist.sh', '40', few)).toMatch(/AUROC 0\.\d/);
      expect(pictures('digits').filter((file) => file.endsWith('.png')).length).toBeGreaterThan(10);
      expect(await shellExample('06-images-chest-x-rays.sh', '10', few)).toMatch(
        /nearest neighbours/,
      );
      const alerts = parseCsv(readFileSync(join(output, 'lungs.csv'), 'utf8'));
      expect(alerts.filter(({ is_anomaly: flag }) => flag === 'true')).toHaveLength(20);
      const both = await shellExample('07-images-autoencoder.sh', '40', few);
      expect([...both.matchAll(/AUROC 0\.\d/g)]).toHaveLength(2);
    },
    480_000,
  );

  it('02 uses the library', async () => {
    const { stdout } = await execute(process.execPath, ['examples/02-library.mjs'], { cwd: root });
    expect(stdout).toMatch(/^\d+ of 2024 connections are unlikely$/m);
    expect(stdout).toContain('a point of the circle is an outlier: false; its middle: true');
  });

  it('python/unlikely.py gets the same scores in Python', async ({ skip }) => {
    const python = await findPython();
    if (python === undefined) skip(withoutPython);
    const model = join(output, 'python.onnx');
    const trained = await runUnlikely(['train', sample.normal, '-o', model, '--steps', '100'], {
      folder: output,
    });
    expect(trained.status).toBe(0);
    const program = 'examples/python/unlikely.py';
    const { stdout } = await execute(python!, [program, model, sample.fresh], {
      cwd: root,
      maxBuffer: 1e8,
    });
    const { output: text } = await runUnlikely(['score', model, sample.fresh], { folder: output });
    expect(stdout.split('\n')[0]).toBe(text.split('\n')[0]);
    const [theirs, ours] = [stdout, text].map((each) =>
      parseCsv(each).map(({ score }) => Number(score)),
    ) as [number[], number[]];
    expect(theirs).toHaveLength(ours.length);
    const differences = ours.map(
      (score, row) => Math.abs(score - theirs[row]!) / Math.max(1, Math.abs(score)),
    );
    // Another build of the runtime may round otherwise.
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
});
