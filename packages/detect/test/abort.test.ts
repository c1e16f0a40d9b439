import { UnlikelyError } from '@unlikely/graph';
import { describe, expect, it } from 'vitest';
import { orAborted, untilAborted } from '../src/abort.ts';
import { detectError } from '../src/detect-error.ts';
import { Detector, VAE } from '../src/index.ts';
import { expectError } from './support/expect-error.ts';
import { platform } from './support/platform.ts';
import { correlatedRows } from './support/rows.ts';
import { tableFromRecords } from '@unlikely/data';

const stopped = (reason?: unknown): { signal: AbortSignal } => ({
  signal: AbortSignal.abort(reason),
});

describe('a call that is stopped', () => {
  it.each([
    ['without a reason', undefined],
    ['with a text', 'enough'],
    ['with an error', new Error('enough')],
    ['with an error of ours', detectError('detect/input', 'enough')],
  ])('%s ends with an AbortError whose cause is the reason of the signal', async (_, reason) => {
    const options = stopped(reason);
    const error = await expectError(
      () =>
        orAborted(options, 'reading', async () => {
          options.signal.throwIfAborted();
        }),
      'detect/aborted',
    );
    expect(error.name).toBe('AbortError');
    expect(error.cause).toBe(options.signal.reason);
    expect(error.cause).toBeDefined();
  });

  it('keeps another error of ours, and any error of a call that was not stopped', async () => {
    const own = detectError('detect/not-finite', 'own');
    const fail = (error: Error) => async () => {
      throw error;
    };
    await expect(orAborted(stopped(), 'reading', fail(own))).rejects.toBe(own);
    const foreign = new TypeError('foreign');
    await expect(orAborted({}, 'reading', fail(foreign))).rejects.toBe(foreign);
  });

  it('ends what it reads from', async () => {
    const controller = new AbortController();
    let isClosed = false;
    async function* items(): AsyncGenerator<number> {
      try {
        for (let item = 0; ; item++) {
          controller.signal.throwIfAborted();
          yield item;
        }
      } finally {
        isClosed = true;
      }
    }
    const error = await expectError(async () => {
      for await (const item of untilAborted(items(), 'reading', controller)) {
        if (item === 3) controller.abort('enough');
      }
    }, 'detect/aborted');
    expect(error.cause).toBe('enough');
    expect(isClosed).toBe(true);
  });

  it('says so alike in training a matrix, in training a table and in scoring it', async () => {
    const reason = new Error('the client has gone');
    const steps = { steps: 20, batchSize: 16, members: 1 };
    const options = { ...steps, signal: AbortSignal.abort(reason) };
    const rows = correlatedRows(60, 3, 2, 0.2);
    const records = Array.from({ length: 60 }, (_, row) => ({
      a: rows.data[row * 3]!,
      b: rows.data[row * 3 + 1]!,
    }));
    await using vae = new VAE(steps, platform);
    await using table = await tableFromRecords(records);
    await using detector = await Detector.train(table, steps, platform);
    const calls = [
      () => vae.fit(rows, options),
      () => Detector.train(table, options, platform),
      () => detector.score(table, options).next(),
    ];
    for (const call of calls) {
      const error = await expectError(call, 'detect/aborted');
      expect(error).toBeInstanceOf(UnlikelyError);
      expect([error.name, error.cause]).toEqual(['AbortError', reason]);
    }
  });
});
