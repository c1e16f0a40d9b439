import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { constant, makeGraph, input, add, writeModel } from '@unlikely/graph';
import { writeSealedModel } from '../packages/detect/src/bytes/checksum.ts';
import { madeCsv } from './made-table.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const rows = 200;
const steps = ['--steps', '20'];
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });

beforeAll(async () => {
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  const lines = (head: string, line: (row: number) => string): string =>
    [head, ...Array.from({ length: rows }, (_, row) => line(row)), ''].join('\n');
  const at = (place: number, value: string) => (line: string, row: number) =>
    row === place ? value : line;
  write('good.csv', madeCsv(rows));
  write('empty.csv', '');
  write('header-only.csv', 'a,b,c\n');
  write('one-row.csv', 'a,b,c\n1,2,3\n');
  write(
    'one-column.csv',
    lines('a', (row) => Math.sin(row).toFixed(4)),
  );
  write(
    'constant.csv',
    lines('a,b', () => '1,x'),
  );
  write(
    'missing.csv',
    lines('a,b', () => ',NA'),
  );
  write('ragged.csv', madeCsv(rows, at(100, '1,2,3,left,5')));
  write(
    'latin-1.csv',
    Buffer.from(
      lines('a,b', (row) => `${row % 9},café`),
      'latin1',
    ),
  );
  write(
    'duplicate.csv',
    lines('a,a,b', (row) => `${row % 9},1,2`),
  );
  write(
    'unnamed.csv',
    lines('a,,b', (row) => `${Math.sin(row)},${row % 9},${Math.cos(row)}`),
  );
  write('infinite.csv', madeCsv(rows, at(7, 'inf,-inf,1,left')));
  write('huge.csv', madeCsv(rows, at(7, '1e300,-1e300,1,left')));
  write(
    'dates.csv',
    lines(
      'when,a',
      (row) => `2024-03-${10 + (row % 20)} ${10 + (row % 13)}:00:00,${Math.sin(row)}`,
    ),
  );
  write(
    'labelled.csv',
    lines('a,b,label', (row) => `${Math.sin(row)},${Math.cos(row)},weird`),
  );
  write(
    'binary.csv',
    Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256),
  );
  write('broken.parquet', 'PAR1 and then nothing of the kind');
  write('settings.json', '{ "latentSise": 4 }');
  write('broken.json', '{ "latentSize": ');
  write('lacks-column.csv', 'x,y,side\n1,2,left\n');
  write('more-columns.csv', 'extra,side,count,y,x\n9,left,3,0.1,0.2\n8,right,4,0.3,0.4\n');
  write('other-type.csv', 'x,y,count,side\nred,2,3,left\n');
  write('unseen.csv', 'x,y,count,side\n1,0,3,upwards\n');
  mkdirSync(join(folder, 'a-folder'));

  expect((await run('train', 'good.csv', '-o', 'model.onnx', ...steps)).status).toBe(0);
  const model = readFileSync(join(folder, 'model.onnx'));
  write('truncated.onnx', model.subarray(0, model.length / 2));
  write('empty.onnx', '');
  const flipped = Uint8Array.from(model);
  flipped[Math.floor(model.length / 2)]! ^= 4;
  write('flipped.onnx', flipped);
  const x = input('x', [2]);
  const foreign = makeGraph('foreign', [x], { y: add(x, constant([1, 2])) });
  write('foreign.onnx', writeModel(foreign));
  const manifest = JSON.stringify({ formatVersion: 99, version: '9.0.0' });
  write('newer.onnx', await writeSealedModel(foreign, { 'unlikely.manifest': manifest }));
});

/** What must hold of every failure: words for people, and nothing half done. */
function expectCleanFailure({ notes, output, status }: Ended, code: string, exit: number): void {
  expect(notes).toContain(`[${code}]`);
  expect(notes).toMatch(/^error {2}\S.*\n {7}\S/m);
  expect(notes).not.toMatch(/^\s+at /m);
  expect(notes).not.toMatch(/undefined|\[object|NaN/);
  expect(output).toBe('');
  expect(status).toBe(exit);
  expect(readdirSync(folder).filter((name) => /partial|^out\./.test(name))).toEqual([]);
}

describe('train refuses', () => {
  it.each([
    ['absent.csv', 'data/file-not-found', 3],
    ['a-folder', 'data/no-images', 3],
    ['empty.csv', 'data/empty', 3],
    ['header-only.csv', 'data/empty', 3],
    ['one-row.csv', 'detect/too-few-rows', 3],
    ['missing.csv', 'detect/no-fields', 3],
    ['ragged.csv', 'data/ragged', 3],
    ['latin-1.csv', 'data/encoding', 3],
    ['duplicate.csv', 'data/duplicate-column', 3],
    ['broken.parquet', 'data/unreadable', 3],
  ])('%s as %s', async (name, code, exit) => {
    expectCleanFailure(await run('train', name, '-o', 'out.onnx', ...steps), code, exit);
  });

  it.each([
    [['--label', 'absent'], 'labelled.csv', 'data/missing-column', 3],
    [['--label', 'label'], 'labelled.csv', 'detect/normal-values', 3],
    [['--label', 'label', '--normal', 'fine'], 'labelled.csv', 'detect/normal-values', 3],
    [['--ignore', 'absent'], 'good.csv', 'data/missing-column', 3],
    [['--config', 'settings.json'], 'good.csv', 'detect/configuration', 2],
    [['--config', 'broken.json'], 'good.csv', 'usage/configuration', 2],
    [['-o', 'no-such-folder/out.onnx'], 'good.csv', 'command/not-writable', 1],
    [['-o', 'a-folder'], 'good.csv', 'command/not-writable', 1],
  ] as const)('%j with %s as %s', async (options, name, code, exit) => {
    expectCleanFailure(
      await run('train', name, '-o', 'out.onnx', ...steps, ...options),
      code,
      exit,
    );
  });

  it.runIf(process.getuid?.() !== 0)('a file that may not be read', async () => {
    writeFileSync(join(folder, 'secret.csv'), madeCsv(20));
    chmodSync(join(folder, 'secret.csv'), 0);
    expectCleanFailure(await run('train', 'secret.csv', '-o', 'out.onnx'), 'data/unreadable', 3);
  });
});

describe('train takes', () => {
  it.each([
    ['one-column.csv', []],
    ['constant.csv', []],
    ['unnamed.csv', []],
    ['infinite.csv', []],
    ['huge.csv', []],
    ['dates.csv', []],
    ['latin-1.csv', ['--encoding', 'latin-1']],
    ['labelled.csv', ['--label', 'label', '--normal', 'weird']],
  ])('%s, and scores it with finite numbers', async (name, options) => {
    const model = `${name}.onnx`;
    const trained = await run('train', name, '-o', model, ...steps, ...options);
    expect(trained.notes).not.toContain('error');
    expect(trained.status).toBe(0);
    const reading = options[0] === '--encoding' ? options : [];
    const { status, output } = await run('score', model, name, ...reading);
    expect(status).toBe(0);
    const scored = output.trimEnd().split('\n').slice(1);
    expect(scored).toHaveLength(rows);
    for (const line of scored) {
      const [, score, standardError, pValue] = line.split(',').map(Number);
      expect([score, standardError, pValue].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('score', () => {
  it.each([
    ['model.onnx', 'lacks-column.csv', 'data/missing-column', 3],
    ['model.onnx', 'other-type.csv', 'data/retyped-column', 3],
    ['model.onnx', 'empty.csv', 'data/empty', 3],
    ['absent.onnx', 'good.csv', 'model/unreadable', 3],
    ['a-folder', 'good.csv', 'model/unreadable', 3],
    ['empty.onnx', 'good.csv', 'model/corrupt', 5],
    ['truncated.onnx', 'good.csv', 'model/corrupt', 5],
    ['flipped.onnx', 'good.csv', 'model/corrupt', 5],
    ['good.csv', 'good.csv', 'model/corrupt', 5],
    ['foreign.onnx', 'good.csv', 'model/foreign', 5],
    ['newer.onnx', 'good.csv', 'model/too-new', 5],
  ])('refuses %s with %s as %s', async (model, name, code, exit) => {
    expectCleanFailure(await run('score', model, name, '-o', 'out.csv'), code, exit);
  });

  it.each([
    [['--keep', 'absent'], 'data/missing-column', 3],
    [['--fpr', '0.0001'], 'calibrate/too-few', 2],
    [['-o', 'out.docx'], 'data/unknown-format', 3],
    [['-o', 'no-such-folder/out.csv'], 'command/not-writable', 1],
  ] as const)('refuses %j as %s', async (options, code, exit) => {
    expectCleanFailure(await run('score', 'model.onnx', 'good.csv', ...options), code, exit);
  });

  it('takes a table with more columns in another order', async () => {
    const { status, output } = await run('score', 'model.onnx', 'more-columns.csv');
    expect(status).toBe(0);
    expect(output.trimEnd().split('\n')).toHaveLength(3);
  });

  it('counts values that training never saw, and reports them', async () => {
    const { status, notes } = await run('score', 'model.onnx', 'unseen.csv');
    expect(status).toBe(0);
    expect(notes).toMatch(/^warning .*1 in side/m);
  });
});
