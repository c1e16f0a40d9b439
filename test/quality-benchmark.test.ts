import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './repository.ts';

const execute = promisify(execFile);

/** Normal rows 0 … 99 on a line, in file order, and 20 anomalies beside it. */
function lineWithOutliers(): string {
  const rows = Array.from({ length: 1100 }, (_, row) => `${row % 100},${row % 100},0`);
  for (let row = 0; row < 20; row++) rows.push(`${row * 5},${row * 5 + 200},1`);
  return `a,b,label\n${rows.join('\n')}\n`;
}

describe('bench/quality', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unlikely-quality-'));
    await writeFile(join(folder, 'line.csv'), lineWithOutliers());
    await writeFile(join(folder, 'published.csv'), 'Dataset,VAE,KNN\nline,40.0(0.1),100.0(0.0)\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...options: string[]) =>
    execute(
      process.execPath,
      [join(root, 'bench/quality/run.mjs'), '--data', folder, '--sets', 'line'].concat(
        ['--published', join(folder, 'published.csv'), '--out', join(folder, 'out.json')],
        options,
      ),
    );

  it('splits, measures, compares with the published columns and goes on where it was', async () => {
    await run('--detectors', 'l2-norm', '--seeds', '0');
    const options = ['--options', '{"steps":20}', '--out', join(folder, 'ours.json')];
    await run(
      '--detectors',
      'unlikely,unlikely+score=reconstruction-error',
      '--seeds',
      '0',
      ...options,
    );
    const again = await run('--detectors', 'l2-norm,nearest-neighbours', '--seeds', '0');
    // The first run is not repeated.
    expect(again.stderr).not.toContain('l2-norm');

    const { results, summary } = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'));
    expect(results).toMatchObject([
      { detector: 'l2-norm', rows: 1120, columns: 2, trainRows: 550, testRows: 570, anomalies: 20 },
      { detector: 'nearest-neighbours', auroc: 1, averagePrecision: 1 },
    ]);
    const { rank, wins } = summary.honest.detectors['nearest-neighbours'];
    expect({ rank, wins }).toEqual({ rank: 1.5, wins: { VAE: 1, KNN: 0 } });
    expect(again.stdout).toContain('| nearest-neighbours | 1 | 1.000 | 1.000 |');
    expect(await readFile(join(folder, 'out.svg'), 'utf8')).toContain('nearest-neighbours');

    const ours = JSON.parse(await readFile(join(folder, 'ours.json'), 'utf8'));
    const aurocs = ours.results.map(({ auroc }: { auroc: number }) => auroc);
    expect(aurocs).toHaveLength(2);
    expect(aurocs.every((auroc: number) => auroc > 0.9)).toBe(true);
  });

  it('refuses to mix runs of other conditions into a file', async () => {
    const mixed = run('--detectors', 'l2-norm', '--protocol', 'unsupervised');
    await expect(mixed).rejects.toThrow('holds runs with another protocol');
  });

  it('measures false discoveries, and the estimated share of anomalies among training rows', async () => {
    const measure = (script: string, ...options: string[]) =>
      execute(
        process.execPath,
        [join(root, 'bench/quality', script), '--seeds', '0', '--jobs', '1', ...options],
        { cwd: folder },
      );
    const data = ['--data', folder, '--sets', 'line'];
    const discovery = await measure('discovery.mjs', ...data, '--options', '{"steps":60}');
    expect(discovery.stdout).toMatch(/whole test set \| 0\.2 \| 1 \|/);
    const [{ points }] = JSON.parse(await readFile(join(folder, 'discovery.json'), 'utf8')).results;
    const { whole, wholeNull, small, smallNull } = points[2];
    // With 100 calibration rows 20 anomalies of 570 rows are too few, 10 of 100 are not.
    expect([whole.power, wholeNull.power]).toEqual([0, 0]);
    expect(small.every(({ power }: { power: number }) => power === 1)).toBe(true);
    expect([small.length, smallNull.length]).toEqual([20, 20]);

    const natural = await measure('contamination.mjs', ...data);
    expect(natural.stdout).toContain('| line | ');
    const mixtures = ['--mixtures', join(folder, 'line.csv'), '--normal', '0', '--rows', '400'];
    const mixed = await measure('contamination.mjs', ...mixtures, '--out', 'mixtures.json');
    expect(mixed.stdout).toContain('| line | 5.0 % |');
    const { results } = JSON.parse(await readFile(join(folder, 'mixtures.json'), 'utf8'));
    // There are no more anomalies than 5 % of these rows.
    const rows = results.map((result: { rows: number }) => result.rows);
    expect(rows).toEqual([400, 404, 420, 420]);
    const named = results.map((result: { named: number }) => result.named);
    expect(named.slice(0, 2)).toEqual([0, 4]);
    expect(named[2]).toBeGreaterThan(10);
  });
});
