import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv, runUnlikely, sample, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const run = (...parameters: string[]): Promise<Ended> => runUnlikely(parameters, { folder });
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const freshRows = 2024;

/** Trained once for all tests of this file: few steps, since they are not about how well it does. */
beforeAll(async () => {
  const { status } = await run('train', sample.normal, '-o', 'model.onnx', '--steps', '300');
  expect(status).toBe(0);
});

/** Runs a command that must succeed and gives the rows of its CSV. */
async function rowsOf(...parameters: string[]): Promise<Record<string, string>[]> {
  const { status, output, notes } = await run(...parameters);
  expect([status, status === 0 ? '' : notes]).toEqual([0, '']);
  return parseCsv(output);
}

describe('generate', () => {
  it('makes rows that train and score again, the same for the same seed', async () => {
    const rows = await rowsOf('generate', 'model.onnx', '--count', '200', '--seed', '3');
    expect(rows).toHaveLength(200);
    expect(
      rows.every(({ protocol_type: protocol }) => ['tcp', 'udp', 'icmp'].includes(protocol!)),
    ).toBe(true);
    expect(rows.every(({ src_bytes: bytes }) => /^\d+$/.test(bytes!))).toBe(true);
    expect(rows.every(({ same_srv_rate: rate }) => Number(rate) >= 0 && Number(rate) <= 1)).toBe(
      true,
    );
    const file = await run(
      'generate',
      'model.onnx',
      '--count',
      '200',
      '--seed',
      '3',
      '-o',
      'made.csv',
      '--json',
    );
    expect(JSON.parse(file.output)).toMatchObject({ rows: 200, from: 'posterior', seed: 3 });
    expect(parseCsv(text('made.csv'))).toEqual(rows);
    const [first] = await rowsOf('generate', 'model.onnx', '--count', '1', '--seed', '3');
    expect(first).toEqual(rows[0]);
    const scored = await run('score', 'model.onnx', 'made.csv');
    expect(scored.status).toBe(0);
    const again = await run('train', 'made.csv', '-o', 'again.onnx', '--steps', '10');
    expect(again.notes).toContain('200 rows');
    const prior = await rowsOf('generate', 'model.onnx', '--codes-from', 'prior', '--mean');
    expect(prior).toHaveLength(10);
  });
});

describe('reconstruct, encode, decode', () => {
  it('give a row for each row, with intervals, differences and kept columns', async () => {
    const rows = await rowsOf('reconstruct', 'model.onnx', sample.fresh, '--interval', '--difference', '--keep', 'attack'); // prettier-ignore
    expect(rows).toHaveLength(freshRows);
    const original = parseCsv(gunzipSync(readFileSync(sample.fresh)).toString());
    rows.forEach((row, index) => {
      expect(row['attack']).toBe(original[index]!['attack']);
      expect(Number(row['count_lower'])).toBeLessThanOrEqual(Number(row['count']));
      expect(Number(row['count_upper'])).toBeGreaterThanOrEqual(Number(row['count']));
      const difference = Number(original[index]!['count']) - Number(row['count']);
      expect(Number(row['count_difference'])).toBe(difference);
      const differs = original[index]!['flag'] !== row['flag'];
      expect(row['flag_difference']).toBe(String(differs));
    });
  });

  it('codes lead back to rows, from a file and from standard input', async () => {
    const codes = await run('encode', 'model.onnx', sample.fresh, '--keep', 'attack');
    expect(codes.output.split('\n')[0]).toMatch(/^z0,z1,.*,attack$/);
    writeFileSync(join(folder, 'codes.csv'), codes.output);
    const fromFile = await run('decode', 'model.onnx', 'codes.csv', '--keep', 'attack');
    expect(parseCsv(fromFile.output)).toHaveLength(freshRows);
    const fromInput = await runUnlikely(['decode', 'model.onnx', '-'], {
      folder,
      standardInput: codes.output,
    });
    expect(parseCsv(fromInput.output)[5]!['src_bytes']).toBe(
      parseCsv(fromFile.output)[5]!['src_bytes'],
    );
    const way = await rowsOf('interpolate', 'model.onnx', sample.fresh, '--between', '5,6', '--points', '3', '--path', 'spherical'); // prettier-ignore
    const { attack: _attack, ...decoded } = parseCsv(fromFile.output)[5]!;
    expect(way[0]).toEqual({ step: '0', ...decoded });
  });

  it('a traversal starts from 0 or from a row', async () => {
    const middle = await rowsOf('traverse', 'model.onnx', '--units', '0,3', '--points', '3');
    expect(middle.map(({ unit, value }) => `${unit} ${Number(value)}`)).toEqual([
      '0 -3', '0 0', '0 3', '3 -3', '3 0', '3 3',
    ]); // prettier-ignore
    const { unit: _a, value: _b, ...first } = middle[1]!;
    const { unit: _c, value: _d, ...second } = middle[4]!;
    expect(first).toEqual(second);
    const own = await rowsOf('traverse', 'model.onnx', sample.fresh, '--row', '7', '--range', '1');
    expect(own).toHaveLength(8 * 7);
  });
});

describe('attribute and transfer', () => {
  it('keep a trait in the model and give it to rows', async () => {
    copyFileSync(join(folder, 'model.onnx'), join(folder, 'traits.onnx'));
    const udp = ['--name', 'udp', '--with', 'protocol_type=udp', '--without', 'protocol_type=tcp'];
    const made = await run('attribute', 'traits.onnx', sample.normal, ...udp, '--json');
    expect(made.status).toBe(0);
    const { vector, separation, rows } = JSON.parse(made.output);
    expect(vector).toHaveLength(8);
    expect(separation).toBeGreaterThan(2);
    expect(rows).toEqual({ with: 807, without: 3123 });
    const fast = ['--name', 'fast', '--with', 'duration<=0', '-o', 'both.onnx'];
    expect((await run('attribute', 'traits.onnx', sample.normal, ...fast)).status).toBe(0);
    const { output } = await run('inspect', 'both.onnx');
    expect(output).toMatch(/^attribute +udp: protocol_type=udp against protocol_type=tcp; length/m);
    expect(output).toMatch(/^attribute +fast: duration<=0 against not duration<=0; length/m);
    const listed = JSON.parse((await run('inspect', 'both.onnx', '--json')).output);
    expect(listed.attributes.udp.vector).toEqual(vector);
    expect(listed.posterior).toBeUndefined();

    const moved = await rowsOf('transfer', 'both.onnx', sample.normal, '--attribute', 'udp');
    const share = moved.filter(({ protocol_type: protocol }) => protocol === 'udp').length / 4000;
    expect(share).toBeGreaterThan(0.6);
    const still = await rowsOf('transfer', 'both.onnx', sample.normal, '--attribute', 'udp', '--amount', '0'); // prettier-ignore
    const before = still.filter(({ protocol_type: protocol }) => protocol === 'udp').length / 4000;
    expect(before).toBeLessThan(0.3);
    // The scores do not know of it.
    const scores = await run('score', 'both.onnx', sample.fresh);
    expect(scores.output).toBe((await run('score', 'model.onnx', sample.fresh)).output);
  });
});

describe('denoise', () => {
  it('fills gaps, names what it replaced and leaves all else as it is', async () => {
    const lines = gunzipSync(readFileSync(sample.fresh)).toString().trimEnd().split('\n');
    const names = lines[0]!.split(',');
    const gap = (line: string, row: number): string =>
      row % 3 === 1 ? line.replace(/^[^,]*,[^,]*/, ',') : line;
    writeFileSync(join(folder, 'gaps.csv'), `${lines.slice(0, 301).map(gap).join('\n')}\n`);
    const rows = await rowsOf('denoise', 'model.onnx', 'gaps.csv');
    expect(Object.keys(rows[0]!)).toEqual([...names, 'replaced']);
    rows.forEach((row, index) => {
      const replaced = row['replaced']!.split('; ');
      const original = lines[index + 1]!.split(',');
      names.forEach((name, column) => {
        if (!replaced.includes(name)) expect([name, row[name]]).toEqual([name, original[column]]);
      });
      if (index % 3 === 0)
        expect(replaced).toEqual(expect.arrayContaining(['duration', 'protocol_type']));
      expect(row['protocol_type']).toMatch(/^(tcp|udp|icmp)$/);
    });
  });
});

describe('plot', () => {
  it.each([
    ['loss', []],
    ['latent', [sample.fresh]],
    ['latent', [sample.fresh, '--label', 'attack']],
    ['histogram', [sample.fresh, '--label', 'attack']],
    ['histogram', [sample.fresh, '--error']],
    ['interpolation', [sample.fresh, '--between', '0,30']],
  ])('draws %s %j', async (kind, parameters) => {
    const first = await run('plot', 'model.onnx', ...parameters, '--picture', kind, '-o', '-');
    expect([first.status, first.status === 0 ? '' : first.notes]).toEqual([0, '']);
    expect(first.output).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+"/);
    expect(first.output).not.toMatch(/NaN|undefined|var\(--/);
    const again = await run('plot', 'model.onnx', ...parameters, '--picture', kind, '-o', 'a.svg');
    expect(again.status).toBe(0);
    expect(text('a.svg')).toBe(first.output);
  });

  it('draws PNG, and a UMAP that its seed decides', async () => {
    const lines = gunzipSync(readFileSync(sample.fresh)).toString().split('\n');
    writeFileSync(join(folder, 'few.csv'), lines.slice(0, 401).join('\n'));
    const map = ['plot', 'model.onnx', 'few.csv', '--picture', 'latent', '--layout', 'umap'];
    for (const [file, seed] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
    ] as const) {
      // prettier-ignore
      expect((await run(...map, '--seed', seed, '-o', `${file}.png`)).status).toBe(0);
    }
    const [a, b, c] = ['a', 'b', 'c'].map((name) => readFileSync(join(folder, `${name}.png`)));
    expect(a!.subarray(1, 4).toString()).toBe('PNG');
    expect(a!.length).toBeGreaterThan(20_000);
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
  });
});

describe('usage', () => {
  it.each([
    [['generate', 'model.onnx', '--count', '0'], 2],
    [['generate', 'model.onnx', '--codes-from', 'nowhere'], 2],
    [['generate', 'absent.onnx'], 3],
    [['generate', 'model.onnx', '-o', 'rows.xyz'], 3],
    [['decode', 'model.onnx', sample.fresh], 3],
    [['interpolate', 'model.onnx', sample.fresh], 2],
    [['interpolate', 'model.onnx', sample.fresh, '--between', '1'], 2],
    [['interpolate', 'model.onnx', sample.fresh, '--between', '1,99999'], 2],
    [['interpolate', 'model.onnx', sample.fresh, '--between', '1,2', '--path', 'bent'], 2],
    [['traverse', 'model.onnx', '--units', '8'], 2],
    [['attribute', 'model.onnx', sample.fresh, '--name', 'a', '--with', 'attack'], 2],
    [['attribute', 'model.onnx', sample.fresh, '--name', 'a', '--with', 'attack=none'], 2],
    [['attribute', 'model.onnx', sample.fresh, '--name', 'a', '--with', 'nothing=1'], 3],
    [['attribute', 'model.onnx', sample.fresh, '--name', 'a', '--with', 'duration<x'], 2],
    [['transfer', 'model.onnx', sample.fresh, '--attribute', 'none'], 2],
    [['denoise', 'model.onnx', sample.fresh, '--share', '2'], 2],
    [['plot', 'model.onnx', '--picture', 'latent', '-o', 'x.svg'], 2],
    [['plot', 'model.onnx', '--picture', 'loss', '-o', 'x.gif'], 2],
    [['plot', 'model.onnx', sample.fresh, '--picture', 'interpolation', '-o', 'x.svg'], 2],
    [
      ['plot', 'model.onnx', sample.fresh, '--picture', 'latent', '--label', 'no', '-o', 'x.svg'],
      3,
    ],
  ])('%j ends with %i', async (parameters, expected) => {
    const { status, notes, output } = await run(...parameters);
    expect([status, notes]).toEqual([expected, expect.stringMatching(/^error .*\[\S+\]$/m)]);
    expect(output).toBe('');
    expect(notes).not.toMatch(/^\s+at /m);
  });

  it('shows an example of each command', async () => {
    for (const name of 'generate reconstruct denoise encode decode interpolate traverse attribute transfer plot'.split(
      ' ',
    )) {
      // prettier-ignore
      const { status, output } = await run(name, '--help');
      expect(status).toBe(0);
      expect(output).toMatch(new RegExp(`^  unlikely ${name} model.onnx`, 'm'));
    }
  });
});
