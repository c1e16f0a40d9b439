import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMetadata } from '@unlikely/graph';
import { madeCsv } from './made-table.ts';
import { parseCsv, runUnlikely, temporaryFolder, unlikelyProgram } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
/** Renames the window, clears the screen, writes the clipboard, turns the line. */
const hostile = '\u001B]0;owned\u0007\u001B[2J\u009B1A\u202Ex';
const steering = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const sides = (line: string): string =>
  line.replace('left', `"${hostile}"`).replace('x,y', `"${hostile}",y`);

function expectNothingSteers({ notes, output }: Ended): void {
  expect(notes).not.toMatch(steering);
  expect(output).not.toMatch(steering);
}

beforeAll(async () => {
  const [head, ...lines] = madeCsv(200, sides).split('\n');
  const text = [head!.replace('x,y', `"${hostile}",y`), ...lines].join('\n');
  writeFileSync(join(folder, 'e.csv'), text);
  writeFileSync(join(folder, 'other.csv'), madeCsv(20));
  const trained = await run('train', 'e.csv', '-o', 'm.onnx', '--steps', '20');
  expect(trained.status).toBe(0);
  expectNothingSteers(trained);
  expect(trained.notes).toContain('\\x1b]0;owned\\x07\\x1b[2J\\u009b1A\\u202ex');
});

describe('names and values of a table steer no terminal', () => {
  it.each([
    [['inspect', 'm.onnx']],
    [['explain', 'm.onnx', 'e.csv', '--rows', '0']],
    [['score', 'm.onnx', 'other.csv']],
    [['score', 'm.onnx', `${hostile}.csv`]],
    [['train', 'e.csv', '--ignore', hostile, '-o', `${hostile}.onnx`, '--steps', '20']],
    [['evaluate', 'm.onnx', 'e.csv', '--label', 'side']],
    [['evaluate', 'm.onnx', 'e.csv', '--label', 'side', '--normal', hostile, '--no-baselines']],
    [['train', 'e.csv', '-o', 'l.onnx', '--label', 'side', '--steps', '20']],
    [[hostile]],
  ])('%j', async (parameters) => {
    expectNothingSteers(await run(...parameters));
  });

  it('nor names of images that cannot be read, each in a line of its own', async () => {
    mkdirSync(join(folder, 'images'));
    for (let index = 0; index < 3; index++) {
      writeFileSync(join(folder, 'images', `${index}\nerror ${hostile}.png`), 'text');
    }
    const refused = await run('train', 'images', '-o', 'images.onnx');
    expect(refused.status).toBe(3);
    expectNothingSteers(refused);
    expect(refused.notes).toMatch(/^ {2}0\\nerror \\x1b/m);
    expect(refused.notes.match(/^error/gm)).toHaveLength(1);
  });

  it('nor what a model says of itself', async () => {
    const { writeSealedModel } = await import('../packages/detect/src/bytes/checksum.ts');
    const { readModel } = await import('@unlikely/graph');
    const bytes = readFileSync(join(folder, 'm.onnx'));
    const manifest = JSON.parse(readMetadata(bytes)['unlikely.manifest']!);
    manifest.version = hostile;
    const model = await writeSealedModel(readModel(bytes).graph, {
      'unlikely.manifest': JSON.stringify(manifest),
    });
    writeFileSync(join(folder, 'foreign.onnx'), model);
    expectNothingSteers(await run('inspect', 'foreign.onnx'));
  });

  it('while a table in a file or a pipe holds what it held, and JSON too', async () => {
    const { output } = await run('score', 'm.onnx', 'e.csv', '--keep', 'side');
    expect(parseCsv(output).some(({ side }) => side?.includes(hostile))).toBe(true);
    const { output: json } = await run('inspect', 'm.onnx', '--json');
    const { schema } = JSON.parse(json) as { schema: { columns: { name: string }[] } };
    expect(schema.columns[0]!.name).toBe(hostile);
  });

  const script = `import os,pty,sys;sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))`;
  const hasTerminal =
    existsSync('/dev/ptmx') && spawnSync('python3', ['-c', 'import pty']).status === 0;
  it.skipIf(!hasTerminal)('and on a terminal a table is shown (skipped without Python)', () => {
    const command = [
      process.execPath,
      unlikelyProgram,
      'score',
      'm.onnx',
      'e.csv',
      '--keep',
      'side',
    ];
    const { stdout, status } = spawnSync('python3', ['-c', script, ...command], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('\\x1b]0;owned\\x07');
    // Our own colours, and the erased line of the status.
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(stdout.replaceAll(/\u001B\[(?:\d+m|2K)/g, '').replaceAll('\r', '')).not.toMatch(
      steering,
    );
    expect(stdout).not.toContain('\u001B[2J');
  });
});
