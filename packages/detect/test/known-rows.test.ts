import { tableFromRecords } from '@unlikely/data';
import type { Table } from '@unlikely/data';
import { RandomStream, readConstants } from '@unlikely/graph';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Detector } from '@unlikely/detect';
import type { TrainingEvent } from '@unlikely/detect';
import { knownRowsOf, RowRecognition, saltOf } from '../src/known/known-rows.ts';
import { rowHashes } from '../src/known/row-hashes.ts';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { small } from './support/small-model.ts';

describe('row hashes', () => {
  const float = (bits: number): Float32Array => new Float32Array(Uint32Array.of(bits).buffer);

  it('are MurmurHash3: the vectors of its 32 bits for words of four bytes', () => {
    expect([...rowHashes(float(0x87654321), 1, 0)]).toEqual([0xf55b516b]);
    expect([...rowHashes(float(0x87654321), 1, 0x5082edee)]).toEqual([0x2362f9de]);
    expect([...rowHashes(float(0), 1, 0)]).toEqual([0x2362f9de]);
  });

  it('do not depend on the batch, the sign of zero, or what NaN it is', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN));
    const rows = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.nat(2 ** 32 - 1), (list, salt) => {
        const whole = rowHashes(Float64Array.from(list.flat()), list.length, salt);
        const apart = list.map((row) => rowHashes(Float64Array.from(row), 1, salt)[0]);
        expect([...whole]).toEqual(apart);
        const unsigned = list.flat().map((value) => (value === 0 ? 0 : value));
        expect(rowHashes(Float64Array.from(unsigned), list.length, salt)).toEqual(whole);
      }),
      { seed: 2 },
    );
    const other = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer);
    expect(rowHashes(other, 1, 5)).toEqual(rowHashes(Float64Array.of(NaN), 1, 5));
  });

  it('are others for another row or salt, all but never the same', () => {
    const rows = 100_000;
    const data = Float64Array.from({ length: rows }, (_, row) => row / 7);
    for (const salt of [0, 1]) {
      // By chance some 1.2 pairs of so many are equal.
      expect(new Set(rowHashes(data, rows, salt)).size).toBeGreaterThan(rows - 10);
    }
    const [one, another] = [rowHashes(data, rows, 0), rowHashes(data, rows, 1)];
    expect(one.filter((hash, row) => hash === another[row]).length).toBeLessThan(3);
  });
});

describe('row recognition', () => {
  it('tells each copy of a row once, if it can be one', () => {
    const salt = saltOf('00000007ff');
    expect(salt).toBe(7);
    const hashes = (...values: number[]): Uint32Array =>
      rowHashes(Float64Array.from(values), values.length, salt);
    const former = knownRowsOf([hashes(9)], salt);
    const known = knownRowsOf([hashes(1, 2), hashes(2, 3)], salt, former);
    const recognition = new RowRecognition(known);
    expect([...recognition.recognise(hashes(2, 2, 2, 4, 9), () => true)]).toEqual([1, 1, 0, 0, 1]);
    expect([...recognition.recognise(hashes(3, 1, 1), (row) => row > 0)]).toEqual([0, 1, 0]);
    expect([...recognition.recognise(hashes(3), () => true)]).toEqual([1]);
  });
});

interface Point extends Record<string, unknown> {
  x: number;
  y: number;
  label: string | null;
}

/** Normal rows lie on a line; every eleventh is odd, every thirteenth has no label. */
function points(rows: number, seed: number): Point[] {
  const stream = new RandomStream(seed, 'points');
  return Array.from({ length: rows }, (_, row) => {
    const x = stream.normal();
    const isOdd = row % 11 === 0;
    const y = isOdd ? -x - 3 : x + 0.1 * stream.normal();
    return { x, y, label: row % 13 === 0 ? (row % 2 === 0 ? null : ' ') : isOdd ? '1' : '0' };
  });
}

describe('evaluation', () => {
  const options = { ...small, steps: 100, label: 'label', testShare: 0.25 };
  const events: TrainingEvent[] = [];
  let table: Table;
  let fresh: Table;
  let detector: Detector;
  beforeAll(async () => {
    table = await tableFromRecords(points(800, 1));
    fresh = await tableFromRecords(points(300, 2));
    const onEvent = (event: TrainingEvent): number => events.push(event);
    detector = await Detector.train(table, { ...options, onEvent }, platform);
  });
  afterAll(async () => {
    for (const resource of [detector, table, fresh]) await resource[Symbol.asyncDispose]();
  });
  const filter = { column: 'label', in: ['0'] };

  it('counts what the label says, before a part is kept to test on', () => {
    const rows = points(800, 1);
    const count = (value: string): number => rows.filter(({ label }) => label === value).length;
    const unlabelled = rows.filter(({ label }) => label === null || label === ' ').length;
    expect(events.filter(({ kind }) => kind === 'label')).toEqual([
      {
        kind: 'label',
        label: 'label',
        normal: [{ value: '0', rows: count('0') }],
        others: [{ value: '1', rows: count('1') }],
        unlabelled,
      },
    ]);
  });

  it('leaves out rows that trained the model and rows without a label, and says which are left', async () => {
    const { training, test } = await table.split(0.25, filter);
    const learnt = await training.where(filter).rowCount();
    const { read, trained, calibration } = detector.manifest.rows;
    expect([read, trained + calibration]).toEqual([learnt, learnt]);

    const whole = await detector.evaluate(table, { label: 'label' });
    const unlabelled = points(800, 1).filter(({ label }) => label === null || label === ' ').length;
    expect(whole.leftOut).toEqual({ known: learnt, unlabelled });
    expect(whole.knowsRows).toBe(true);
    expect(whole.rows).toBe(800 - learnt - unlabelled);
    expect(whole.byValue.map(({ value }) => value).toSorted()).toEqual(['0', '1']);
    const labels = await table.records([...whole.rowNumbers], ['label']);
    expect(labels.map(({ label }) => (label === '1' ? 1 : 0))).toEqual([...whole.labels]);
    expect(whole.baselines[0]!.rows).toBeLessThan(whole.rows);

    const alone = await detector.evaluate(test, { label: 'label', baselines: false });
    expect(alone.leftOut).toEqual({ known: 0, unlabelled });
    expect(alone.anomalies).toBe(whole.anomalies);
    // Left out or elsewhere, a normal row counts for precision as often.
    const shared = { label: 'label', baselines: false, normalShare: 0.25 };
    const weighed = await detector.evaluate(test, shared);
    const share = whole.anomalies / (whole.rows + learnt);
    expect(whole.anomalyShare).toBeCloseTo(share, 10);
    expect(weighed.anomalyShare).toBeCloseTo(share, 3);
    expect(weighed.averagePrecision).toBeCloseTo(whole.averagePrecision!, 3);
    expect(weighed.auroc).toBe(whole.auroc);
    const normal = (of: typeof whole): number[] =>
      [...of.scores].filter((_, place) => of.labels[place] === 0);
    expect(normal(whole)).toEqual(normal(alone));
  });

  it('counts them all where that is asked for', async () => {
    const all = await detector.evaluate(table, { label: 'label', allRows: true, baselines: false });
    expect(all.leftOut.known).toBe(0);
    expect(all.rows).toBe(800 - all.leftOut.unlabelled);
  });

  it('counts new rows, and those that are equal to rows of another class', async () => {
    expect((await detector.evaluate(fresh, { label: 'label' })).leftOut.known).toBe(0);
    const { training } = await table.split(0.25, filter);
    const rows = (await training.where(filter).records([0, 1, 2])) as Point[];
    const turned = rows.map((row) => ({ ...row, label: '1' }));
    await using odd = await tableFromRecords([...turned, ...points(50, 3)]);
    const evaluation = await detector.evaluate(odd, { label: 'label', baselines: false });
    expect(evaluation.leftOut.known).toBe(0);
  });

  it('knows them after it was saved, and those of the model that it went on from', async () => {
    await using loaded = await Detector.fromBytes(await detector.toBytes(), platform);
    const evaluate = (of: Detector) =>
      of.evaluate(table, { label: 'label', baselines: false, falsePositiveRate: 0.05 });
    expect(await evaluate(loaded)).toEqual(await evaluate(detector));
    const more = { label: 'label', from: detector, steps: 20 };
    await using going = await Detector.train(fresh, more, platform);
    expect((await evaluate(going)).leftOut).toEqual((await evaluate(detector)).leftOut);
    const rate = { label: 'label', falsePositiveRate: 0.05 };
    const ofFresh = await going.evaluate(fresh, rate);
    expect(ofFresh.rows).toBe(ofFresh.anomalies);
    expect(ofFresh.auroc).toBeNull();
    expect(ofFresh.baselines).toEqual([]);
  });

  it('counts every row once, whatever the label of the evaluation is', async () => {
    const { label: _label, ...unlabelled } = options;
    const rate = { falsePositiveRate: 0.05, baselines: false, label: 'label' };
    await using blind = await Detector.train(
      table,
      { ...unlabelled, testShare: 0.5, ignore: ['label'] },
      platform,
    );
    const half = await blind.evaluate(table, rate);
    const { known, unlabelled: none } = half.leftOut;
    expect(known).toBe(400);
    expect(half.rows + known + none).toBe(800);
    const rows = points(800, 1).filter(({ label }) => label?.trim());
    const share = rows.filter(({ label }) => label === '1').length / rows.length;
    expect(half.anomalyShare).toBeCloseTo(share, 10);
    // What trained is left out, also where another label calls it an anomaly.
    const { leftOut } = await detector.evaluate(table, { ...rate, normal: ['1'] });
    expect(leftOut.known).toBe((await detector.evaluate(table, rate)).leftOut.known);
  });

  it('refuses a word for normal that training did not have', async () => {
    const spelled = async (word: (label: string | null, row: number) => string | null) => {
      const rows = points(100, 4).map((row, at) => ({ ...row, label: word(row.label, at) }));
      await using other = await tableFromRecords(rows);
      const rate = { label: 'label', falsePositiveRate: 0.05, baselines: false };
      return await detector.evaluate(other, rate);
    };
    const mixed = (label: string | null, row: number): string | null =>
      label === '0' && row % 3 === 0 ? 'Normal' : label;
    await expectError(() => spelled(mixed), 'detect/normal-values');
    await expectError(
      () => spelled((label) => (label === '0' ? 'no' : label)),
      'detect/normal-values',
    );
    const alone = await spelled(() => 'attack');
    expect([alone.rows, alone.anomalies, alone.auroc]).toEqual([100, 100, null]);
  });

  it('is of all rows, and says so, where nothing of single rows is stored', async () => {
    await using bare = await Detector.train(table, { ...options, storedRows: 0 }, platform);
    const { manifest } = bare;
    expect(manifest.knownRows).toBeUndefined();
    expect(manifest.posterior).toBeUndefined();
    expect(manifest.configuration.score).toBe('elbo');
    const names = readConstants(await bare.toBytes());
    for (const name of ['stored_rows', 'code_weights', 'code_offsets']) {
      expect(names.has(name)).toBe(false);
    }
    const evaluation = await bare.evaluate(table, { label: 'label', baselines: false });
    expect(evaluation.knowsRows).toBe(false);
    expect(evaluation.leftOut.known).toBe(0);
    const suspicious = { steps: 20, storedRows: 0, contaminated: true };
    await using contaminated = await Detector.train(table, { ...small, ...suspicious }, platform);
    expect(contaminated.manifest.configuration.score).toBe('elbo');
    for (const score of ['combined', 'robust', 'latent', 'aggregate-elbo'] as const) {
      await expectError(
        () => Detector.train(table, { ...options, storedRows: 0, score }, platform),
        'detect/configuration',
      );
    }
  });

  it('asks where a value that nobody chose is hardly ever normal', async () => {
    const turned = points(400, 1).map((row) => ({ ...row, label: row.label === '1' ? '0' : '1' }));
    await using rare = await tableFromRecords(turned);
    const error = await expectError(
      () => Detector.train(rare, { ...options, steps: 5 }, platform),
      'detect/normal-values',
    );
    expect(error.message).toMatch(/got \d+ of 400 with label = 0: is that normal\?/);
    expect(error.help).toContain('--normal 0');
    expect(error.help).toContain('--normal 1');
    const chosen = { ...options, steps: 5, normal: ['0'] };
    await using sure = await Detector.train(rare, chosen, platform);
    expect(sure.manifest.label!.normal).toEqual(['0']);
  });
});
