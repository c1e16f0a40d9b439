import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawBar, drawRing } from './drawn-images.ts';
import { madeCsv } from './made-table.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
const quick = ['--label', 'odd', '--steps', '40'];

/** 600 rows: every tenth is odd and lies apart; every sixth says nothing of itself. */
const labels = (line: string, row: number): string => {
  const isOdd = row % 10 === 0;
  const edited = isOdd ? line.replace(/^[^,]+/, '9') : line;
  return `${edited},${row % 6 === 5 ? '' : isOdd ? 1 : 0}`;
};

beforeAll(() => {
  const text = madeCsv(600, labels).replace('side\n', 'side,odd\n');
  writeFileSync(join(folder, 'rows.csv'), text);
  const turned = text.replace(/,([01])$/gm, (_, odd: string) => `,${1 - Number(odd)}`);
  writeFileSync(join(folder, 'turned.csv'), turned);
  const sorted = text
    .trim()
    .split('\n')
    .slice(1)
    .toSorted((a, b) => (a.at(-1)! < b.at(-1)! ? -1 : 1));
  writeFileSync(join(folder, 'sorted.csv'), `x,y,count,side,odd\n${sorted.join('\n')}\n`);
});

/** A fifth of the 440 normal rows in blocks, and all others: 60 odd ones, and 100 without a label. */
function expectTested(notes: string): void {
  expect(notes).toMatch(/^test +248 rows that training did not see.*--test-share 0\.2/m);
  expect(notes).toMatch(/^rows +148, of which 60 are anomalies/m);
  expect(notes).toMatch(/^left out +100 rows without a label$/m);
  expect(notes).toMatch(/precision, F1 and accuracy are for 12.% anomalies, as among all rows$/m);
}

describe('train --label', () => {
  it('says what is normal and what it is not trained on, and tests itself on rows that it did not see', async () => {
    const { status, notes } = await run('train', 'rows.csv', '-o', 'model.onnx', ...quick);
    expect(status, notes).toBe(0);
    expect(notes).toMatch(
      /^label +odd: normal is 0 \(440\); not trained on: 1 \(60\), and 100 rows without a label$/m,
    );
    expectTested(notes);
    expect(notes).toMatch(/^ranking +AUROC 1\.000/m);
    expect(notes).toContain('learnt from the rows of the training');
  });

  it('does so in a table that is sorted by the label', async () => {
    const { notes } = await run('train', 'sorted.csv', '-o', 'sorted.onnx', ...quick);
    expectTested(notes);
  });

  it('keeps nothing with --test-share 0', async () => {
    const { notes, output } = await run(
      'train',
      'rows.csv',
      '-o',
      'all.onnx',
      ...quick,
      '--test-share',
      '0',
      '--json',
    );
    expect(notes).not.toMatch(/AUROC 1\.000/);
    const { rows, test } = JSON.parse(output);
    expect([rows.read, test]).toEqual([440, undefined]);
  });

  it('asks where a guessed value is hardly ever normal, and takes the answer', async () => {
    const { status, notes } = await run(
      'train',
      'turned.csv',
      '-o',
      'rare.onnx',
      '--label',
      'odd',
      '--steps',
      '5',
    );
    expect(status).toBe(0);
    expect(notes).toMatch(/normal is 0 \(60\)/);
    const rare = readFileSync(join(folder, 'turned.csv'), 'utf8').split('\n');
    const fewer = rare.filter((line, row) => !line.endsWith(',0') || row % 4 === 1);
    writeFileSync(join(folder, 'rare.csv'), fewer.join('\n'));
    const refused = await run('train', 'rare.csv', '-o', 'rare.onnx', '--label', 'odd');
    expect(refused.status).toBe(3);
    expect(refused.notes).toMatch(/got \d+ of \d+ with odd = 0: is that normal\?/);
    const given = await run('train', 'rare.csv', '-o', 'rare.onnx', '--normal', '1', ...quick);
    expect(given.status, given.notes).toBe(0);
  });

  it.each([
    [['train', 'rows.csv', '--test-share', '0.3']],
    [['train', 'rows.csv', '--label', 'odd', '--contaminated', '--test-share', '0.3']],
    [['train', 'rows.csv', '--label', 'odd', '--test-share', '1']],
    [['train', 'rows.csv', '--label', 'odd', '--test-share', 'x']],
  ])('%j ends with 2', async (parameters) => {
    expect((await run(...parameters, '-o', 'never.onnx')).status).toBe(2);
  });
});

describe('evaluate and report', () => {
  it('leave out rows that trained the model and rows without a label, in one line each', async () => {
    const evaluated = await run(
      'evaluate',
      'model.onnx',
      'rows.csv',
      '--label',
      'odd',
      '--report',
      'evaluated.html',
    );
    expect(evaluated.status).toBe(0);
    expect(evaluated.output).toMatch(/^rows +148, of which 60 are anomalies/m);
    expect(evaluated.output).toMatch(
      /^left out +352 rows equal to ones of the training.*--all-rows/m,
    );
    expect(evaluated.output).toMatch(/100 rows without a label$/m);
    const all = await run('evaluate', 'model.onnx', 'rows.csv', '--label', 'odd', '--all-rows');
    expect(all.output).toMatch(/^rows +500, of which 60 are anomalies/m);
    const reported = await run(
      'report',
      'model.onnx',
      'rows.csv',
      '--label',
      'odd',
      '-o',
      'r.html',
    );
    expect(reported.notes).toMatch(/352 rows equal to ones of the training/);
  });

  it('give no figure where nothing is left, and say why', async () => {
    const { status, output } = await run('evaluate', 'all.onnx', 'rows.csv', '--label', 'odd');
    expect(status).toBe(0);
    expect(output).toMatch(/^warning +nothing is measured: .* 440 in all$/m);
    expect(output).not.toMatch(/AUROC|precision/);
    const blank = readFileSync(join(folder, 'rows.csv'), 'utf8').replace(/,[01]$/gm, ',');
    writeFileSync(join(folder, 'blank.csv'), blank);
    const none = await run('evaluate', 'model.onnx', 'blank.csv', '--label', 'odd');
    expect(none.status).toBe(0);
    expect(none.output).toMatch(/^warning +nothing is measured: no row has a label$/m);
  });

  it('say that a model without stored rows does not know them', async () => {
    const { status, notes } = await run(
      'train',
      'rows.csv',
      '-o',
      'bare.onnx',
      ...quick,
      '--no-stored-rows',
    );
    expect(status, notes).toBe(0);
    const { output } = await run('evaluate', 'bare.onnx', 'rows.csv', '--label', 'odd');
    expect(output).toMatch(/^rows +500, of which 60 are anomalies/m);
    expect(output).toContain('the model keeps nothing of single rows');
    expect((await run('inspect', 'bare.onnx')).output).toMatch(/^stored +nothing of single rows/m);
    expect((await run('inspect', 'model.onnx')).output).toMatch(/^stored +rows of the training/m);
    const generated = await run('generate', 'bare.onnx', '--count', '3');
    expect(generated.notes).toContain('--codes-from prior');
  });
});

describe('what would be a wrong answer', () => {
  it.each([
    [['train', 'rows.csv', '--normal', '0', '-o', 'never.onnx'], 2, /expected --label COLUMN/],
    [['report', 'model.onnx', 'rows.csv', '--normal', '0'], 2, /expected --label COLUMN/],
    [['evaluate', 'model.onnx', 'rows.csv', '--label', 'side'], 3, /has not learnt from/],
    [['evaluate', 'model.onnx', 'words.csv', '--label', 'odd'], 3, /--normal no/],
    [
      ['train', 'rows.csv', '--from', 'model.onnx', '--no-stored-rows', '-o', 'never.onnx'],
      2,
      /--no-stored-rows without --from/,
    ],
    [['train', 'rows.csv', '--config', '/dev/zero'], 2, /not a regular file/],
  ])('%j is refused', async (parameters, exit, words) => {
    const text = readFileSync(join(folder, 'rows.csv'), 'utf8');
    const spelled = text.replace(/,([01])$/gm, (_, odd: string) => (odd === '1' ? ',yes' : ',no'));
    writeFileSync(join(folder, 'words.csv'), spelled);
    const { status, notes } = await run(...parameters);
    expect(status).toBe(exit);
    expect(notes).toMatch(words);
  });

  it('is a report without a word of what it leaves out', async () => {
    const page = (name: string): string =>
      readFileSync(join(folder, name), 'utf8').replaceAll(/\s+/g, ' ');
    await run('report', 'model.onnx', 'rows.csv', '--label', 'odd', '-o', 'labelled.html');
    expect(page('labelled.html')).toContain(
      'Left out of the figures: 352 rows equal to ones of the',
    );
    await run('report', 'all.onnx', 'rows.csv', '--label', 'odd', '-o', 'none.html');
    expect(page('none.html')).toContain('Nothing is measured: every normal row');
    expect(page('none.html')).not.toContain('Measured against the labels');
    await run('report', 'model.onnx', 'rows.csv', '-o', 'plain.html');
    expect(page('plain.html')).toContain('of the 600 rows are equal to ones of the training');
  });
});

describe('images with labels', () => {
  beforeAll(async () => {
    const stream = new RandomStream(5, 'drawings');
    for (const name of ['good', 'bad'])
      mkdirSync(join(folder, 'photos', name), { recursive: true });
    for (let index = 0; index < 200; index++) {
      await drawBar(join(folder, 'photos/good', `${index}.png`), 0.3, stream);
    }
    for (let index = 0; index < 20; index++) {
      await drawRing(join(folder, 'photos/bad', `${index}.png`), stream);
    }
    cpSync(join(folder, 'photos/bad/0.png'), join(folder, 'photos/loose.png'));
  });

  it('train, test and are evaluated in the same way', async () => {
    const trained = await run('train', 'photos', '-o', 'photos.onnx', '--steps', '60');
    expect(trained.status, trained.notes).toBe(0);
    expect(trained.notes).toMatch(
      /^label +label: normal is good \(200\); not trained on: bad \(20\), and 1 image without a label$/m,
    );
    expect(trained.notes).toMatch(/^test +61 images that training did not see/m);
    const evaluated = await run('evaluate', 'photos.onnx', 'photos', '--no-baselines');
    expect(evaluated.output).toMatch(/^images +60, of which 20 are anomalies/m);
    expect(evaluated.output).toMatch(/^left out +160 images equal to ones of the training/m);
    expect(evaluated.output).toMatch(/1 image without a label$/m);
    const all = await run(
      'train',
      'photos',
      '-o',
      'all-photos.onnx',
      '--steps',
      '30',
      '--test-share',
      '0',
    );
    expect(all.notes).not.toMatch(/^test /m);
    const none = await run('evaluate', 'all-photos.onnx', 'photos', '--no-baselines');
    expect(none.output).toMatch(/^warning +nothing is measured/m);
  }, 240_000);

  it('leave nothing of single images with --no-stored-rows', async () => {
    const line = ['train', 'photos', '-o', 'bare-photos.onnx', '--steps', '30'];
    expect((await run(...line, '--no-stored-rows')).status).toBe(0);
    const { output } = await run('inspect', 'bare-photos.onnx');
    expect(output).toMatch(/^stored +nothing of single images/m);
    expect(readFileSync(join(folder, 'bare-photos.onnx')).includes('stored_images')).toBe(false);
    expect(readFileSync(join(folder, 'photos.onnx')).includes('stored_images')).toBe(true);
    expect((await run('train', 'photos/good', '--test-share', '0.2', '-o', 'n.onnx')).status).toBe(
      2,
    );
  }, 240_000);
});
