import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCsv } from './made-table.ts';
import { runUnlikely, sample, startUnlikely, temporaryFolder } from './run-unlikely.ts';
import type { Ended } from './run-unlikely.ts';

const folder = temporaryFolder();
const training = (output: string): string[] => [
  'train',
  sample.normal,
  '-o',
  output,
  '--steps',
  '3000',
  '--threads',
  '1',
];
const bytes = (name: string): Buffer => readFileSync(join(folder, name));
const halfWay = 'training    step 1,';

let whole: Ended;
beforeAll(async () => {
  whole = await runUnlikely(training('whole.onnx'), { folder });
});

describe('a stopped training', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'by %s ends with %i and a checkpoint, from which it reaches the same model',
    async (signal, exit) => {
      expect(whole.status).toBe(0);
      const output = `${signal}.onnx`;
      const running = startUnlikely(training(output), { folder });
      await running.says(halfWay);
      running.process.kill(signal);
      const stopped = await running.ended;
      expect(stopped.status).toBe(exit);
      expect(stopped.notes).toContain('--resume');
      expect(existsSync(join(folder, output))).toBe(false);
      expect(existsSync(join(folder, `${output}.checkpoint`))).toBe(true);

      const resumed = await runUnlikely([...training(output), '--resume'], { folder });
      expect(resumed.status).toBe(0);
      expect(resumed.notes).not.toContain('step 300 of');
      expect(bytes(output).equals(bytes('whole.onnx'))).toBe(true);
      expect(existsSync(join(folder, `${output}.checkpoint`))).toBe(false);
    },
  );

  it('twice ends at once', async () => {
    const running = startUnlikely(training('twice.onnx'), { folder });
    await running.says(halfWay);
    running.process.kill('SIGINT');
    await running.says('once more');
    running.process.kill('SIGINT');
    const { signal, status } = await running.ended;
    // The process may have ended in order between the two.
    expect(status === 130 || signal === 'SIGINT').toBe(true);
    expect(existsSync(join(folder, 'twice.onnx'))).toBe(false);
  });

  it('that was killed goes on from its last checkpoint to the same model', async () => {
    const output = 'killed.onnx';
    const first = startUnlikely(training(output), { folder });
    await first.says(halfWay);
    first.process.kill('SIGINT');
    await first.ended;
    const second = startUnlikely([...training(output), '--resume'], { folder });
    await second.says('training    step 2,');
    second.process.kill('SIGKILL');
    expect((await second.ended).signal).toBe('SIGKILL');
    expect(existsSync(join(folder, output))).toBe(false);

    const third = await runUnlikely([...training(output), '--resume'], { folder });
    expect(third.status).toBe(0);
    expect(bytes(output).equals(bytes('whole.onnx'))).toBe(true);
  });

  it('is not resumed with other settings', async () => {
    const running = startUnlikely(training('other.onnx'), { folder });
    await running.says(halfWay);
    running.process.kill('SIGINT');
    await running.ended;
    const { status, notes } = await runUnlikely(
      [...training('other.onnx'), '--resume', '--seed', '2'],
      { folder },
    );
    expect(status).toBe(5);
    expect(notes).toContain('[model/checkpoint]');
  });
});

describe('a stopped scoring', () => {
  it('leaves no output', async () => {
    const running = startUnlikely(['score', 'whole.onnx', sample.fresh, '-o', 'scores.csv'], {
      folder,
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    running.process.kill('SIGINT');
    const { status, signal } = await running.ended;
    const names = readdirSync(folder).filter((name) => name.includes('scores.csv'));
    // It may have been done before the signal came, or not yet have listened for it.
    if (status === 0) expect(names).toEqual(['scores.csv']);
    else {
      expect(status === 130 || signal === 'SIGINT').toBe(true);
      expect(names).toEqual([]);
    }
  });
});

// Each command is stopped in `packages/unlikely/test/interrupt.test.ts`; these have a process of their own.
describe('a process', () => {
  const rows = 60_000;
  const labelled = (line: string, row: number): string => `${line},${row % 9 === 0 ? 1 : 0}`;
  const rest = ['-o', 'rest.csv'];
  const outputs = (): string[] => readdirSync(folder).filter((file) => /^rest\b/.test(file));
  const remove = (file: string): void =>
    rmSync(join(folder, file), { recursive: true, force: true });
  beforeAll(async () => {
    const text = madeCsv(rows, labelled).replace('side\n', 'side,label\n');
    writeFileSync(join(folder, 'many.csv'), text);
    writeFileSync(join(folder, 'few.csv'), `${text.split('\n', 300).join('\n')}\n`);
    const { status } = await runUnlikely(
      ['train', 'few.csv', '-o', 'few.onnx', '--label', 'label', '--steps', '20'],
      { folder },
    );
    expect(status).toBe(0);
  });

  it.each([
    [
      ['train', 'many.csv', '-o', 'rest.onnx', '--steps', '100000'],
      [300, 900, 2500],
    ],
    [
      ['score', 'few.onnx', 'many.csv', '--alerts', '9', ...rest],
      [600, 1200],
    ],
    [
      ['evaluate', 'few.onnx', 'many.csv', '--label', 'label'],
      [300, 900, 2500],
    ],
    [
      ['demo', '-o', 'rest-demo'],
      [900, 2500],
    ],
  ] as const)('ends with 143 or 130 whenever it is stopped: %j', async (parameters, moments) => {
    for (const [index, moment] of moments.entries()) {
      const [name, exit] =
        index % 2 === 0 ? (['SIGTERM', 143] as const) : (['SIGINT', 130] as const);
      const running = startUnlikely(parameters, { folder });
      await new Promise((resolve) => setTimeout(resolve, moment));
      running.process.kill(name);
      const { status, signal, notes } = await running.ended;
      // It may have been done before the signal came, or not yet have listened for it; one that does
      // not come to an end by itself dies of the signal.
      if (status === 0) {
        outputs().forEach(remove);
        continue;
      }
      expect(status ?? signal).toBe(status === null ? name : exit);
      if (status !== null || notes !== '') {
        expect(notes).toMatch(/command\/(terminated|interrupted)/);
        expect(notes).not.toMatch(/signal\b|detect\/aborted|Napi/);
      }
      expect(readdirSync(folder).filter((file) => file.endsWith('.partial'))).toEqual([]);
      // What --resume goes on from stays, and is nothing for the next moment.
      remove('rest.onnx.checkpoint');
      // A signal that comes between the last rename and the end finds all done: then it is whole.
      const left = outputs().filter((file) => file !== 'rest-demo');
      const bytes = left.map((file) => readFileSync(join(folder, file)));
      if (left.length > 0) await runUnlikely(parameters, { folder });
      expect(left.map((file) => readFileSync(join(folder, file)))).toEqual(bytes);
      outputs().forEach(remove);
    }
  });
});
