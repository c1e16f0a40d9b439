import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openTable } from '@unlikely/data';
import { describe, expect, it } from 'vitest';
import { Detector, falsePositiveBound } from '@unlikely/detect';
import { platform } from './support/platform.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/tabular/', import.meta.url));
const absent = !existsSync(folder);

/** Sets with thousands of normal rows: name, label column, the value of normal rows. */
const sets = [
  ['adbench/23_mammography.parquet', ['0', '0.0']],
  ['adbench/2_annthyroid.parquet', ['0', '0.0']],
  ['adbench/28_pendigits.parquet', ['0', '0.0']],
  ['nsl_kdd_train_20_percent.parquet', ['normal']],
] as const;

describe.skipIf(absent)('the promise of a false-positive rate on real rows', () => {
  it.each(sets)('%s keeps it over seeds', async (name, normal) => {
    await using table = await openTable(`${folder}${name}`);
    const names = table.columns.map((column) => column.name);
    const label = names.find((column) =>
      ['label', 'class', 'y', 'is_anomaly'].includes(column.toLowerCase()),
    );
    expect(label, names.join()).toBeDefined();
    const found = await table.values(label!);
    const present = found.flatMap(({ value }) =>
      value !== null && (normal as readonly string[]).includes(value) ? [value] : [],
    );
    expect(present.length).toBeGreaterThan(0);
    const rows = table.where({ column: label!, in: present });
    const ignore = names.filter((column) =>
      ['difficulty', 'difficulty_level', 'level'].includes(column.toLowerCase()),
    );
    let [flagged, tested, bound] = [0, 0, 0];
    for (const seed of [1, 2, 3]) {
      // Training sees a random tenth to a third of the normal rows; the others come anew.
      const maximumTrainingRows = 1500;
      await using detector = await Detector.train(
        rows,
        {
          seed,
          ignore: [...ignore, label!],
          maximumTrainingRows,
          steps: 150,
          members: 1,
          encoderSizes: [16],
          latentSize: 4,
        },
        platform,
      );
      const sample = await rows.sample(detector.manifest.schema, maximumTrainingRows, seed);
      const used = new Set(sample.rowNumbers);
      const threshold = detector.threshold(0.05);
      let [own, seen] = [0, 0];
      for await (const batch of detector.score(rows)) {
        batch.score.forEach((score, index) => {
          if (used.has(batch.firstRow + index)) return;
          seen++;
          if (score > threshold) own++;
          expect(score > threshold).toBe(batch.pValue[index]! <= 0.05);
        });
      }
      flagged += own;
      tested += seen;
      bound = falsePositiveBound({
        calibrationRows: detector.manifest.rows.calibration,
        testRows: seen,
        rate: 0.05,
        confidence: 0.999,
      });
      expect(own, `seed ${seed}`).toBeLessThanOrEqual(bound);
    }
    expect(tested).toBeGreaterThan(1000);
    expect(flagged).toBeGreaterThan(0);
  });
});
