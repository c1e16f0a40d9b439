import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '@unlikely/graph';
import { Detector } from 'unlikely';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';

/**
 * What never occurred is news in every kind of column, and the stranger the further away it is: rows of
 * a table in which one value was changed.
 */
const folder = temporaryFolder();

/** Columns of numbers, by what their values are like. */
const numbers: Readonly<Record<string, (stream: RandomStream) => number>> = {
  symmetric: (stream) => 50 + 4 * stream.normal(),
  negative: (stream) => -1000 + 300 * stream.normal(),
  skewed: (stream) => Math.exp(3 + 1.5 * stream.normal()),
  tailed: (stream) => (stream.uniform() < 0.01 ? 500 + 100 * stream.uniform() : stream.uniform()),
  counts: (stream) => Math.floor(6 * stream.uniform()),
  bursts: (stream) =>
    stream.uniform() < 0.02
      ? Math.floor(4000 * stream.uniform())
      : Math.floor(4 * stream.uniform()),
  offset: (stream) => 1e9 + Math.floor(1000 * stream.uniform()),
  tiny: (stream) => 1e-7 * (1 + stream.uniform()),
  constant: () => 70.5,
  constant_count: () => 3,
  large_constant: () => 123_456_789,
  two_decimals: (stream) => (stream.uniform() < 0.5 ? 20.1 : 20.2),
  two_counts: (stream) => (stream.uniform() < 0.5 ? 5 : 10),
};
const texts = ['always', 'sides'] as const;
const columns = [...Object.keys(numbers), 'truth', ...texts];

function madeRow(stream: RandomStream): Record<string, unknown> {
  const drawn = Object.entries(numbers).map(([name, draw]) => [name, draw(stream)] as const);
  return {
    ...Object.fromEntries(drawn),
    truth: 'true',
    always: 'OK',
    sides: stream.uniform() < 0.5 ? 'left' : 'right',
  };
}

const csv = (rows: readonly Record<string, unknown>[]): string =>
  [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((cells) => `${cells.join()}\n`)
    .join('');

const stream = new RandomStream(11, 'strange values');
const training = Array.from({ length: 1200 }, () => madeRow(stream));
let detector: Detector;

beforeAll(async () => {
  const path = join(folder, 'training.csv');
  writeFileSync(path, csv(training));
  detector = await Detector.train(path, { seed: 3, steps: 1500 });
}, 120_000);
afterAll(() => detector.dispose());

interface Found {
  readonly score: number;
  readonly reason: string;
}

async function scored(rows: readonly Record<string, unknown>[]): Promise<Found[]> {
  const path = join(folder, 'new.csv');
  writeFileSync(path, csv(rows));
  const scores: number[] = [];
  for await (const { score } of detector.score(path)) scores.push(...score);
  const explanations = await detector.explain(path, [...rows.keys()]);
  return scores.map((score, row) => ({
    score,
    reason: explanations[row]!.features[0]!.sentence,
  }));
}

describe('a number that lies outside of what training saw', () => {
  const distances = [1, 10, 100, 1000];

  it.each(Object.keys(numbers))('is the less likely the further out it is: %s', async (name) => {
    const values = training.map((row) => row[name] as number);
    const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
    const range = maximum - minimum || Math.abs(maximum);
    for (const side of [-1, 1]) {
      const edge = side < 0 ? minimum : maximum;
      for (const typical of training.slice(0, 3)) {
        const rows = distances.map((distance) => ({
          ...typical,
          [name]: edge + side * distance * range,
        }));
        const found = await scored(rows);
        const scores = found.map(({ score }) => score);
        expect(
          [...scores].sort((a, b) => a - b),
          `${name}, ${side}: ${scores.join(' ')}`,
        ).toEqual(scores);
        expect(new Set(scores).size).toBe(scores.length);
        for (const { score } of found.slice(1)) {
          expect(score).toBeGreaterThan(detector.threshold(0.01));
        }
        // Much further out the row as a whole makes no sense to the networks any more; a constant has no
        // deviation of its own, so that its own size away is a hundred million of them.
        if (name === 'large_constant') continue;
        expect(found[1]!.reason).toContain(`${name} is `);
      }
    }
  });
});

describe('a text that training never saw', () => {
  it.each([...texts, 'truth'])('is flagged and named: %s', async (name) => {
    const other = name === 'truth' ? 'false' : 'FAILURE';
    const [found] = await scored([{ ...training[0]!, [name]: other }]);
    expect(found!.score).toBeGreaterThan(detector.threshold(0.01));
    expect(found!.reason).toContain(`${name} is ${other}, which no training row had`);
  });
});

describe('a column that had no value in training', () => {
  it('is named where it has one, for the scores do not know it', async () => {
    const row = (index: number, more: string): string =>
      `${Math.sin(index).toFixed(4)},${index % 7},${more}\n`;
    const rows = (more: (index: number) => string): string =>
      `a,b,note\n${Array.from({ length: 80 }, (_, index) => row(index, more(index))).join('')}`;
    writeFileSync(
      join(folder, 'empty.csv'),
      rows(() => ''),
    );
    writeFileSync(
      join(folder, 'filled.csv'),
      rows((index) => (index === 50 ? 'x' : '')),
    );
    const run = (...line: string[]): ReturnType<typeof runUnlikely> =>
      runUnlikely(line, { folder });
    await run('train', 'empty.csv', '-o', 'empty.onnx', '--steps', '20');
    const filled = await run('score', 'empty.onnx', 'filled.csv');
    expect(filled.notes).toMatch(/^warning +note had no value in training/m);
    const same = await run('score', 'empty.onnx', 'empty.csv');
    expect(same.notes).not.toMatch(/^warning/m);
  });
});
