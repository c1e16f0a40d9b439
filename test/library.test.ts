import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RandomStream } from '@unlikely/graph';
import {
  Detector,
  matrixOf,
  openImages,
  openTable,
  tableFromRecords,
  UnlikelyError,
} from 'unlikely';
import type { Prediction, TableInput } from 'unlikely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawBar } from './drawn-images.ts';
import { madeCsv } from './made-table.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const steps = { steps: 150, batchSize: 64, members: 2, seed: 3, threads: 1 };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function errorOf(run: () => unknown): Promise<UnlikelyError> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(UnlikelyError);
    return error as UnlikelyError;
  }
  throw new Error('expected an error');
}

let detector: Detector;
beforeAll(async () => {
  await writeFile(at('rows.csv'), madeCsv(400));
  const odd = madeCsv(60, (line, row) => (row === 7 ? '0,0,3,left' : line));
  const labelled = odd.split('\n').map((line, row) => {
    if (line === '') return line;
    return row === 0 ? `${line},truth` : `${line},${row === 8 ? 'odd' : 'normal'}`;
  });
  await writeFile(at('new.csv'), labelled.join('\n'));
  detector = await Detector.train(at('rows.csv'), steps);
  await detector.save(at('model.onnx'));
}, 120_000);
afterAll(() => detector.dispose());

describe('what a detector of tables is given', () => {
  const bytes = Buffer.from('x,y\n1,2\n');
  const wrong: readonly (readonly [string, unknown, RegExp, RegExp])[] = [
    ['nothing', undefined, /got undefined$/, /rows\.csv/],
    ['null', null, /got null$/, /rows\.csv/],
    ['a number', 7, /got 7$/, /rows\.csv/],
    ['bytes', bytes, /got 8 bytes$/, /to a file/],
    ['arrays', [[1, 2]], /got an array of arrays$/, /matrixOf/],
    ['objects', [{ x: 1, y: 2 }], /got an array of objects$/, /await tableFromRecords/],
    ['paths', ['a.csv', 'b.csv'], /got an array of texts$/, /rows\.csv/],
    ['an empty array', [], /got an empty array$/, /rows\.csv/],
    ['a URL', pathToFileURL('/a.csv'), /got the URL file:\/\/\/.*a\.csv$/, /fileURLToPath/],
    ['a promise', Promise.resolve('rows.csv'), /got a promise$/, /await/],
    ['a function', () => 'rows.csv', /got a function$/, /Call it/],
    ['a typed array', new Float64Array(3), /got a Float64Array of numbers$/, /VAE/],
    ['a matrix', matrixOf([[1, 2]]), /got a matrix$/, /VAE/],
    ['an object', { path: 'rows.csv' }, /got an object$/, /rows\.csv/],
    ['a map', new Map(), /got a Map$/, /rows\.csv/],
  ];
  const calls: Readonly<Record<string, (input: TableInput) => unknown>> = {
    train: (input) => Detector.train(input, steps),
    score: (input) => all(detector.score(input)),
    predict: (input) => all(detector.predict(input)),
    explain: (input) => detector.explain(input, [0]),
    evaluate: (input) => detector.evaluate(input, { label: 'truth' }),
    report: (input) => detector.report(input, 'string'),
    encode: (input) => all(detector.encode(input)),
  };

  it.each(wrong)('is not %s, and every call says so', async (_, input, message, help) => {
    for (const [name, call] of Object.entries(calls)) {
      const error = await errorOf(() => call(input as TableInput));
      expect([name, error.code]).toEqual([name, 'detect/input']);
      expect(error.message).toMatch(
        /^expected a path, a glob, `-` or a table of `openTable`, got /,
      );
      expect(error.message).toMatch(message);
      expect(error.help).toMatch(help);
    }
  });

  it('is not images, which have a detector of their own', async () => {
    const picture = at('bar.png');
    await drawBar(picture, 0.5, new RandomStream(1, 'bar'));
    await using images = await openImages([picture]);
    const error = await errorOf(() => all(detector.score(images as unknown as TableInput)));
    expect([error.code, error.help]).toEqual(['detect/input', '`ImageDetector` is for images.']);
  });

  it('is a path or a table, with the same scores', async () => {
    await using table = await openTable(at('new.csv'));
    const [a, b] = [await all(detector.score(table)), await all(detector.score(at('new.csv')))];
    expect(a).toEqual(b);
    await using records = await tableFromRecords([{ x: 0, y: 0, count: 3, side: 'left' }]);
    const [one] = await all(detector.score(records));
    expect(one!.score[0]).toBe(a[0]!.score[7]);
  });
});

describe('predictions', () => {
  it('are the scores row by row, an anomaly where the score is above the threshold', async () => {
    const [batch] = await all(detector.score(at('new.csv')));
    const found = await all(detector.predict(at('new.csv'), { falsePositiveRate: 0.1 }));
    const threshold = detector.threshold(0.1);
    expect(found).toEqual(
      Array.from(batch!.score, (score, row): Prediction => ({
        row,
        score,
        standardError: batch!.standardError[row]!,
        pValue: batch!.pValue[row]!,
        isAnomaly: score > threshold,
      })),
    );
    expect(found[7]!.isAnomaly).toBe(true);
    expect(found.filter(({ isAnomaly }) => isAnomaly).length).toBeLessThan(20);
    const parts = await all(
      detector.predict(at('new.csv'), { falsePositiveRate: 0.1, batchRows: 7 }),
    );
    expect(parts).toEqual(found);
  });

  it('take a score in place of a rate, and by default a rate that the model can promise', async () => {
    const above = await all(detector.predict(at('new.csv'), { threshold: -Infinity }));
    expect(above.every(({ isAnomaly }) => isAnomaly)).toBe(true);
    const { calibration } = detector.manifest.rows;
    const rate = Math.max(0.01, 1 / (calibration + 1));
    const threshold = detector.threshold(rate);
    for (const { score, isAnomaly } of await all(detector.predict(at('new.csv')))) {
      expect(isAnomaly).toBe(score > threshold);
    }
    const error = await errorOf(() =>
      all(detector.predict(at('new.csv'), { falsePositiveRate: 1e-6 })),
    );
    expect(error.code).toBe('calibrate/too-few');
  });
});

describe('a report of the library', () => {
  it.each([
    ['without labels', [], {}],
    [
      'with labels',
      ['--label', 'truth', '--fpr', '0.1'],
      { label: 'truth', falsePositiveRate: 0.1 },
    ],
  ] as const)(
    '%s is that of the command line, as a file and as a string',
    async (_, flags, options) => {
      const command = ['report', 'model.onnx', 'new.csv', '-o', 'command.html', ...flags];
      await runUnlikely(command, { folder });
      const expected = await readFile(at('command.html'), 'utf8');
      const named = { ...options, source: 'new.csv' };
      expect((await detector.report(at('new.csv'), 'string', named)) === expected).toBe(true);
      expect(await detector.report(at('new.csv'), at('library.html'), named)).toBeUndefined();
      expect((await readFile(at('library.html'), 'utf8')) === expected).toBe(true);
      expect(await detector.report(at('new.csv'), 'string')).toContain(at('new.csv'));
    },
  );

  it('refuses what does nothing without a label', async () => {
    for (const options of [{ normal: ['normal'] }, { allRows: true }]) {
      const error = await errorOf(() => detector.report(at('new.csv'), 'string', options));
      expect([error.code, error.message]).toEqual([
        'detect/input',
        expect.stringMatching(/^expected a label with (normal|allRows)/),
      ]);
    }
  });
});

describe('a signal', () => {
  it('ends every call with an AbortError whose cause is its reason', async () => {
    const reason = new Error('the client has gone');
    const signal = AbortSignal.abort(reason);
    const calls: Readonly<Record<string, () => unknown>> = {
      train: () => Detector.train(at('rows.csv'), { ...steps, signal }),
      score: () => all(detector.score(at('new.csv'), { signal })),
      predict: () => all(detector.predict(at('new.csv'), { signal })),
      evaluate: () => detector.evaluate(at('new.csv'), { label: 'truth', signal }),
      report: () => detector.report(at('new.csv'), 'string', { signal }),
      reconstruct: () => all(detector.reconstruct(at('new.csv'), { signal })),
      encode: () => all(detector.encode(at('new.csv'), { signal })),
      denoise: () => all(detector.denoise(at('new.csv'), { signal })),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await errorOf(call);
      expect([name, error.name, error.code]).toEqual([name, 'AbortError', 'detect/aborted']);
      expect(error.cause).toBe(reason);
    }
  });
});
