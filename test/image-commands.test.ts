import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawBar, drawRing } from './drawn-images.ts';
import { runUnlikely, temporaryFolder } from './run-unlikely.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  const stream = new RandomStream(3, 'drawings');
  for (const name of ['train', 'new/normal', 'new/anomaly', 'empty']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (let index = 0; index < 240; index++) {
    await drawBar(join(folder, 'train', `${index}.png`), 0.3, stream);
  }
  for (let index = 0; index < 30; index++) {
    await drawBar(join(folder, 'new/normal', `${index}.png`), 0.3, stream);
    await drawRing(join(folder, 'new/anomaly', `${index}.png`), stream);
  }
});

describe('folders of images', () => {
  it('train a model, are scored, evaluated, inspected and reported', async () => {
    const run = async (...parameters: string[]): Promise<string> => {
      const { status, output, notes } = await runUnlikely(parameters, { folder });
      expect([parameters[0], status, status === 0 ? '' : notes]).toEqual([parameters[0], 0, '']);
      return output;
    };
    await run('train', 'train', '--steps', '150', '-o', 'images.onnx');
    const lines = (await run('score', 'images.onnx', 'new', '--keep', 'label')).trim().split('\n');
    expect(lines[0]).toBe('row,name,score,standard_error,p_value,is_anomaly,label');
    expect(lines).toHaveLength(61);
    const evaluation = JSON.parse(await run('evaluate', 'images.onnx', 'new', '--json')) as {
      auroc: number;
    };
    expect(evaluation.auroc).toBeGreaterThan(0.8);
    expect(await run('inspect', 'images.onnx')).toMatch(/28 × 28/);
    await run('report', 'images.onnx', 'new', '-o', 'images.html', '--gallery', 'pictures');
    expect(readFileSync(join(folder, 'images.html'), 'utf8')).toContain('data:image/png');
    expect(readdirSync(join(folder, 'pictures')).length).toBeGreaterThan(5);
  }, 240_000);

  it('are refused where there is nothing to see, with a code and no model', async () => {
    const { status, notes } = await runUnlikely(['train', 'empty', '-o', 'none.onnx'], { folder });
    expect(status).toBe(3);
    expect(notes).toContain('data/no-images');
    expect(existsSync(join(folder, 'none.onnx'))).toBe(false);
  });
});
