import { memoryTable } from '@unlikely/data/memory';
import { Detector } from '@unlikely/detect';
import type { Platform } from '@unlikely/detect';

const towns = ['Lyon', 'Graz', 'Turku'];
const start = Date.UTC(2026, 0, 1);

/** Records of each kind of column, some with values missing; the last rows are far from the others. */
export function records(rows: number): Record<string, unknown>[] {
  return Array.from({ length: rows }, (_, row) => {
    const pulse = ((row * 7919) % 1013) / 1013;
    const isStrange = row >= rows - 3;
    return {
      amount: isStrange ? 900 : 20 + 10 * pulse + ((row * 31) % 7),
      twice: row % 17 === 5 ? null : 40 + 20 * pulse,
      visits: (row * 13) % 9,
      town: isStrange ? 'Ulm' : towns[(row * 11) % 3],
      member: row % 3 === 0,
      at: new Date(start + 3_600_000 * (row % 500)).toISOString().slice(0, 19),
    };
  });
}

export interface Trained {
  readonly model: Uint8Array;
  readonly scored: Scored;
}

export interface Scored {
  readonly score: readonly number[];
  readonly pValue: readonly number[];
}

/** A model of the records, on whatever platform, and what it says of more of them. */
export async function trainAndScore(platform: Platform, steps = 150): Promise<Trained> {
  const options = { seed: 7, steps, members: 2 };
  await using detector = await Detector.train(memoryTable(records(600)), options, platform);
  return { model: await detector.toBytes(), scored: await scoresOf(detector) };
}

/** The scores of a thousand records, in full precision. */
export async function scoresOf(detector: Detector): Promise<Scored> {
  const score: number[] = [];
  const pValue: number[] = [];
  for await (const batch of detector.score(memoryTable(records(1000)))) {
    score.push(...batch.score);
    pValue.push(...batch.pValue);
  }
  return { score, pValue };
}
