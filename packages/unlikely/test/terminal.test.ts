import fc from 'fast-check';
import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { shown } from '../src/command/tell/shown.ts';
import { markedPaint, visible } from '../src/command/run/terminal.ts';

const paint = markedPaint(createColors(true));
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const text = fc.string({ unit: 'binary' });

describe('a text that is shown', () => {
  it('steers nothing, whatever it holds', () => {
    fc.assert(
      fc.property(text, (any) => !steering.test(shown(any))),
      { seed: 1 },
    );
  });

  it('is itself where there is nothing to show', () => {
    for (const plain of ['ä, 漢字 and 🙂', '\\x1b', 'a  b']) expect(shown(plain)).toBe(plain);
  });

  it.each([
    ['\u001B]0;owned\u0007', '\\x1b]0;owned\\x07'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u007F\u009B2J', '\\u007f\\u009b2J'],
    ['\u202Egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
    ['a\u200Bb\u2028c\u2029\uFEFF', 'a\\u200bb\\u2028c\\u2029\\ufeff'],
    ['\u{E0041}', '\\udb40\\udc41'],
    ['\uD800', '\\ud800'],
  ])('%j', (from, to) => {
    expect(shown(from)).toBe(to);
  });

  it('is the same JSON where it was JSON', () => {
    fc.assert(
      fc.property(text, (any) => {
        const json = JSON.stringify({ any });
        expect(JSON.parse(shown(json, '\n\t'))).toEqual({ any });
      }),
      { seed: 1 },
    );
  });
});

describe('a painted line', () => {
  it('has our colours, and none that a text brings along', () => {
    const line = `${paint.red(paint.bold('error'))}  ${paint.dim('a\u001B[31mb')} \u001B[1mc`;
    expect(visible(line)).toBe(
      '\u001B[31m\u001B[1merror\u001B[22m\u001B[39m  \u001B[2ma\\x1b[31mb\u001B[22m \\x1b[1mc',
    );
  });

  it('steers with our codes alone, whatever is painted', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const line = visible(`${a}${paint.yellow(`${b}${paint.bold(a)}`)}`);
        // eslint-disable-next-line no-control-regex
        expect(line.replaceAll(/\u001B\[(?:33|39|1|22)m/g, '')).not.toMatch(steering);
        expect(line.split('\u001B')).toHaveLength(5);
      }),
      { seed: 1 },
    );
  });
});
