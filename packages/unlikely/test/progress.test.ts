import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { imageWords } from '@unlikely/detect';
import { createColors } from 'picocolors';
import { progressOf } from '../src/command/tell/progress.ts';
import type { Terminal } from '../src/command/run/terminal.ts';

const canvas = { paint: createColors(false), width: 80 };

/** A terminal that keeps what it was told. */
function listening(isInteractive: boolean): {
  terminal: Terminal;
  notes: string[];
  bars: string[];
} {
  const [notes, bars]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    ...canvas,
    page: canvas,
    isInteractive,
    print: () => Promise.resolve(),
    data: () => Promise.resolve(),
    standardOutput: process.stdout,
    standardInput: process.stdin,
    isOutputShown: false,
    note: (line = '') => notes.push(line),
    status: (line) => bars.push(line),
  };
  return { terminal, notes, bars };
}

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is a bar that fills, with the time that is left by the pace so far', () => {
    const { terminal, notes, bars } = listening(true);
    const show = progressOf(terminal, { doing: 'scoring', total: 2000, words: imageWords });
    vi.advanceTimersByTime(20_000);
    show(500);
    show(2000);
    expect(bars[0]).toBe(
      `scoring     ${'━'.repeat(7)}${'─'.repeat(21)}  500 of 2,000 images   60 s left`,
    );
    expect(bars[1]).toBe(`scoring     ${'━'.repeat(28)}  2,000 of 2,000 images`);
    expect(notes).toEqual([]);
  });

  it('is a line now and then where nothing can be written over', () => {
    const { terminal, notes } = listening(false);
    const show = progressOf(terminal, { doing: 'scoring', total: 40, words: imageWords });
    for (let done = 1; done <= 40; done++) {
      vi.advanceTimersByTime(500);
      show(done);
    }
    expect(notes).toEqual([
      'scoring     10 of 40 images',
      'scoring     20 of 40 images',
      'scoring     30 of 40 images',
    ]);
  });
});
