import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isImageInput,
  openImages,
  type ImageBatch,
  type ImageSettings,
  type ImageSource,
} from '@unlikely/data';
import { Database } from '../../src/duckdb/duckdb.ts';
import { literal } from '../../src/duckdb/sql.ts';
import { temporaryDirectory } from '../small-table.ts';
import { encode, greyPng, hugePng, picture, writeFiles } from './made-images.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let folder: string;
let table: string;

/** Images by name as they stand in the folder, in its order. */
const names = [
  ...Array.from({ length: 7 }, (_, index) => `anomaly/a${index}.png`),
  ...Array.from({ length: 40 }, (_, index) => `normal/n${String(index).padStart(2, '0')}.png`),
];

beforeAll(async () => {
  directory = await temporaryDirectory();
  folder = join(directory.path, 'photos');
  const files: Record<string, Uint8Array | string> = {};
  for (const [index, name] of names.entries()) files[name] = await greyPng(index);
  await writeFiles(folder, { ...files, 'normal/.hidden.png': 'x', 'normal/notes.txt': 'x' });
  await mkdir(join(folder, 'unused'));
  table = join(directory.path, 'photos.parquet');
  await using database = await open();
  await database.value.run(
    `COPY (SELECT {'bytes': content, 'path': parse_filename(filename)} AS image, ` +
      `parse_filename(parse_path(filename)[-2]) AS label ` +
      `FROM read_blob(${literal(join(folder, '*/*.png'))}) ` +
      `WHERE NOT contains(filename, 'hidden') ORDER BY filename) TO ${literal(table)} (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
});
afterAll(() => directory[Symbol.asyncDispose]());

async function open(): Promise<AsyncDisposable & { value: Database }> {
  const value = await Database.open();
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

async function all(
  source: ImageSource,
  settings: ImageSettings,
  batchRows?: number,
): Promise<ImageBatch[]> {
  const batches: ImageBatch[] = [];
  for await (const batch of source.batches(
    settings,
    batchRows === undefined ? {} : { batchRows },
  )) {
    batches.push(batch);
  }
  return batches;
}

function joined(batches: readonly ImageBatch[]): number[] {
  return batches.flatMap(({ data }) => [...data]);
}

describe('what is an image input', () => {
  it('tells images from tables', async () => {
    await writeFiles(directory.path, { 'table.csv': 'a,b\n1,2\n', 'tables/one.csv': 'a\n1\n' });
    const bytes = join(directory.path, 'bytes.parquet');
    await using database = await open();
    await database.value.run(
      `COPY (SELECT 'abc'::BLOB AS key, 1 AS n) TO ${literal(bytes)} (FORMAT parquet)`,
    );
    expect(await isImageInput(folder)).toBe(true);
    expect(await isImageInput(table)).toBe(true);
    expect(await isImageInput(join(folder, '*/*.png'))).toBe(true);
    expect(await isImageInput([join(folder, 'normal')])).toBe(true);
    expect(await isImageInput(join(folder, 'unused'))).toBe(true);
    expect(await isImageInput(join(directory.path, 'table.csv'))).toBe(false);
    expect(await isImageInput(join(directory.path, 'tables'))).toBe(false);
    expect(await isImageInput(bytes)).toBe(false);
    expect(await isImageInput('-')).toBe(false);
    expect(await isImageInput('absent.parquet')).toBe(false);
  });
});

describe('a folder of images', () => {
  it('gives its images in order with the class folders as labels', async () => {
    await using source = await openImages(folder);
    expect(source.count).toBe(47);
    expect(source.labels).toEqual([
      { value: 'anomaly', count: 7 },
      { value: 'normal', count: 40 },
      { value: 'unused', count: 0 },
    ]);
    const settings = await source.inferSettings({ seed: 1 });
    expect(settings).toMatchObject({ width: 32, height: 32, channels: 1, bits: 8, maximum: 255 });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    const batches = await all(source, settings, 10);
    expect(batches.map(({ rows }) => rows)).toEqual([10, 10, 10, 10, 7]);
    expect(batches.flatMap((batch) => batch.names)).toEqual(names);
    expect(batches.flatMap(({ labels }) => labels)).toEqual(
      names.map((name) => name.split('/')[0]),
    );
    expect(batches.flatMap(({ rowNumbers }) => [...rowNumbers])).toEqual(
      names.map((_, row) => row),
    );
    const expected = Float32Array.from(picture(32, 32, 1, 12), (value) => value / 255);
    expect(batches[1]!.data.slice(2 * 1024, 3 * 1024)).toEqual(expected);
  });

  it('gives the same bits whatever the batch, by rows, in a sample and from a store', async () => {
    await using source = await openImages(folder);
    const settings = await source.inferSettings({ seed: 1 });
    const whole = joined(await all(source, settings));
    expect(joined(await all(source, settings, 3))).toEqual(whole);
    await using store = await source.pixels(settings);
    expect([store.rows, store.labels?.[8]]).toEqual([47, 'normal']);
    const into = new Float32Array(3 * 1024);
    store.read(Int32Array.of(40, 0, 40), into);
    const image = (row: number): number[] => whole.slice(row * 1024, (row + 1) * 1024);
    expect([...into]).toEqual([...image(40), ...image(0), ...image(40)]);
    await using filed = await source.pixels(settings, { memoryBytes: 1000 });
    const again = new Float32Array(3 * 1024);
    filed.read(Int32Array.of(40, 0, 40), again);
    expect(again).toEqual(into);
    const some = await source.rows(settings, [30, 2]);
    expect([...some.rowNumbers]).toEqual([2, 30]);
    expect([...some.data]).toEqual([...image(2), ...image(30)]);
    const sample = await source.sample(settings, 5, 9);
    expect(sample.rowNumbers).toEqual((await source.sample(settings, 5, 9)).rowNumbers);
    expect([...sample.data]).toEqual([...sample.rowNumbers].flatMap(image));
    expect((await source.sample(settings, 100, 9)).rows).toBe(47);
    expect(() => store.read(Int32Array.of(47), into)).toThrow(/rows from 0 to 46/);
    expect(() => store.read(Int32Array.of(0, 1, 2, 3), into)).toThrow(/room/);
  });

  it('shows some of its labels as a source of their own', async () => {
    await using source = await openImages(folder);
    const normal = source.where({ in: ['normal'] });
    expect([normal.count, source.where({ notIn: ['normal'] }).count]).toEqual([40, 7]);
    const settings = await source.inferSettings({ seed: 1 });
    const [batch] = await all(normal, settings);
    expect(batch!.names[0]).toBe('normal/n00.png');
    expect(batch!.rowNumbers[0]).toBe(0);
    const empty = source.where({ in: ['unused'] });
    expect(empty.count).toBe(0);
    expect(await all(empty, settings)).toEqual([]);
    await expect(empty.inferSettings({ seed: 1 })).rejects.toMatchObject({
      code: 'data/no-images',
    });
  });

  it('has no labels where it has no class folders', async () => {
    await using source = await openImages(join(folder, 'normal'));
    expect(source.labels).toBeUndefined();
    const settings = await source.inferSettings({ seed: 1 });
    const batch = await source.sample(settings, 1, 1);
    expect('labels' in batch).toBe(false);
    expect(() => source.where({ in: ['normal'] })).toThrow(/labels/);
  });

  it('is the same as a glob and as Parquet of bytes', async () => {
    await using source = await openImages(folder);
    const settings = await source.inferSettings({ seed: 1 });
    const whole = joined(await all(source, settings));
    for (const input of [join(folder, '*', '[an]*.png'), table]) {
      await using other = await openImages(input);
      const labels = other.labels?.filter(({ count }) => count > 0);
      expect(labels).toEqual([
        { value: 'anomaly', count: 7 },
        { value: 'normal', count: 40 },
      ]);
      expect(await other.inferSettings({ seed: 1 })).toEqual(settings);
      expect(joined(await all(other, settings, 7))).toEqual(whole);
      const some = await other.rows(settings, [3, 44, 45]);
      expect(Array.from(some.data)).toEqual([
        ...whole.slice(3 * 1024, 4 * 1024),
        ...whole.slice(44 * 1024, 46 * 1024),
      ]);
      expect(some.names.map((name) => name.split('/').at(-1))).toEqual([
        'a3.png',
        'n37.png',
        'n38.png',
      ]);
    }
  });
});

describe('settings', () => {
  async function infer(files: Record<string, Uint8Array>): Promise<ImageSettings> {
    await using place = await temporaryDirectory();
    await writeFiles(place.path, files);
    await using source = await openImages(place.path);
    return await source.inferSettings({ seed: 3 });
  }
  const png = async (width: number, height: number, channels: 1 | 3): Promise<Uint8Array> =>
    encode(picture(width, height, channels, 1), width, height, channels)
      .png()
      .toBuffer();

  it('follow the resolution, in proportion, up to 128 pixels', async () => {
    expect(await infer({ 'a.png': await png(20, 20, 1) })).toMatchObject({ width: 28, height: 28 });
    expect(await infer({ 'a.png': await png(100, 90, 1) })).toMatchObject({
      width: 96,
      height: 96,
    });
    expect(await infer({ 'a.png': await png(640, 480, 1) })).toMatchObject({
      width: 128,
      height: 96,
    });
    const tall = await infer({
      'a.png': await png(200, 400, 1),
      'b.png': await png(100, 150, 1),
      'c.png': await png(200, 400, 1),
    });
    expect(tall).toMatchObject({ width: 64, height: 128 });
    expect(tall.reasons.size).toBe(
      'the images are 200 × 400 in the median; 128 at most unless asked',
    );
  });

  it('are grey where all images are, even those stored as colour', async () => {
    const grey = picture(40, 40, 1, 1);
    const stored = await encode(grey, 40, 40, 1).toColourspace('srgb').jpeg().toBuffer();
    const settings = await infer({ 'a.png': await png(40, 40, 1), 'b.jpg': stored });
    expect(settings).toMatchObject({
      channels: 1,
      reasons: { channels: 'grey: all 2 images looked at are' },
    });
    const mixed = await infer({ 'a.png': await png(40, 40, 1), 'b.png': await png(40, 40, 3) });
    expect(mixed).toMatchObject({
      channels: 3,
      reasons: { channels: 'colour: 1 of 2 images looked at have it' },
    });
  });

  it('use the bits that deep images use', async () => {
    const deep = Uint16Array.from(picture(32, 32, 1, 1), (value) => value * 15);
    const settings = await infer({ 'a.png': await encode(deep, 32, 32, 1).png().toBuffer() });
    expect(settings).toMatchObject({ bits: 16, maximum: 4095 });
    expect(settings.reasons.range).toMatch(/^16 bits, of which 12 are used: 0 to 4095/);
  });

  it('are what was asked for', async () => {
    await using source = await openImages(folder);
    const asked = { seed: 1, size: 64, channels: 3, fit: 'cover', background: 0 } as const;
    expect(await source.inferSettings(asked)).toMatchObject({
      width: 64,
      height: 64,
      channels: 3,
      fit: 'cover',
      background: 0,
      reasons: { size: 'as asked; the images are 32 × 32', channels: 'as asked' },
    });
    for (const wrong of [{ size: 30 }, { size: 512 }, { background: 2 }]) {
      await expect(source.inferSettings({ seed: 1, ...wrong })).rejects.toMatchObject({
        code: 'data/wrong-option',
      });
    }
  });
});

describe('bad input', () => {
  const within = async (
    files: Record<string, Uint8Array | string>,
    use: (path: string) => Promise<void>,
  ): Promise<void> => {
    await using place = await temporaryDirectory();
    await writeFiles(place.path, files);
    await use(place.path);
  };

  it('names an empty folder, and one without images', async () => {
    await within({}, async (path) => {
      await expect(openImages(path)).rejects.toMatchObject({ code: 'data/no-images' });
      await writeFiles(path, { 'film.gif': 'GIF89a', 'notes.md': 'x' });
      await expect(openImages(path)).rejects.toThrow(/holds only \.gif, \.md files/);
      await expect(openImages(join(path, 'absent'))).rejects.toMatchObject({
        code: 'data/file-not-found',
      });
    });
  });

  it('opens one image', async () => {
    await within({ 'one.png': await greyPng(1) }, async (path) => {
      await using source = await openImages(path);
      const settings = await source.inferSettings({ seed: 1 });
      expect((await source.sample(settings, 10, 1)).rows).toBe(1);
    });
  });

  it('resizes mixed sizes and counts them', async () => {
    const files = {
      'a.png': await greyPng(1),
      'b.png': await greyPng(2),
      'c.png': await encode(picture(50, 20, 1, 1), 50, 20, 1)
        .png()
        .toBuffer(),
    };
    await within(files, async (path) => {
      await using source = await openImages(path);
      const settings = await source.inferSettings({ seed: 1 });
      expect(settings).toMatchObject({ width: 32, height: 32 });
      expect((await source.sample(settings, 3, 1)).conversions.resized).toBe(1);
    });
  });

  it('names unreadable files and goes on while they are few', async () => {
    const good: Record<string, Uint8Array> = {};
    for (let index = 0; index < 57; index++) good[`good/${index}.png`] = await greyPng(index);
    const jpeg = await encode(picture(200, 200, 3, 1), 200, 200, 3)
      .jpeg()
      .toBuffer();
    const bad = {
      'bad/cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
      'bad/text.png': 'hello there\n',
      'zzz/huge.png': hugePng(20_000, 20_000),
    };
    await within({ ...good, ...bad }, async (path) => {
      await using source = await openImages(path);
      const settings = await source.inferSettings({ seed: 1 });
      const batches = await all(source, settings, 19);
      expect(batches.map(({ rows }) => rows)).toEqual([19, 19, 19]);
      const failures = batches.flatMap((batch) => batch.failures);
      expect(failures.map(({ row, name }) => [row, name])).toEqual([
        [0, 'bad/cut.jpg'],
        [1, 'bad/text.png'],
        [59, 'zzz/huge.png'],
      ]);
      expect(failures[0]!.reason).toBe('the JPEG image is damaged or incomplete');
      expect(failures[1]!.reason).toMatch(
        /not a PNG, JPEG, WebP, TIFF or BMP image: it starts with "hello there·"/,
      );
      expect(failures[2]!.reason).toBe(
        '20000 × 20000 pixels are more than the limit of 64 megapixels',
      );
      await using store = await source.pixels(settings);
      expect([store.rows, store.failures.length, store.rowNumbers[0]]).toEqual([57, 3, 2]);
      // One more is more than 5 % of 61.
      await writeFiles(path, { 'bad/empty.png': '' });
      await using worse = await openImages(path);
      await expect(all(worse, settings)).rejects.toMatchObject({ code: 'data/unreadable-images' });
      await expect(worse.pixels(settings)).rejects.toThrow(
        /at most 5 % of 61 images to be unreadable, but 4 cannot be read:\n {2}bad\/cut.jpg: [^]*bad\/empty.png: the file is empty/,
      );
      await using lenient = await openImages(path, { unreadableShare: 0.1 });
      expect((await all(lenient, settings)).at(-1)!.failures.length).toBe(4);
    });
  });

  it('refuses what is too large before decoding it, by a limit that can be set', async () => {
    await within({ 'huge.png': hugePng(20_000, 20_000) }, async (path) => {
      await using source = await openImages(path);
      await expect(source.inferSettings({ seed: 1 })).rejects.toMatchObject({
        code: 'data/image-too-large',
      });
    });
    await within({ 'a.png': await greyPng(1) }, async (path) => {
      await using source = await openImages(path, { maximumPixels: 1000 });
      await expect(source.inferSettings({ seed: 1 })).rejects.toThrow(
        /32 × 32 pixels are more than the limit of 0.001 megapixels/,
      );
      await expect(openImages(path, { maximumPixels: 0 })).rejects.toMatchObject({
        code: 'data/wrong-option',
      });
      await expect(openImages(path, { unreadableShare: 2 })).rejects.toMatchObject({
        code: 'data/wrong-option',
      });
    });
  });

  it('names columns of Parquet that are not there', async () => {
    await expect(openImages(table, { labelColumn: 'class' })).rejects.toMatchObject({
      code: 'data/missing-column',
    });
    await expect(openImages(table, { imageColumn: 'label' })).rejects.toThrow(/has "image"/);
    await expect(openImages([table, join(folder, names[0]!)])).rejects.toMatchObject({
      code: 'data/mismatched-files',
    });
  });

  it('stops when it is told to', async () => {
    await using source = await openImages(folder);
    const settings = await source.inferSettings({ seed: 1 });
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const batch of source.batches(settings, {
        batchRows: 5,
        signal: controller.signal,
      })) {
        if (batch.rows > 0) controller.abort(new Error('stopped'));
      }
    };
    await expect(read()).rejects.toThrow('stopped');
  });
});
