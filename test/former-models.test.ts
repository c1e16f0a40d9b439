import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { Detector, ImageDetector, nodePlatform } from 'unlikely';
import { describe, expect, it } from 'vitest';
import { drawWaves } from './drawn-images.ts';
import { madeCsv } from './made-table.ts';
import { root } from './repository.ts';
import { temporaryFolder } from './run-unlikely.ts';

// Model files as earlier versions wrote them, in `fixtures/models`: they load, and score to the bit. The
// table is `madeCsv(200)`; the images are the 64 below; a WebAssembly runtime trained and scored them.
const models = `${root}/test/fixtures/models`;
const platform = nodePlatform({ prefer: 'wasm', threads: 1 });

/** Images from stored codes. */
async function drawn(detector: ImageDetector): Promise<number[]> {
  const data: number[] = [];
  for await (const images of detector.generate(2)) data.push(...images.data);
  return data;
}

describe('model files of format 1', () => {
  it('a table', async () => {
    const path = join(temporaryFolder(), 'table.csv');
    writeFileSync(path, madeCsv(200));
    await using detector = await Detector.load(`${models}/table-1.onnx`, platform);
    const scores: number[] = [];
    for await (const { score } of detector.score(path)) scores.push(...score);
    expect(scores.slice(0, 5)).toEqual([
      5.0382595509290695, 3.5919862133450806, 3.930849824100733, 3.2922299094498158,
      3.2462243661284447,
    ]);
    expect(detector.threshold(0.1)).toBe(5.0382595509290695);
    expect(detector.manifest).toMatchObject({ kind: 'table', formatVersion: 2 });
    const saved = await detector.toBytes();
    await using again = await Detector.fromBytes(saved, platform);
    expect(again.manifest).toEqual(detector.manifest);
    expect(await again.toBytes()).toEqual(saved);
  });

  it('images', async () => {
    const folder = temporaryFolder();
    const stream = new RandomStream(4, 'fixture');
    for (const name of ['good', 'odd']) mkdirSync(join(folder, name));
    for (let index = 0; index < 60; index++) {
      const file = join(folder, 'good', `${String(index).padStart(2, '0')}.png`);
      await drawWaves(file, { channels: 1, size: 16 }, stream);
    }
    for (let index = 0; index < 4; index++) {
      const file = join(folder, 'odd', `${index}.png`);
      await drawWaves(file, { channels: 1, size: 16, odd: true }, stream);
    }
    await using detector = await ImageDetector.load(`${models}/images-1.onnx`, platform);
    const scores: number[] = [];
    for await (const { score } of detector.score(folder)) scores.push(...score);
    expect(scores.slice(-5)).toEqual([
      -1.059548432356678, 10.456844053813256, 13.506264985888265, 13.32293854013551,
      12.017831635545008,
    ]);
    expect(detector.threshold(0.2)).toBe(6.287249614368193);
    expect(detector.manifest).toMatchObject({ kind: 'image', formatVersion: 2 });
    const saved = await detector.toBytes();
    await using again = await ImageDetector.fromBytes(saved, platform);
    expect(again.manifest).toEqual(detector.manifest);
    expect(await drawn(again)).toEqual(await drawn(detector));
    expect(await again.toBytes()).toEqual(saved);
  });
});
