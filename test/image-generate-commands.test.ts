import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { drawBar } from './drawn-images.ts';
import { parseCsv, runUnlikely, sample, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
// Each test starts the command line many times.
vi.setConfig({ testTimeout: 300_000 });
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
const bytes = (name: string): Buffer => readFileSync(join(folder, name));
const files = (name: string): string[] => readdirSync(join(folder, name)).sort();

/** Runs a command that must succeed and gives what it printed. */
async function done(...parameters: string[]): Promise<string> {
  const { status, output, notes } = await run(...parameters);
  expect([parameters[0], status, status === 0 ? '' : notes]).toEqual([parameters[0], 0, '']);
  return output;
}

/** Width and height of a PNG file, from its header. */
function sizeOf(name: string): [width: number, height: number] {
  const header = bytes(name);
  expect(header.subarray(1, 4).toString()).toBe('PNG');
  return [header.readUInt32BE(16), header.readUInt32BE(20)];
}

const perClass = 12;
const images = 2 * perClass;

/** Trained once for all tests of this file: few steps, since they are not about how well it does. */
beforeAll(async () => {
  const stream = new RandomStream(5, 'bars');
  for (const [name, count] of [
    ['train', 120],
    ['new', perClass],
  ] as const) {
    for (const [lean, slant] of [
      ['left', -0.5],
      ['right', 0.5],
    ] as const) {
      mkdirSync(join(folder, name, lean), { recursive: true });
      for (let index = 0; index < count; index++) {
        const file = `${String(index).padStart(3, '0')}.png`;
        await drawBar(join(folder, name, lean, file), slant, stream);
      }
    }
  }
  const normal = ['--normal', 'left,right'];
  const small = { channels: 4, hiddenSize: 32, batchSize: 32, codes: 60, steps: 120 };
  writeFileSync(join(folder, 'small.json'), JSON.stringify(small));
  await done('train', 'train', ...normal, '-o', 'bars.onnx', '--config', 'small.json');
  await done('train', sample.normal, '-o', 'table.onnx', '--steps', '5');
}, 300_000);

describe('generate', () => {
  it('makes a grid or a file each, the same for the same seed', async () => {
    await done('generate', 'bars.onnx', '--count', '9', '-o', 'a.png');
    // Three beside three, each 28 pixels three times as large, with a frame and gaps of white.
    expect(sizeOf('a.png')).toEqual([3 * (84 + 2 + 4) + 4, 3 * (84 + 2 + 4) + 4]);
    const printed = await done('generate', 'bars.onnx', '--count', '9', '--json', '-o', 'b.png');
    expect(JSON.parse(printed)).toMatchObject({ images: 9, files: 1, from: 'posterior', seed: 1 });
    expect(bytes('b.png').equals(bytes('a.png'))).toBe(true);
    await done('generate', 'bars.onnx', '--count', '9', '--seed', '2', '-o', 'c.png');
    expect(bytes('c.png').equals(bytes('a.png'))).toBe(false);
    await done('generate', 'bars.onnx', '--count', '9', '--codes-from', 'prior', '-o', 'd.png');
    expect(bytes('d.png').equals(bytes('a.png'))).toBe(false);
    await done('generate', 'bars.onnx', '--count', '12', '-o', 'made/');
    await done('generate', 'bars.onnx', '--count', '3', '-o', 'few/');
    expect(files('made')).toHaveLength(12);
    expect(files('made')[3]).toBe('03.png');
    expect(sizeOf('made/03.png')).toEqual([28, 28]);
    for (const place of [0, 1, 2]) {
      expect(bytes(`few/${place}.png`).equals(bytes(`made/0${place}.png`))).toBe(true);
    }
  });
});

describe('reconstruct, denoise, encode, decode', () => {
  it('agree with one another, in the order of the input', async () => {
    await done('denoise', 'bars.onnx', 'new', '-o', 'clean');
    const names = files('clean');
    expect(names).toHaveLength(images);
    expect(names[perClass]).toBe(`${perClass}-000.png`);
    const codes = await done('encode', 'bars.onnx', 'new', '--keep', 'label');
    const rows = parseCsv(codes);
    expect(rows).toHaveLength(images);
    expect(Object.keys(rows[0]!).slice(0, 3)).toEqual(['row', 'name', 'z0']);
    expect(rows[perClass]).toMatchObject({
      row: `${perClass}`,
      name: 'right/000.png',
      label: 'right',
    });
    writeFileSync(join(folder, 'codes.csv'), codes);
    await done('encode', 'bars.onnx', 'new', '-o', 'codes.parquet');
    await done('decode', 'bars.onnx', 'codes.csv', '-o', 'decoded/');
    await done('decode', 'bars.onnx', 'codes.parquet', '-o', 'decoded-again/');
    names.forEach((name, place) => {
      const file = `${String(place).padStart(2, '0')}.png`;
      const decoded = bytes(`decoded/${file}`);
      expect([name, decoded.equals(bytes(`decoded-again/${file}`))]).toEqual([name, true]);
      // What fits stays, so it is not the expected image.
      expect([name, decoded.equals(bytes(`clean/${name}`))]).toEqual([name, false]);
      expect(sizeOf(`clean/${name}`)).toEqual([28, 28]);
    });
    await done('reconstruct', 'bars.onnx', 'new', '--rows', '20,1', '-o', 'pairs/');
    expect(files('pairs')).toEqual(['01-001.png', '20-008.png']);
    expect(sizeOf('pairs/20-008.png')).toEqual([2 * 29 + 1, 30]);
    const json = await done('reconstruct', 'bars.onnx', 'new', '--difference', '--json', '-o', 'three.png'); // prettier-ignore
    expect(JSON.parse(json)).toMatchObject({ images, files: 1 });
    const [width, height] = sizeOf('three.png');
    expect(width / height).toBeGreaterThan(0.4);
    expect(width / height).toBeLessThan(2.5);
  });
});

describe('interpolate and traverse', () => {
  it('start and end at the images as the decoder knows them', async () => {
    for (const path of ['linear', 'spherical']) {
      const way = ['--between', '3,15', '--points', '5', '--path', path];
      await done('interpolate', 'bars.onnx', 'new', ...way, '-o', `${path}/`);
      expect(files(path)).toEqual(['0.png', '1.png', '2.png', '3.png', '4.png']);
      expect(bytes(`${path}/0.png`).equals(bytes('decoded/03.png'))).toBe(true);
      expect(bytes(`${path}/4.png`).equals(bytes('decoded/15.png'))).toBe(true);
      await done('interpolate', 'bars.onnx', 'new', ...way, '-o', `${path}.png`);
      expect(sizeOf(`${path}.png`)[1]).toBe(84 + 2 + 8);
    }
    expect(bytes('linear/2.png').equals(bytes('spherical/2.png'))).toBe(false);
  });

  it('have a line for each unit', async () => {
    await done('traverse', 'bars.onnx', '--units', '0,11', '--points', '3', '-o', 'units/');
    expect(files('units')).toEqual([
      'unit-00-step-0.png', 'unit-00-step-1.png', 'unit-00-step-2.png',
      'unit-11-step-0.png', 'unit-11-step-1.png', 'unit-11-step-2.png',
    ]); // prettier-ignore
    // In the middle both units are 0.
    expect(bytes('units/unit-00-step-1.png').equals(bytes('units/unit-11-step-1.png'))).toBe(true);
    await done('traverse', 'bars.onnx', 'new', '--row', '7', '-o', 'all.png');
    const [width, height] = sizeOf('all.png');
    expect([(width - 4) / 90, (height - 4) / 90]).toEqual([7, 16]);
  });
});

describe('attribute and transfer', () => {
  it('keep a trait in the model and give it to images', async () => {
    copyFileSync(join(folder, 'bars.onnx'), join(folder, 'traits.onnx'));
    const lean = ['--name', 'lean', '--with', 'label=right', '--without', 'label=left'];
    const made = await done('attribute', 'traits.onnx', 'new', ...lean, '--json');
    const { vector, separation, rows } = JSON.parse(made);
    expect(vector).toHaveLength(16);
    expect(separation).toBeGreaterThan(1);
    expect(rows).toEqual({ with: perClass, without: perClass });
    const opposite = ['--name', 'not', '--with', 'label!=right', '-o', 'both.onnx'];
    await done('attribute', 'traits.onnx', 'new', ...opposite);
    const text = await done('inspect', 'both.onnx');
    expect(text).toMatch(/^attribute +lean: label=right against label=left; length/m);
    expect(text).toMatch(/^attribute +not: label!=right against not label!=right; length/m);
    const listed = JSON.parse(await done('inspect', 'both.onnx', '--json'));
    listed.attributes.not.vector.forEach((value: number, unit: number) =>
      expect(value).toBeCloseTo(-vector[unit], 4),
    );
    const given = ['--attribute', 'lean', '--rows', '4'];
    await done('transfer', 'both.onnx', 'new', ...given, '--amount', '0', '-o', 'zero/');
    expect(bytes('zero/04-004.png').equals(bytes('decoded/04.png'))).toBe(true);
    await done('transfer', 'both.onnx', 'new', ...given, '-o', 'one/');
    expect(bytes('one/04-004.png').equals(bytes('zero/04-004.png'))).toBe(false);
    await done('transfer', 'both.onnx', 'new', ...given, '--amount=-1,0,1', '-o', 'three.png');
    expect(sizeOf('three.png')[0]).toBe(3 * 85 + 1 + 8);
    // The scores do not know of it.
    expect(await done('score', 'both.onnx', 'new')).toBe(await done('score', 'bars.onnx', 'new'));
  });
});

describe('plot and report', () => {
  it.each([
    ['loss', []],
    ['latent', ['new']],
    ['latent', ['new', '--no-labels']],
    ['latent', ['new', '--layout', 'umap']],
    ['histogram', ['new']],
    ['histogram', ['new', '--no-labels']],
    ['histogram', ['new', '--error', '--label', 'label']],
  ])('draws %s %j', async (kind, parameters) => {
    const svg = await done('plot', 'bars.onnx', ...parameters, '--picture', kind, '-o', '-');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+"/);
    expect(svg).not.toMatch(/NaN|undefined|var\(--/);
    const tells = kind !== 'loss' && !parameters.includes('--no-labels');
    expect(/left[:<( ]/.test(svg)).toBe(tells);
    await done('plot', 'bars.onnx', ...parameters, '--picture', kind, '-o', 'again.svg');
    expect(bytes('again.svg').toString()).toBe(svg);
  });

  it('shows classes in the report, with and without an evaluation', async () => {
    for (const normal of [[], ['--normal', 'left']]) {
      await done('report', 'bars.onnx', 'new', ...normal, '-o', 'report.html');
      // Pictures are letters that may spell anything.
      const [page] = bytes('report.html')
        .toString()
        .replaceAll(/base64,[\w+/=]+/g, '')
        .split('id="unlikely-snapshot"');
      expect(page).toContain('Scores by class');
      expect(page).toMatch(/left: 12 images/);
      expect(page).toMatch(/coloured by class/);
      expect(page).toMatch(/nats an image/);
      expect(page).not.toMatch(/normal rows|undefined|NaN/);
    }
  });
});

describe('bad input', () => {
  it.each([
    [['generate', 'bars.onnx'], ['-o', 'made.csv'], 2, 'usage/invalid'],
    [['generate', 'bars.onnx'], ['--mean', '-o', 'x.png'], 2, 'usage/invalid'],
    [['generate', 'bars.onnx'], ['--count', '200000', '-o', 'x.png'], 2, 'usage/invalid'],
    [['generate', 'bars.onnx'], ['-o', 'nowhere/x.png'], 1, 'command/not-writable'],
    [['reconstruct', 'bars.onnx', 'new'], ['--interval', '-o', 'x.png'], 2, 'usage/invalid'],
    [['reconstruct', 'bars.onnx', 'new'], ['--keep', 'label', '-o', 'x.png'], 2, 'usage/invalid'],
    [
      ['reconstruct', 'bars.onnx', 'new'],
      ['--rows', '24', '-o', 'x.png'],
      2,
      'data/row-out-of-range',
    ],
    [['reconstruct', 'bars.onnx', sample.fresh], ['-o', 'x.csv'], 3, 'command/wrong-kind'],
    [['reconstruct', 'table.onnx', 'new'], ['-o', 'x.png'], 3, 'command/wrong-kind'],
    [['reconstruct', 'table.onnx', sample.fresh], ['--rows', '0'], 2, 'usage/invalid'],
    [['denoise', 'bars.onnx', 'new'], ['--above', '3', '-o', 'x.png'], 2, 'usage/invalid'],
    [['denoise', 'table.onnx', 'new'], ['-o', 'x.png'], 3, 'command/wrong-kind'],
    [['encode', 'bars.onnx', 'new'], ['--keep', 'colour'], 2, 'data/wrong-option'],
    [['encode', 'bars.onnx', 'new'], ['--no-header'], 2, 'usage/invalid'],
    [['encode', 'table.onnx', 'new'], [], 3, 'command/wrong-kind'],
    [['decode', 'bars.onnx', 'short.csv'], ['-o', 'x.png'], 3, 'data/missing-column'],
    [['decode', 'bars.onnx', 'long.csv'], ['-o', 'x.png'], 3, 'detect/input'],
    [['decode', 'bars.onnx', 'holes.csv'], ['-o', 'x.png'], 3, 'detect/input'],
    [['decode', 'bars.onnx', 'new'], ['-o', 'x.png'], 3, 'command/wrong-kind'],
    [['interpolate', 'bars.onnx', 'new'], ['--between', '1', '-o', 'x.png'], 2, 'usage/invalid'],
    [
      ['interpolate', 'bars.onnx', 'new'],
      ['--between', '1,99', '-o', 'x.png'],
      2,
      'data/row-out-of-range',
    ],
    [['traverse', 'bars.onnx'], ['--units', '16', '-o', 'x.png'], 2, 'detect/configuration'],
    [['traverse', 'bars.onnx', sample.fresh], ['-o', 'x.png'], 3, 'command/wrong-kind'],
    [['attribute', 'bars.onnx', 'new'], ['--name', 'a', '--with', 'label=up'], 2, 'usage/invalid'],
    [['attribute', 'bars.onnx', 'new'], ['--name', 'a', '--with', 'label>1'], 2, 'usage/invalid'],
    [
      ['attribute', 'bars.onnx', 'new'],
      ['--name', 'a', '--with', 'size=1'],
      2,
      'data/wrong-option',
    ],
    [
      ['attribute', 'bars.onnx', 'new'],
      ['--name', ' ', '--with', 'label=left'],
      2,
      'detect/configuration',
    ],
    [
      ['transfer', 'bars.onnx', 'new'],
      ['--attribute', 'none', '-o', 'x.png'],
      2,
      'detect/configuration',
    ],
    [
      ['transfer', 'table.onnx', sample.fresh],
      ['--attribute', 'a', '--amount', '0,1'],
      2,
      'usage/invalid',
    ],
    [['plot', 'bars.onnx'], ['--picture', 'latent', '-o', 'x.svg'], 2, 'usage/missing'],
    [
      ['plot', 'bars.onnx', 'new'],
      ['--picture', 'interpolation', '-o', 'x.svg'],
      2,
      'usage/invalid',
    ],
    [
      ['plot', 'bars.onnx', 'new'],
      ['--picture', 'latent', '--label', 'x', '-o', 'x.svg'],
      2,
      'data/wrong-option',
    ],
    [
      ['plot', 'table.onnx', 'new'],
      ['--picture', 'latent', '-o', 'x.svg'],
      3,
      'command/wrong-kind',
    ],
    [
      ['plot', 'table.onnx', sample.fresh],
      ['--picture', 'latent', '--no-labels', '-o', 'x.svg'],
      2,
      'usage/invalid',
    ],
    [['train', 'train'], ['--suspects', 'x.csv', '--normal', 'left'], 2, 'usage/invalid'],
    [['train', 'train'], ['--test-fpr', '0.1', '--normal', 'left'], 2, 'usage/invalid'],
    [['train', 'train'], ['--label', 'lean', '--normal', 'left'], 2, 'data/wrong-option'],
    [['score', 'bars.onnx', 'new'], ['--explain', '3'], 2, 'usage/invalid'],
    [['score', 'bars.onnx', 'new'], ['--delimiter', ';'], 2, 'usage/invalid'],
    [['score', 'bars.onnx', 'new'], ['--fdr', '0.0001'], 2, 'calibrate/too-few'],
    [['score', 'table.onnx', sample.fresh], ['--gallery', 'x'], 2, 'usage/invalid'],
    [['evaluate', 'bars.onnx', 'new'], ['--fast', '--normal', 'left'], 2, 'usage/invalid'],
    [
      ['evaluate', 'bars.onnx', 'new'],
      ['--normal', 'left', '--reference', sample.normal],
      3,
      'command/wrong-kind',
    ],
    [['evaluate', 'bars.onnx', 'new'], ['--normal', 'up'], 3, 'detect/normal-values'],
  ] as const)('%j %j ends with %i', async (command, options, expected, code) => {
    const header = Array.from({ length: 17 }, (_, unit) => `z${unit}`);
    const table = (names: readonly string[], value: string): string =>
      `${names.join()}\n${names.map(() => value).join()}\n${names.map(() => '0.5').join()}\n`;
    writeFileSync(join(folder, 'short.csv'), table(header.slice(0, 15), '1.5'));
    writeFileSync(join(folder, 'long.csv'), table(header, '1.5'));
    writeFileSync(join(folder, 'holes.csv'), table(header.slice(0, 16), ''));
    const { status, notes, output } = await run(...command, ...options);
    expect([status, notes]).toEqual([expected, expect.stringContaining(`[${code}]`)]);
    expect(output).toBe('');
    expect(notes).not.toMatch(/^\s+at /m);
    for (const left of ['x.png', 'x.svg', 'x.csv', 'made.csv']) {
      expect([left, existsSync(join(folder, left))]).toEqual([left, false]);
    }
  });
});
