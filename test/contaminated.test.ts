import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '@unlikely/detect';
import { madeCsv } from './made-table.ts';
import { parseCsv, runUnlikely, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
const words = (text: string): string[] => text.split(' ');
const rowCount = 1500;
/** One row in thirty lies far from the circle, each somewhere else. */
const isPlanted = (row: number): boolean => row % 30 === 7;
const planted = Math.ceil((rowCount - 7) / 30);

let trained: Ended;
beforeAll(async () => {
  const table = madeCsv(rowCount, (line, row) =>
    isPlanted(row) ? `${3 + (row % 11)},${-4 - (row % 13)},${row % 7},left` : line,
  );
  writeFileSync(join(folder, 'mixed.csv'), table);
  trained = await run(...words('train mixed.csv --contaminated --suspects suspects.csv --json'));
});

describe('train --contaminated', () => {
  it('estimates how many rows stand out, near the truth where anomalies do', () => {
    expect(trained.status).toBe(0);
    const { contamination, configuration, health } = JSON.parse(trained.output);
    const { share, lower, upper, rows } = contamination;
    expect(rows).toBe(rowCount);
    expect(Math.abs(share - planted / rowCount)).toBeLessThan(0.015);
    expect(lower).toBeLessThanOrEqual(share);
    expect(upper).toBeGreaterThanOrEqual(share);
    expect(configuration).toMatchObject({ referenceShare: 0.7, score: 'robust' });
    // Trimmed reference rows are not compared with calibration rows that hold the anomalies.
    expect(health.gap).toBeLessThan(1);
  });

  it('names suspects by their rows in the source, the least likely first, with reasons', () => {
    const { suspects } = JSON.parse(trained.output).contamination;
    expect(suspects).toHaveLength(20);
    const scores = suspects.map(({ score }: { score: number }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(suspects.every(({ row }: { row: number }) => isPlanted(row))).toBe(true);
    expect(suspects[0].reasons[0]).toMatch(/^(x|y) is /);
  });

  it('writes as many of them to a file as may stand out', () => {
    const { contamination } = JSON.parse(trained.output);
    const rows = parseCsv(readFileSync(join(folder, 'suspects.csv'), 'utf8'));
    expect(rows).toHaveLength(Math.max(20, Math.ceil(contamination.upper * rowCount)));
    expect(rows.slice(0, 20).map(({ row, score }) => [Number(row), Number(score)])).toEqual(
      contamination.suspects.map(({ row, score }: { row: number; score: number }) => [row, score]),
    );
    expect(rows.filter(({ row }) => isPlanted(Number(row))).length).toBeGreaterThan(0.9 * planted);
  });

  it('keeps what it found in the model, for inspect and the report', async () => {
    const { contamination } = JSON.parse(trained.output);
    const inspected = await run('inspect', 'model.onnx', '--json');
    expect(JSON.parse(inspected.output).contamination).toEqual(contamination);
    const page = await run('inspect', 'model.onnx');
    expect(page.output).toMatch(/suspects +about [\d.]+\s% of 1,500 rows/);
    expect(page.output).toContain(`row ${contamination.suspects[0].row}`);
    expect((await run('report', 'model.onnx', 'mixed.csv', '-o', 'page.html')).status).toBe(0);
    const report = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(report).toContain('Suspicious training rows');
  });

  it('counts rows as the source does where a label chooses them', async () => {
    const labelled = madeCsv(rowCount, (line, row) => {
      const values = isPlanted(row) ? '9,-9,1,left' : line;
      return `${values},${row % 3 === 0 ? 'bad' : 'ok'}`;
    }).replace('x,y,count,side', 'x,y,count,side,state');
    writeFileSync(join(folder, 'labelled.csv'), labelled);
    const { output } = await run(
      ...words(
        'train labelled.csv --contaminated --label state --steps 60 -o labelled.onnx --json',
      ),
    );
    const { rows, suspects } = JSON.parse(output).contamination;
    expect(rows).toBe((rowCount * 2) / 3);
    const named = suspects.map(({ row }: { row: number }) => row);
    expect(named.every((row: number) => isPlanted(row) && row % 3 !== 0)).toBe(true);
  });

  it('asks for --contaminated with --suspects', async () => {
    const { status, notes } = await run('train', 'mixed.csv', '--suspects', 'other.csv');
    expect(status).toBe(2);
    expect(notes).toContain('[usage/invalid]');
  });
});

describe('score --fdr', () => {
  it('flags what the procedure of Benjamini and Hochberg rejects', async () => {
    const clean = await run(
      ...words('train circle.csv --steps 300 -o circle.onnx --config circle.json'),
    );
    expect(clean.status).toBe(0);
    const { status, output } = await run('score', 'circle.onnx', 'mixed.csv', '--fdr', '0.1');
    expect(status).toBe(0);
    const rows = parseCsv(output);
    const pValues = Float64Array.from(rows, ({ p_value }) => Number(p_value));
    const { flags, rejected } = benjaminiHochberg(pValues, 0.1);
    expect(rejected).toBeGreaterThan(40);
    expect(rows.map(({ is_anomaly }) => Number(is_anomaly === 'true'))).toEqual([...flags]);
  });

  beforeAll(() => {
    writeFileSync(join(folder, 'circle.csv'), madeCsv(3000));
    writeFileSync(join(folder, 'circle.json'), '{ "calibrationShare": 0.3 }');
  });

  it('says how many discoveries it takes where there are none', async () => {
    const { status, notes } = await run(
      ...words('score model.onnx circle.csv --fdr 0.1 -o none.csv'),
    );
    expect(status).toBe(0);
    expect(notes).toContain('flagged     0: they would have to be at least 199 of 3,000 rows');
  });

  it('refuses a rate that the calibration rows cannot support, and what is no rate', async () => {
    const few = await run('score', 'model.onnx', 'circle.csv', '--fdr', '0.001');
    expect([few.status, few.output]).toEqual([2, '']);
    expect(few.notes).toContain('[calibrate/too-few]');
    expect((await run('score', 'model.onnx', 'circle.csv', '--fdr', '1.5')).status).toBe(2);
    const both = await run('score', 'model.onnx', 'circle.csv', '--fdr', '0.1', '--fpr', '0.1');
    expect(both.status).toBe(2);
  });
});
