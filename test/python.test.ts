import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConformalCalibration } from '@unlikely/detect';
import { RandomStream } from '@unlikely/graph';
import { Detector, nodePlatform, tableFromRecords } from 'unlikely';
import type { UnlikelyError } from 'unlikely';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { findPython, inPython, withoutPython } from './find-python.ts';
import { root } from './repository.ts';
import { temporaryFolder } from './run-unlikely.ts';

/** `examples/python/unlikely.py` and the library, on the same models and records. */
const python = await findPython();
const pythonWithPandas = await findPython(['numpy', 'onnxruntime', 'pandas']);
const folder = temporaryFolder();
const platform = nodePlatform({ prefer: 'native', threads: 1 });
/** Versions 1.30 and 1.32 of the runtime give the same bits; another build may round otherwise. */
const tolerance = 1e-9;

type Cells = Record<string, unknown>;

/** A row with a column of each kind, some with missing values. */
function madeRow(stream: RandomStream): Cells {
  const night = stream.uniform() < 0.3;
  const amount = Math.exp(2 + (night ? 1 : 0) + 0.4 * stream.normal());
  const day = 1 + Math.floor(28 * stream.uniform());
  const hour = night ? 22 + Math.floor(2 * stream.uniform()) : 8 + Math.floor(9 * stream.uniform());
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    amount: Number(amount.toFixed(2)),
    fee: stream.uniform() < 0.1 ? null : Number((amount * 0.1 + stream.uniform()).toFixed(3)),
    items: Math.floor(amount / 4 + 3 * stream.uniform()),
    express: night,
    grade: [1, 2, 3][Math.floor(3 * stream.uniform())],
    country: stream.uniform() < 0.1 ? null : ['NO', 'SE', 'DK'][Math.floor(3 * stream.uniform())],
    paid: `2024-03-${two(day)} ${two(hour)}:${two(Math.floor(60 * stream.uniform()))}:00`,
  };
}

const stream = new RandomStream(5, 'python');
const training = Array.from({ length: 500 }, () => madeRow(stream));
/** The same cells in other notations, and what training never had. */
const strange: readonly Cells[] = [
  { amount: '7.5', items: '2', fee: 'NA', express: 'TRUE', grade: '2.0', country: 'SE' },
  { amount: ' 1e1 ', items: true, fee: '', express: 1, grade: 1, country: 'XX', paid: 1735603200 },
  { amount: 1e9, items: 3, fee: null, express: false, grade: '9', country: 7, paid: null },
  { amount: -5, items: 1e6, fee: '-inf', express: '0', grade: null, paid: '2024/12/31T23:59:00Z' },
  { amount: 12, items: null, fee: 2, express: 'yes', grade: 2.5, country: true, paid: 1e12 },
].map((cells) => ({ paid: '2024-03-04 12:00', ...cells }));
const records = [...Array.from({ length: 95 }, () => madeRow(stream)), ...strange];

const configurations = {
  combined: { members: 2 },
  robust: { score: 'robust', members: 2 },
  elbo: { score: 'elbo', members: 2 },
  'reconstruction-probability': { score: 'reconstruction-probability', samples: 2 },
  autoencoder: { model: 'autoencoder', score: 'reconstruction-error', members: 1, samples: 0 },
} as const;
type Name = keyof typeof configurations;
const names = Object.keys(configurations) as Name[];
const pathOf = (name: Name): string => join(folder, `${name}.onnx`);
const rates = [0.5, 0.25, 0.1, 0.05, 0.013];

describe.skipIf(python === undefined)(`unlikely.py (skipped with ${withoutPython})`, () => {
  beforeAll(async () => {
    await using table = await tableFromRecords(training);
    for (const name of names) {
      const options = { ...configurations[name], steps: 80, seed: 2 };
      const kinds = { grade: 'categorical', items: 'count', paid: 'timestamp' } as const;
      await using detector = await Detector.train(table, { ...options, kinds }, platform);
      const kindsOf = new Set(detector.manifest.schema.fields.map(({ kind }) => kind));
      expect(kindsOf).toEqual(new Set(['numeric', 'count', 'binary', 'categorical', 'cyclic']));
      await detector.save(pathOf(name));
    }
  }, 240_000);

  it('holds the conformance file', async () => {
    const path = join(root, 'packages/data/conformance/encoding.json');
    const { cases, notations, missingValues } = JSON.parse(readFileSync(path, 'utf8'));
    const code = `
def become(field, value):
    encode = unlikely.record_encoder({"fields": [{**field, "column": "value", "missing": 0}]})
    found = attempt(lambda: encode({"value": value}, 0)[0])
    return "refused" if isinstance(found, dict) else "missing" if math.isnan(found) else found
def run():
    return {
        "cases": [[[value, become(each["field"], value)] for value, _ in each["values"]] for each in given["cases"]],
        "notations": {"number": unlikely.NUMBER.pattern, "timestamp": unlikely.TIMESTAMP.pattern},
        "missingValues": unlikely.MISSING_VALUES,
    }`;
    const found = await inPython(python!, code, { cases });
    expect(found).toEqual({
      cases: cases.map(({ values }: { values: unknown }) => values),
      notations,
      missingValues,
    });
  });

  it.each(names)('scores as the library: %s', async (name) => {
    await using detector = await Detector.load(pathOf(name), platform);
    const stored = Buffer.from(detector.manifest.calibration.full, 'base64');
    const calibration = new ConformalCalibration(new Float64Array(Uint8Array.from(stored).buffer));
    const ours: unknown[][] = [];
    for await (const each of detector.scoreRecords(records, { falsePositiveRate: 0.1 })) {
      ours.push([each.score, each.standardError, each.pValue, each.isAnomaly]);
    }
    const code = `
def run():
    model = unlikely.load(given["path"])
    found = model.predict(given["records"], false_positive_rate=0.1)
    alone = numpy.concatenate([model.score([record]) for record in given["records"]])
    backwards = model.score(given["records"][::-1])[::-1]
    fewer = model.score(iter(given["records"][:40]))
    return {
        "rows": list(zip(*found)),
        "thresholds": [model.threshold(rate) for rate in given["rates"]],
        "tied": model.p_values(model.calibration),
        "same": all((one == found.score[:len(one)]).all() for one in (alone, backwards, fewer)),
        "none": model.score([]),
    }`;
    const found = await inPython(python!, code, { path: pathOf(name), records, rates });
    expectClose(found, {
      rows: ours,
      thresholds: rates.map((rate) => detector.threshold(rate)),
      tied: [...calibration.pValues(calibration.scores)],
      same: true,
      none: [],
    });
    expect(ours.some(([, , , isAnomaly]) => isAnomaly)).toBe(true);
    expect(Number.isNaN(ours[0]![1])).toBe(name === 'autoencoder');
  });

  it.each(names)('explains as the library: %s', async (name) => {
    await using detector = await Detector.load(pathOf(name), platform);
    const few = records.slice(-20);
    const ours: unknown[] = [];
    for (const [row, record] of few.entries()) {
      const { standardError, pValue, features, ...rest } = await detector.explainRecord(record);
      ours.push({
        ...rest,
        row,
        standard_error: standardError,
        p_value: pValue,
        features: features.map(({ words: _words, sentence: _sentence, ...feature }) => feature),
      });
    }
    const code = 'run = lambda: unlikely.load(given["path"]).explain(given["records"])';
    const found = (await inPython(python!, code, { path: pathOf(name), records: few })) as {
      score: number;
      latent: number;
      usual: number;
      features: { contribution: number }[];
    }[];
    expectClose(found, ours);
    for (const { score, latent, usual, features } of found) {
      const sum = features.reduce((total, each) => total + each.contribution, latent + usual);
      expect(sum / score).toBeCloseTo(1, 9);
    }
  });

  it('refuses what the library refuses, in the same words', async () => {
    await using detector = await Detector.load(pathOf('combined'), platform);
    const { amount: _amount, ...without } = training[0]!;
    const { country: _country, ...optional } = training[0]!;
    const wrong: readonly Cells[] = [
      without,
      {},
      ...[
        'twelve',
        'a "long" text, of which no more than forty letters are shown',
        [1],
        { a: 1 },
      ].map((amount) => ({ ...training[0], amount })),
      { ...training[0], country: ['NO'] },
      ...['soon', true, '2024-02-30'].map((paid) => ({ ...training[0], paid })),
      optional,
    ];
    const ours = await Promise.all(
      wrong.map((record) =>
        detector.scoreRecord(record).then(
          () => null,
          (error: UnlikelyError) => ({ code: error.code, message: error.message }),
        ),
      ),
    );
    const code = `
def run():
    model = unlikely.load(given["path"])
    found = [attempt(model.score, [record]) for record in given["records"]]
    return [each if isinstance(each, dict) else None for each in found]`;
    const found = await inPython(python!, code, { path: pathOf('combined'), records: wrong });
    expect(found).toEqual(ours);
    expect(ours.filter((each) => each === null)).toHaveLength(1);
  });

  it('refuses rates and files that the library refuses', async () => {
    const path = join(folder, 'damaged.onnx');
    const bytes = readFileSync(pathOf('combined'));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const images = join(root, 'test/fixtures/models/images-1.onnx');
    const code = `
def run():
    model = unlikely.load(given["model"])
    found = [attempt(model.threshold, rate) for rate in (0, 1, 1e-6)]
    found += [attempt(unlikely.load, path) for path in given["paths"]]
    found += [attempt(model.score, given["record"]), attempt(model.p_values, [math.nan])]
    return [each["code"] for each in found]`;
    const given = { model: pathOf('combined'), paths: [path, images], record: records[0] };
    expect(await inPython(python!, code, given)).toEqual([
      'calibrate/invalid-input',
      'calibrate/invalid-input',
      'calibrate/too-few',
      'model/corrupt',
      'model/foreign',
      'detect/input',
      'calibrate/invalid-input',
    ]);
  });

  it('reads a model file of format 1', async () => {
    const path = join(root, 'test/fixtures/models/table-1.onnx');
    writeFileSync(join(folder, 'rows.csv'), madeCsv(200));
    await using detector = await Detector.load(path, platform);
    const ours: number[] = [];
    for await (const { score } of detector.score(join(folder, 'rows.csv'))) ours.push(...score);
    const code = `
import csv
def run():
    model = unlikely.load(given["path"])
    return [model.score(csv.DictReader(open(given["table"], newline=""))), model.threshold(0.1)]`;
    const given = { path, table: join(folder, 'rows.csv') };
    expectClose(await inPython(python!, code, given), [ours, detector.threshold(0.1)]);
  });

  it('takes what Python has for numbers, times and no value', async () => {
    const [record] = training;
    const code = `
from datetime import date, datetime, timezone, timedelta
from decimal import Decimal
def run():
    model = unlikely.load(given["path"])
    record = given["record"]
    same = lambda column, plain, *values: [
        bool(model.score([{**record, column: value}])[0] == model.score([{**record, column: plain}])[0]) for value in values
    ]
    return [
        *same("amount", 12.5, "12.5", numpy.float32(12.5), Decimal("12.5"), numpy.float64(12.5)),
        *same("amount", 1e999, 10 ** 400, "inf"),
        *same("items", 4, 4.0, numpy.int64(4), "4"),
        *same("express", True, "TRUE", 1, numpy.bool_(True), numpy.str_("true")),
        *same("fee", None, math.nan, Decimal("NaN"), numpy.float32("nan"), "n/a"),
        *same("paid", "2024-03-05 23:30:00", datetime(2024, 3, 5, 23, 30), numpy.datetime64("2024-03-05T23:30"),
              datetime(2024, 3, 5, 23, 30, tzinfo=timezone(timedelta(hours=-9)))),
        *same("paid", "2024-03-05", date(2024, 3, 5), numpy.datetime64("2024-03-05")),
    ]`;
    const found = await inPython(python!, code, { path: pathOf('elbo'), record: record! });
    expect(found).toEqual((found as boolean[]).map(() => true));
    expect(found).toHaveLength(22);
  });

  it('takes a pandas.DataFrame', async ({ skip }) => {
    if (pythonWithPandas === undefined) skip('no Python with pandas; UNLIKELY_PYTHON names one');
    const code = `
import pandas
def run():
    model = unlikely.load(given["path"])
    frame = pandas.DataFrame(given["records"])
    typed = frame.assign(paid=pandas.to_datetime(frame.paid), country=frame.country.astype("category"),
                         fee=frame.fee.astype("Float64"), items=frame["items"].astype("Int64"))
    typed.index = typed.index[::-1]
    ours = model.score(given["records"])
    empty = frame.assign(paid=pandas.NaT, fee=pandas.NA)
    none = [{**record, "paid": None, "fee": None} for record in given["records"]]
    return [(model.score(frame) == ours).all(), (model.score(typed) == ours).all(),
            (model.score(empty) == model.score(none)).all(), attempt(model.score, frame.drop(columns="amount"))["code"]]`;
    const given = { path: pathOf('elbo'), records: records.slice(0, 95) };
    expect(await inPython(pythonWithPandas!, code, given)).toEqual([
      true,
      true,
      true,
      'data/missing-column',
    ]);
  });
});

/** Equal but for the last digits of numbers; NaN came as null. */
function expectClose(theirs: unknown, ours: unknown, place = ''): void {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    const size = Math.max(1, Math.abs(ours));
    if (Math.abs(theirs - ours) > tolerance * size) expect([place, theirs]).toEqual([place, ours]);
  } else if (typeof ours === 'object' && ours !== null) {
    expect([place, Object.keys(theirs as object).toSorted()]).toEqual([
      place,
      Object.keys(ours).toSorted(),
    ]);
    for (const [key, value] of Object.entries(ours)) {
      expectClose((theirs as Cells)[key], value, `${place}.${key}`);
    }
  } else {
    expect([place, theirs]).toEqual([place, Number.isNaN(ours) ? null : ours]);
  }
}
