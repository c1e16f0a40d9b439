import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeFileWhole } from '@unlikely/data';
import { madeCsv } from './made-table.ts';
import { runUnlikely, startUnlikely, temporaryFolder, unlikelyProgram } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
/** As a process of its own, whose standard output is a file of its own. */
const runAlone = (...parameters: string[]): Promise<Ended> =>
  startUnlikely(parameters, { folder }).ended;
const quick = ['--steps', '20'];
const isPosix = process.platform !== 'win32';
/** Devices are made by root alone, and not in every container. */
const canMakeDevices = isPosix && spawnSync('mknod', [at('device'), 'c', '1', '3']).status === 0;

/** Contents of everything that a refused run must leave as it is. */
function contents(): Record<string, string> {
  const names = readdirSync(folder).filter((name) => lstatSync(at(name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(at(name), 'latin1')]));
}

beforeAll(async () => {
  writeFileSync(at('data.csv'), madeCsv(200));
  writeFileSync(at('new.csv'), madeCsv(30));
  writeFileSync(at('notes.txt'), 'not to be lost\n');
  writeFileSync(at('settings.json'), '{ "members": 1 }');
  linkSync(at('data.csv'), at('hard.csv'));
  symlinkSync('data.csv', at('soft.csv'));
  mkdirSync(at('tables'));
  linkSync(at('new.csv'), at('tables/one.csv'));
  expect((await run('train', 'data.csv', '-o', 'model.onnx', ...quick)).status).toBe(0);
  linkSync(at('model.onnx'), at('model-too.onnx'));
  writeFileSync(at('foreign.onnx.checkpoint'), 'of another program');
});

describe('an output that is an input is refused before any work', () => {
  const train = ['train', 'data.csv', ...quick];
  const score = ['score', 'model.onnx'];
  it.each([
    [[...train, '-o', 'data.csv']],
    [[...train, '-o', './data.csv']],
    [[...train, '-o', 'hard.csv']],
    [[...train, '-o', 'soft.csv']],
    [['train', 'soft.csv', ...quick, '-o', 'hard.csv']],
    [[...train, '--config', 'settings.json', '-o', 'settings.json']],
    [[...train, '--from', 'model.onnx', '-o', 'model.onnx']],
    [[...train, '-o', 'out.onnx', '--checkpoint', 'data.csv']],
    [[...train, '-o', 'out.onnx', '--checkpoint', 'hard.csv']],
    [[...train, '-o', 'out.onnx', '--from', 'model.onnx', '--checkpoint', 'model-too.onnx']],
    [[...train, '-o', 'out.onnx', '--contaminated', '--suspects', 'data.csv']],
    [[...score, 'new.csv', '-o', 'new.csv']],
    [[...score, '*w.csv', '-o', 'new.csv']],
    [[...score, 'tables/*.csv', '-o', 'new.csv']],
    [['report', 'model.onnx', 'new.csv', '-o', 'model.onnx']],
    [['report', 'model.onnx', 'new.csv', '-o', 'model-too.onnx']],
    [['evaluate', 'model.onnx', 'new.csv', '--label', 'side', '--report', 'new.csv']],
    [['plot', 'model-too.onnx', '--picture', 'loss', '-o', 'model.onnx']],
    [['generate', 'model.onnx', '-o', 'model-too.onnx']],
    [['denoise', 'model.onnx', 'new.csv', '-o', 'tables/one.csv']],
    [['attribute', 'model.onnx', 'new.csv', '--name', 'n', '--with', 'side=left', '-o', 'new.csv']],
  ])('%j', async (parameters) => {
    const before = contents();
    const { status, notes } = await run(...parameters);
    expect(notes).toMatch(/expected an output that is no input, but --\w+ \S+ is a file of/);
    expect(status).toBe(2);
    expect(contents()).toEqual(before);
  });

  it('also where the input comes by standard input', () => {
    const input = openSync(at('new.csv'), 'r');
    const { status } = spawnSync(
      process.execPath,
      [unlikelyProgram, 'score', 'model.onnx', '-', '-o', 'new.csv'],
      { cwd: folder, stdio: [input, 'pipe', 'pipe'] },
    );
    closeSync(input);
    expect(status).toBe(2);
  });

  it('but an attribute goes into its model', async () => {
    const { status } = await run(
      'attribute',
      'model.onnx',
      'data.csv',
      '--name',
      'left',
      '--with',
      'side=left',
    );
    expect(status).toBe(0);
  });
});

describe('two outputs that are one file are refused', () => {
  it.each([
    [['train', 'data.csv', '-o', 'out.onnx', '--checkpoint', 'out.onnx']],
    [['train', 'data.csv', '-o', 'out.onnx', '--checkpoint', './OUT.onnx']],
    [['train', 'data.csv', '-o', 'o', '--contaminated', '--suspects', 'o.checkpoint']],
    [['train', 'data.csv', '-o', 'notes.txt', '--contaminated', '--suspects', './notes.txt']],
  ])('%j', async (parameters) => {
    const { status, notes } = await run(...parameters, ...quick);
    expect(notes).toContain('expected outputs that differ');
    expect(status).toBe(2);
  });

  it.runIf(isPosix)('also on standard output', async () => {
    const { status } = await runAlone(
      'report',
      'model.onnx',
      'new.csv',
      '-o',
      '/dev/stdout',
      '--json',
    );
    expect(status).toBe(2);
  });
});

describe('demo', () => {
  it('takes the place of no model or report that it did not write', async () => {
    mkdirSync(at('mine'));
    for (const name of ['model.onnx', 'report.html']) writeFileSync(at(join('mine', name)), 'mine');
    const { status, notes } = await run('demo', '-o', 'mine');
    expect(status).toBe(2);
    expect(notes).toContain('expected a folder without a model or report');
    for (const name of ['model.onnx', 'report.html']) {
      expect(readFileSync(at(join('mine', name)), 'utf8')).toBe('mine');
    }
    rmSync(at('mine'), { recursive: true });
  });
});

describe('a checkpoint takes the place of none but a checkpoint', () => {
  it.each([
    [['--checkpoint', 'notes.txt']],
    [['--checkpoint', 'model.onnx']],
    [['--checkpoint', 'model.onnx', '--resume']],
    [['--checkpoint', 'tables']],
    [['--checkpoint', '/dev/null']],
    [['-o', 'foreign.onnx']],
  ])('%j', async (parameters) => {
    const before = contents();
    const { status } = await run('train', 'data.csv', '-o', 'out.onnx', ...quick, ...parameters);
    const resumed = parameters.includes('--resume');
    expect(status).toBe(parameters.includes('tables') ? 1 : resumed ? 5 : 2);
    expect(contents()).toEqual(before);
  });

  it('and an empty file, which holds nothing', async () => {
    writeFileSync(at('empty'), '');
    const { status } = await run(
      'train',
      'data.csv',
      '-o',
      'out.onnx',
      ...quick,
      '--checkpoint',
      'empty',
    );
    expect(status).toBe(0);
    expect(statSync(at('empty')).size).toBe(0);
  });
});

describe.runIf(isPosix)('what is no regular file is written into', () => {
  const report = (output: string): Promise<Ended> =>
    run('report', 'model.onnx', 'new.csv', '-o', output);

  it.skipIf(!canMakeDevices)('a device (skipped where none can be made)', async () => {
    expect((await report('device')).status).toBe(0);
    expect((await run('train', 'data.csv', '-o', 'device', ...quick)).status).toBe(0);
    expect((await run('score', 'model.onnx', 'new.csv', '-o', 'device')).status).toBe(0);
    expect(lstatSync(at('device')).isCharacterDevice()).toBe(true);
  });

  it.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', 'to-stdout'])('%s', async (output) => {
    if (!existsSync('/proc/self/fd') && output.startsWith('/proc')) return;
    if (output === 'to-stdout') symlinkSync('/dev/stdout', at(output));
    const scored = await runAlone('score', 'model.onnx', 'new.csv', '-o', output);
    expect(scored.status).toBe(0);
    expect(scored.output.trimEnd().split('\n')).toHaveLength(31);
    if (output === 'to-stdout') expect(lstatSync(at(output)).isSymbolicLink()).toBe(true);
  });

  it('an open file, from where it stands', () => {
    const command = `(echo before; "$@" -o /dev/stdout; echo after) > joined.csv 2> notes`;
    const program = [process.execPath, unlikelyProgram, 'score', 'model.onnx', 'new.csv'];
    expect(spawnSync('sh', ['-c', command, 'sh', ...program], { cwd: folder }).status).toBe(0);
    const lines = readFileSync(at('joined.csv'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(33);
    expect([lines[0], lines[32]]).toEqual(['before', 'after']);
  });

  it('a FIFO, whenever its reader comes', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const scoring = runAlone('score', 'model.onnx', 'new.csv', '-o', 'fifo');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const read = spawnSync('wc', ['-l', at('fifo')], { encoding: 'utf8' });
    expect((await scoring).status).toBe(0);
    expect(read.stdout).toMatch(/^\s*31 /);
    expect(lstatSync(at('fifo')).isFIFO()).toBe(true);
  });

  it.runIf(existsSync('/dev/full'))('a device that is full, with an error', async () => {
    const { status, notes } = await report('/dev/full');
    expect(notes).toContain('[data/disk-full]');
    expect(status).toBe(1);
  });
});

describe.runIf(isPosix)('links are followed', () => {
  it.each([
    ['model', ['train', 'data.csv', ...quick]],
    ['scores.csv', ['score', 'model.onnx', 'new.csv']],
    ['page.html', ['report', 'model.onnx', 'new.csv']],
    ['picture.svg', ['plot', 'model.onnx', '--picture', 'loss']],
  ])(
    'to an older %s, whose mode stays, and to one that is not there yet',
    async (name, command) => {
      mkdirSync(at(`${name}-folder`));
      writeFileSync(at(`${name}-folder/${name}`), 'old', { mode: 0o600 });
      symlinkSync(`${name}-folder/${name}`, at(`link-${name}`));
      symlinkSync(`link-${name}`, at(`far-${name}`));
      expect((await run(...command, '-o', `far-${name}`)).status).toBe(0);
      const info = statSync(at(`${name}-folder/${name}`));
      expect(info.mode & 0o777).toBe(0o600);
      expect(info.size).toBeGreaterThan(100);
      renameSync(at(`${name}-folder/${name}`), at(`moved-${name}`));
      expect((await run(...command, '-o', `far-${name}`)).status).toBe(0);
      expect(statSync(at(`${name}-folder/${name}`)).size).toBe(info.size);
      expect(lstatSync(at(`far-${name}`)).isSymbolicLink()).toBe(true);
      expect(readdirSync(at(`${name}-folder`))).toEqual([name]);
    },
  );

  it('but not in a circle', async () => {
    symlinkSync('circle-b', at('circle-a'));
    symlinkSync('circle-a', at('circle-b'));
    const { status, notes } = await run('report', 'model.onnx', 'new.csv', '-o', 'circle-a');
    expect(notes).toContain('its links lead nowhere');
    expect(status).toBe(1);
  });
});

describe('a file that is replaced', () => {
  it('stays where it is read-only, as a shell would leave it', async () => {
    writeFileSync(at('read-only.csv'), 'kept');
    chmodSync(at('read-only.csv'), 0o444);
    const { status, notes } = await run('score', 'model.onnx', 'new.csv', '-o', 'read-only.csv');
    expect(notes).toContain('[command/not-writable]');
    expect(status).toBe(1);
    expect(readFileSync(at('read-only.csv'), 'utf8')).toBe('kept');
  });

  it.runIf(isPosix && process.getuid?.() === 0)('keeps its owner', async () => {
    writeFileSync(at('owned.csv'), '');
    execFileSync('chown', ['12345:12346', at('owned.csv')]);
    chmodSync(at('owned.csv'), 0o640);
    expect((await run('score', 'model.onnx', 'new.csv', '-o', 'owned.csv')).status).toBe(0);
    const { uid, gid, mode } = statSync(at('owned.csv'));
    expect([uid, gid, mode & 0o777]).toEqual([12345, 12346, 0o640]);
  });

  it('may have a name of any length that the file system takes', async () => {
    const name = `${'ä'.repeat(120)}.csv`;
    await writeFileWhole(at(name), 'a');
    await writeFileWhole(at(name), 'b');
    expect(readFileSync(at(name), 'utf8')).toBe('b');
  });
});
