import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { ImageDetector, openImages, tableFromRecords, UnlikelyError } from 'unlikely';
import type { ImageCodes, Images, ImageTrainOptions, MadeImages } from 'unlikely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawBar, drawRing } from './drawn-images.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';

const folder = temporaryFolder();
const [bars, fresh, model] = ['bars', 'fresh', 'bars.onnx'].map((name) => join(folder, name));
const small: ImageTrainOptions = {
  normal: ['left', 'right'],
  channels: 4,
  hiddenSize: 32,
  latentSize: 6,
  batchSize: 32,
  codes: 60,
  steps: 120,
  threads: 2,
};
const size = 28 * 28;

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof UnlikelyError ? error.code : String(error)),
  );
async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const first = ({ data }: Images): Float32Array => data.slice(0, size);

describe('ImageDetector on Node', () => {
  let detector: ImageDetector;
  beforeAll(async () => {
    const stream = new RandomStream(8, 'bars');
    for (const name of ['bars/left', 'bars/right', 'fresh/left', 'fresh/ring']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    for (let index = 0; index < 80; index++) {
      await drawBar(join(bars!, 'left', `${index}.png`), -0.5, stream);
      await drawBar(join(bars!, 'right', `${index}.png`), 0.5, stream);
    }
    for (let index = 0; index < 15; index++) {
      await drawBar(join(fresh!, 'left', `${index}.png`), -0.5, stream);
      await drawRing(join(fresh!, 'ring', `${index}.png`), stream);
    }
    detector = await ImageDetector.train(bars!, small);
  }, 300_000);
  afterAll(() => detector.dispose());

  it('scores and evaluates a folder, a list of files and a source alike', async () => {
    const [batch] = await all(detector.score(fresh!));
    expect(batch!.rows).toBe(30);
    expect(batch!.names[0]).toBe('left/0.png');
    await using source = await openImages(fresh!);
    const [same] = await all(detector.score(source));
    expect(same!.score).toEqual(batch!.score);
    const file = [join(fresh!, 'ring', '3.png')];
    const [one] = await all(detector.score(file));
    expect(one!.score[0]).toBe(batch!.score[batch!.names.indexOf('ring/3.png')]);
    const { auroc } = await detector.evaluate(fresh!, {
      normal: ['left'],
      falsePositiveRate: 0.1,
      baselines: false,
    });
    expect(auroc).toBeGreaterThan(0.8);
    expect(detector.threshold(0.2)).toBeLessThan(Math.max(...batch!.score));
    expect(await codeOf(all(detector.score(join(folder, 'nowhere'))))).toBe('data/file-not-found');
  });

  it('predicts image by image, and draws the report of the command line', async () => {
    const [batch] = await all(detector.score(fresh!));
    const threshold = detector.threshold(0.1);
    const found = await all(detector.predict(fresh!, { falsePositiveRate: 0.1, batchRows: 7 }));
    expect(found.map(({ row }) => row)).toEqual([...batch!.rowNumbers]);
    expect(found.map(({ name }) => name)).toEqual(batch!.names);
    expect(found.map(({ score }) => score)).toEqual([...batch!.score]);
    expect(found.map(({ pValue }) => pValue)).toEqual([...batch!.pValue]);
    for (const { score, isAnomaly } of found) expect(isAnomaly).toBe(score > threshold);

    await detector.save(model!);
    await runUnlikely(['report', model!, fresh!, '-o', 'page.html', '--fpr', '0.1'], { folder });
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    const options = { falsePositiveRate: 0.1 };
    expect((await detector.report(fresh!, 'string', options)) === page).toBe(true);
  });

  it('is given a folder, files or a source, and says so to all else', async () => {
    await using table = await tableFromRecords([{ a: 1 }]);
    for (const [input, help] of [
      [undefined, /photos/],
      [Buffer.from('x'), /to a file/],
      [[new Uint8Array(3)], /photos|matrixOf/],
      [Promise.resolve(fresh), /await/],
      [table, /`Detector` is for tables/],
    ] as const) {
      for (const call of [
        () => all(detector.score(input as unknown as string)),
        () => detector.report(input as unknown as string, 'string'),
        () => ImageDetector.train(input as unknown as string, small),
      ]) {
        const error = (await call().then(undefined, (thrown: unknown) => thrown)) as UnlikelyError;
        expect(error.message).toMatch(/^expected a folder, a glob, image files or a source of/);
        expect(error.help).toMatch(help);
      }
    }
  });

  it('reconstructs, encodes, decodes and generates in batches, whatever their size', async () => {
    const whole: MadeImages[] = await all(detector.reconstruct(fresh!));
    const parts: MadeImages[] = await all(detector.reconstruct(fresh!, { batchRows: 7 }));
    expect(parts.map(({ rows }) => rows)).toEqual([7, 7, 7, 7, 2]);
    expect(Float32Array.from(parts.flatMap(({ made }) => [...made]))).toEqual(whole[0]!.made);
    const [codes]: ImageCodes[] = await all(detector.encode(fresh!));
    expect(codes!.labels![20]).toBe('ring');
    expect((await detector.decode(codes!.codes)).data).toEqual(whole[0]!.made);
    const many = await all(detector.generate(20, { seed: 4, batchRows: 8 }));
    expect(many.map(({ rows }) => rows)).toEqual([8, 8, 4]);
    const [few] = await all(detector.generate(2, { seed: 4 }));
    expect(few!.data).toEqual(many[0]!.data.slice(0, 2 * size));
    const wrong = { data: new Float32Array(5), rows: 1, columns: 5 };
    expect(await codeOf(detector.decode(wrong))).toBe('detect/input');
  });

  it('walks, moves along attributes and keeps them in the file', async () => {
    const [made] = await all(detector.reconstruct(fresh!));
    const way = await detector.interpolate(fresh!, [0, 5], { steps: 4, path: 'spherical' });
    expect(way.rows).toBe(4);
    expect(first(way)).toEqual(made!.made.slice(0, size));
    expect(await codeOf(detector.interpolate(fresh!, [0, 30]))).toBe('data/row-out-of-range');
    const { unit } = await detector.traverse({ from: { input: fresh!, row: 0 }, steps: 2 });
    expect(unit).toHaveLength(12);
    expect((await detector.traverse({ units: [3] })).rows).toBe(7);

    await using source = await openImages(bars!);
    const lean = await detector.attributeVector(
      source.where({ in: ['right'] }),
      source.where({ in: ['left'] }),
    );
    expect(lean.separation).toBeGreaterThan(1);
    detector.keepAttribute('lean', lean);
    await detector.save(model!);
    await using loaded = await ImageDetector.load(model!);
    expect(loaded.attributes).toEqual({ lean });
    expect(loaded.manifest.label!.normal).toEqual(['left', 'right']);
    const [moved] = await all(loaded.transfer(fresh!, 'lean', { amount: 0.5 }));
    const [again] = await all(detector.transfer(fresh!, lean.vector, { amount: 0.5 }));
    expect(moved!.made).toEqual(again!.made);
    expect(moved!.made).not.toEqual(made!.made);
    expect(await codeOf(all(loaded.transfer(fresh!, 'up')))).toBe('detect/configuration');
    expect(Buffer.from(await loaded.toBytes()).equals(Buffer.from(await detector.toBytes()))).toBe(
      true,
    );
  });
});
