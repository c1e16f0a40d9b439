import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, formatRatio, formatScore, formatShare } from '../src/format.ts';
import { histogramBars, histogramEdges } from '../src/histogram-bars.ts';
import { cell, html, shorten } from '../src/html.ts';
import { intervalStrip } from '../src/interval-strip.ts';
import { palette } from '../src/palette.ts';

const seed = 7;

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'a', '\u0000', '\uD83E') }),
);

describe('html', () => {
  it('lets no value out of its place, in text and in attributes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const inside = html`<p title="${text}">${text}</p>`.text;
        expect(inside.slice(10, -4)).not.toMatch(/[<'](?!\/?p)/);
        expect(inside.match(/"/g)).toHaveLength(2);
        expect(inside.match(/</g)).toHaveLength(2);
      }),
      { seed },
    );
  });

  it('keeps markup, joins arrays, and prints nothing as nothing', () => {
    const bold = html`<b>${'x'}</b>`;
    expect(html`${[bold, '<', 0, null, undefined, false]}`.text).toBe('<b>x</b>&lt;0');
  });

  it('cuts a cell to whole characters and shows what is invisible', () => {
    expect(shorten('🦊🦊🦊', 4)).toBe('🦊…');
    expect(cell('a\tb\u007F').text).toBe('<bdi>a␉b␡</bdi>');
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const short = shorten(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
      }),
      { seed },
    );
  });
});

describe('numbers', () => {
  it.each([
    [formatNumber(0), '0'],
    [formatNumber(-1234567), '−1,234,567'],
    [formatNumber(0.00025), '0.00025'],
    [formatNumber(1e-7), '1.0e-7'],
    [formatNumber(NaN), '–'],
    [formatScore(-12.345), '−12.3'],
    [formatScore(Infinity), '∞'],
    [formatShare(0.01), '1\u202F%'],
    [formatShare(0.0025), '0.25\u202F%'],
    [formatShare(0.7667), '76.7\u202F%'],
    [formatShare(1), '100\u202F%'],
    [formatRatio(0.95349), '0.953'],
    [formatRatio(null), '–'],
  ])('%s', (printed, expected) => expect(printed).toBe(expected));
});

describe('the histogram', () => {
  const scoreArrays = fc
    .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
    .map((scores) => Float64Array.from(scores));

  it('counts every row once and parts flagged rows from others at an edge', () => {
    fc.assert(
      fc.property(scoreArrays, fc.nat(), (scores, choice) => {
        const threshold = scores[choice % scores.length]!;
        const edges = histogramEdges(scores, threshold);
        edges.slice(1).forEach((edge, index) => expect(edge).toBeGreaterThan(edges[index]!));
        const bars = histogramBars(edges, scores, () => true, 1);
        const rowsIn = (chosen: typeof bars): number =>
          chosen.reduce((sum, { height }) => sum + height, 0);
        expect(rowsIn(bars)).toBe(scores.length);
        if (edges.includes(threshold) && threshold > edges[0]!) {
          const flagged = scores.filter((score) => score > threshold).length;
          expect(rowsIn(bars.filter(({ from }) => from >= threshold))).toBe(flagged);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('leaves the bulk most of the width, however far one score lies', () => {
    const scores = Float64Array.from({ length: 1000 }, (_, row) => row / 100);
    scores[0] = 1e9;
    const edges = histogramEdges(scores, 9.9);
    expect(edges.at(-1)!).toBeLessThan(40);
    expect(edges).toContain(9.9);
  });
});

describe('the strip of a value', () => {
  const place = (value: number): number => {
    const strip = intervalStrip({ value, expected: 50, lower: 40, upper: 60 })!.text;
    return Number(/circle cx="([\d.]+)"/.exec(strip)![1]);
  };

  it('orders values as they are, inside the band exactly where they are inside the interval', () => {
    const places = [-1e9, 0, 39, 40, 50, 60, 61, 100, 1e9].map(place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[3]).toBe(34);
    expect(places[4]).toBe(50);
    expect(places[5]).toBe(66);
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(Math.max(...places)).toBeLessThan(100);
  });

  it('is left out where there is no number or no interval', () => {
    expect(intervalStrip({ value: 'tcp', expected: 'udp', lower: null, upper: null })).toBeNull();
    expect(intervalStrip({ value: null, expected: 1, lower: 0, upper: 2 })).toBeNull();
    expect(intervalStrip({ value: 1, expected: 1, lower: 2, upper: 2 })).toBeNull();
  });
});

/** The contrast ratio of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5].map((start) => {
      const part = parseInt(colour.slice(start, start + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the colours on %s', (_, theme) => {
  it.each(['ink', 'muted', 'normal', 'anomaly', 'good'] as const)('%s can be read', (ink) => {
    for (const ground of ['page', 'card'] as const) {
      expect(contrast(palette[ink][theme], palette[ground][theme])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('the levels of the map differ from the page and rise away from it', () => {
    const ratios = (['level0', 'level1', 'level2', 'level3'] as const).map((level) =>
      contrast(palette[level][theme], palette.page[theme]),
    );
    expect(ratios[0]).toBeGreaterThan(1.4);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
  });
});
