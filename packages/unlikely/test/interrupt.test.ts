import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from './ended.ts';

const folder = mkdtempSync(join(tmpdir(), 'unlikely-test-'));
const at = (name: string): string => join(folder, name);
const outputs = (): string[] => readdirSync(folder).filter((file) => file.startsWith('out'));
const exits = { SIGINT: 130, SIGTERM: 143 } as const;

beforeAll(async () => {
  const lines = Array.from({ length: 3000 }, (_, row) => {
    return `${Math.sin(row)},${Math.cos(row)},${row % 9 === 0 ? 1 : 0}`;
  });
  writeFileSync(at('rows.csv'), `x,y,odd\n${lines.join('\n')}\n`);
  const line = ['train', at('rows.csv'), '--label', 'odd', '--steps', '20', '-o', at('m.onnx')];
  expect((await ended(line)).status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(exits))('%s', (name, exit) => {
  it.each([
    [['train', at('rows.csv'), '-o', at('out.onnx')]],
    [['score', at('m.onnx'), at('rows.csv'), '-o', at('out.csv')]],
    [['score', at('m.onnx'), at('rows.csv'), '--alerts', '3', '-o', at('out.csv')]],
    [['evaluate', at('m.onnx'), at('rows.csv'), '--label', 'odd']],
    [['report', at('m.onnx'), at('rows.csv'), '--label', 'odd', '-o', at('out.html')]],
    [['explain', at('m.onnx'), at('rows.csv'), '--rows', '2999']],
    [['denoise', at('m.onnx'), at('rows.csv'), '-o', at('out.csv')]],
    [['encode', at('m.onnx'), at('rows.csv'), '-o', at('out.csv')]],
    [['generate', at('m.onnx'), '--count', '100000', '-o', at('out.csv')]],
    [['plot', at('m.onnx'), at('rows.csv'), '--picture', 'latent', '-o', at('out.svg')]],
  ])(
    'ends %j with its own code and one message, whichever loop hears of it',
    async (parameters) => {
      for (const wait of [0, 30, 120]) {
        const stop = new AbortController();
        const timer = setTimeout(() => stop.abort(name), wait);
        const { status, notes } = await ended(parameters, stop.signal);
        clearTimeout(timer);
        const left = outputs();
        for (const file of left) rmSync(at(file));
        // It may have been done before.
        if (status === 0) continue;
        expect([status, notes]).toEqual([exit, expect.stringContaining(`stopped by ${name}`)]);
        expect(notes.match(/^error/gm)).toHaveLength(1);
        // What --resume goes on from is kept, and what was whole before the signal was heard.
        expect(left.filter((file) => !/^out\.(\w+|onnx\.checkpoint)$/.test(file))).toEqual([]);
      }
    },
  );

  it('that came before the command ends it, too', async () => {
    const { status, notes } = await ended(['doctor'], AbortSignal.abort(name));
    expect(status).toBe(exit);
    expect(notes).toContain(`stopped by ${name}`);
  });
});
