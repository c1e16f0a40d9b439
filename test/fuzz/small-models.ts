import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { Detector, ImageDetector } from 'unlikely';
import { drawBar } from '../drawn-images.ts';
import { madeCsv } from '../made-table.ts';

/** Small trained models of both kinds with what they score, and a checkpoint. */
export interface SmallModels {
  readonly folder: string;
  readonly rows: string;
  readonly images: string;
  readonly table: Uint8Array;
  readonly ofImages: Uint8Array;
  readonly checkpoint: Uint8Array;
}

const tableOptions = {
  steps: 40,
  members: 2,
  encoderSizes: [8],
  latentSize: 2,
  codes: 20,
  threads: 1,
};

/** Trains them in a new folder, which goes with the process. */
export async function smallModels(): Promise<SmallModels> {
  const folder = mkdtempSync(join(tmpdir(), 'unlikely-test-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [rows, training, images] = ['rows.csv', 'training.csv', 'images'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const dated = (line: string, row: number): string =>
    `${line},2024-01-${String(1 + (row % 28)).padStart(2, '0')} ${row % 24}:30:00`;
  const withTime = (count: number): string => madeCsv(count, dated).replace('side\n', 'side,at\n');
  writeFileSync(training, withTime(200));
  writeFileSync(rows, withTime(6));
  const table = await bytesOf(await Detector.train(training, tableOptions));

  const checkpoint = join(folder, 'checkpoint');
  const stop = new AbortController();
  await Detector.train(training, {
    ...tableOptions,
    steps: 4000,
    checkpoint,
    signal: stop.signal,
    onEvent: ({ kind }) => kind === 'progress' && stop.abort(),
  }).catch(() => undefined);

  mkdirSync(join(images, 'good'), { recursive: true });
  const stream = new RandomStream(8, 'bars');
  for (let index = 0; index < 40; index++) {
    await drawBar(join(images, 'good', `${index}.png`), index % 2, stream);
  }
  const small = { channels: 4, hiddenSize: 8, latentSize: 3, batchSize: 16, codes: 20, steps: 10 };
  const ofImages = await bytesOf(await ImageDetector.train(images, { ...small, threads: 1 }));
  const fresh = join(folder, 'fresh');
  mkdirSync(fresh);
  await drawBar(join(fresh, 'one.png'), 1, stream);
  return { folder, rows, images: fresh, table, ofImages, checkpoint: readFileSync(checkpoint) };
}

async function bytesOf(detector: Detector | ImageDetector): Promise<Uint8Array> {
  const bytes = await detector.toBytes();
  await detector.dispose();
  return bytes;
}
