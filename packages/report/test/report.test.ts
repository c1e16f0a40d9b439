import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { formatScore } from '../src/format.ts';
import { findingOf } from '../src/headline.ts';
import { escapeHtml } from '../src/html.ts';
import { renderReport } from '../src/render-report.ts';
import type { LatentPoint, ReportData } from '../src/report-data.ts';
import { reportFixture } from './report-fixture.ts';

const labelled = reportFixture();
const page = await renderReport(labelled);
const megabytes = (text: string): number => Buffer.byteLength(text) / 1e6;

function snapshotIn(html: string): Snapshot {
  return JSON.parse(/id="unlikely-snapshot">(.*?)<\/script>/s.exec(html)![1]!);
}

/** The page without the snapshot, the script and the style: what a reader sees, with its markup. */
function visible(html: string): string {
  return html.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '');
}

/** What matches, so that a failure prints this and not the page. */
function found(html: string, pattern: RegExp): readonly string[] {
  return html.match(pattern) ?? [];
}

interface Snapshot {
  readonly source: string;
  readonly scored: object;
  readonly anomalies: readonly unknown[];
  readonly evaluation?: unknown;
  readonly latentMap: { readonly x: readonly number[]; readonly score: readonly number[] };
  readonly model: { readonly history: { readonly step: readonly number[] } };
}

describe('a report', () => {
  it('is the same page for the same data, whatever was drawn before', async () => {
    await renderReport(reportFixture({ labels: false }));
    expect((await renderReport(reportFixture())) === page).toBe(true);
  });

  it('asks nothing of the network', () => {
    expect(found(page, /https?:|@import|url\(|<link|<img|<iframe|<object|\ssrc=/gi)).toEqual([]);
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#/);
    expect(found(page, /default-src &#39;none&#39;/g)).toHaveLength(1);
  });

  it('allows its own script by the hash of exactly what stands in the page, and no other', () => {
    const [, script] = /<script>(.*?)<\/script>/s.exec(page)!;
    const hash = createHash('sha256').update(script!).digest('base64');
    expect(page.includes(escapeHtml(`script-src 'sha256-${hash}'`))).toBe(true);
    expect(found(page, /\son\w+=/g)).toEqual([]);
  });

  it('stays below 1.5 MB with 3,000 points, and with more', async () => {
    expect(megabytes(page)).toBeLessThan(1.5);
    const more = await renderReport(reportFixture({ points: 40_000 }));
    expect(megabytes(more)).toBeLessThan(1.5);
    expect(snapshotIn(more).latentMap.x).toHaveLength(3000);
  });

  it('draws every flagged point even where points are left out', async () => {
    const flagged: LatentPoint = { x: 9, y: 9, score: 1e6 };
    const latentMap = [...reportFixture({ points: 5000 }).latentMap!, flagged];
    expect(snapshotIn(await renderReport({ ...labelled, latentMap })).latentMap.score).toContain(
      1e6,
    );
  });

  it('says the finding in words', () => {
    const at = (scored: Partial<ReportData['scored']>): string =>
      findingOf({ ...labelled, scored: { ...labelled.scored, ...scored } });
    expect(at({ rows: 2000, flagged: 37 })).toBe(
      '37 of 2,000 rows are unlikely at a 1\u202F% false-positive rate',
    );
    expect(at({ rows: 1, flagged: 1 })).toMatch(/^1 of 1 row is unlikely/);
    expect(at({ rows: 2000, flagged: 0 })).toMatch(/^None of 2,000 rows is unlikely/);
    expect(at({ flagged: 3, rows: 9, falsePositiveRate: null, threshold: -4.25 })).toBe(
      '3 of 9 rows score above the threshold of −4.3',
    );
  });

  it('shows at most 20 rows, the first three open, and what their score consists of', () => {
    expect(page.match(/<details class="anomaly"/g)).toHaveLength(20);
    expect(page.match(/<details class="anomaly" open/g)).toHaveLength(3);
    const first = labelled.anomalies[0]!;
    const hidden = first.features.slice(6).reduce((sum, { contribution }) => sum + contribution, 0);
    const sum = `The other 35 features add ${formatScore(hidden)}, the latent code ${formatScore(first.latent)}, the usual part of every row ${formatScore(first.usual)}: ${formatScore(first.score)} in all.`;
    expect(page.includes(sum)).toBe(true);
  });

  it('leaves out what needs labels where there are none', async () => {
    const plain = await renderReport(reportFixture({ labels: false }));
    expect(found(page, /id="evaluation"/g)).toHaveLength(1);
    expect(found(visible(plain), /id="evaluation"|labelled .{9}|.{9}ROC/g)).toEqual([]);
    expect(snapshotIn(plain).evaluation).toBeUndefined();
  });

  it('puts a model that cannot be trusted on top', async () => {
    const health = {
      ...labelled.model.health,
      verdict: 'collapsed',
      findings: ['It is <empty>.'],
    } as const;
    const warned = await renderReport({
      ...reportFixture({ points: 30 }),
      model: { ...labelled.model, health },
    });
    expect(warned.indexOf('The model has collapsed')).toBeLessThan(warned.indexOf('<main>'));
    expect(found(warned, /It is &lt;empty&gt;\./g)).toHaveLength(2);
    expect(found(page, /class="warning"/g)).toEqual([]);
  });

  it('says on top when labels show more false alarms than promised', async () => {
    const { evaluation, ...rest } = reportFixture({ points: 30 });
    const calibration = evaluation!.calibration.map((point) =>
      point.promised === 0.01 ? { ...point, observed: 0.037 } : point,
    );
    const warned = await renderReport({ ...rest, evaluation: { ...evaluation!, calibration } });
    const warning = /3\.7\u202F% of the normal\s+rows are flagged, not 1\u202F%/g;
    expect(found(warned, warning)).toHaveLength(1);
    expect(found(warned, /1 of 9 promises is broken/g).length).toBeGreaterThan(0);
    expect(found(page, /More false alarms/g)).toEqual([]);
  });

  it('holds its figures for programs', () => {
    const snapshot = snapshotIn(page);
    expect(snapshot).toMatchObject({
      format: 'unlikely-report',
      formatVersion: 2,
      source: 'connections.csv',
      scored: { rows: 2000, flagged: labelled.scored.flagged, threshold: -4.2 },
      evaluation: { metrics: { auroc: 0.953 } },
    });
    expect(snapshot.anomalies[0]).toMatchObject({
      row: labelled.anomalies[0]!.row,
      features: labelled.anomalies[0]!.features,
      record: { dst_bytes: '8314', measured_at: '2024-02-29T00:00:00.000Z', payload: '3 bytes' },
    });
    expect(snapshot.scored).not.toHaveProperty('scores');
    expect(snapshot.model.history.step.length).toBeLessThanOrEqual(500);
  });
});

describe('text from the data', async () => {
  const hostile = {
    'a closed script': '</script><script>alert(1)</script>',
    'a comment': '<!-- <script> -->',
    quotes: `"'\` onmouseover="alert(1)`,
    'an image': '<img src=x onerror=alert(1)>',
    entities: '&lt;b&gt; &amp;amp;',
    'right to left': 'שלום \u202Eevil\u202C',
    emoji: '👩‍👩‍👧‍👦🦊',
    'half an emoji': '🦊'.slice(0, 1),
    'control characters': 'a\u0000b\u001Bc\nd',
    'a very long text': 'long'.repeat(5000),
    nothing: '',
  };
  const elements = (html: string): number => found(visible(html), /<\w+/g).length;
  const calm = elements(await renderReport(reportFixture({ hostile: 'calm', points: 30 })));

  it.each(Object.entries(hostile))('%s stays text', async (_, text) => {
    const html = await renderReport(reportFixture({ hostile: text, points: 30 }));
    expect(html.match(/<script/gi)).toHaveLength(2);
    expect(html.match(/<\/script/gi)).toHaveLength(2);
    expect(found(html, /<img|<!--/g)).toEqual([]);
    // No more and no other elements than with a harmless text.
    expect(elements(html)).toBe(calm);
    expect(html.includes('\u0000')).toBe(false);
    expect(megabytes(html)).toBeLessThan(1.5);
    expect(snapshotIn(html).source.slice(0, 999)).toBe(text.toWellFormed().slice(0, 999));
  });
});

interface PageElement {
  readonly id: string;
  readonly localName: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement;
}

describe('who reads the page with other means', () => {
  const { document } = parseHTML(page);
  const all = (selector: string): readonly PageElement[] => [
    ...(document.querySelectorAll(selector) as unknown as Iterable<PageElement>),
  ];

  it('finds headings in order, with one at the top', () => {
    const levels = all('h1, h2, h3').map((heading) => Number(heading.localName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels
      .slice(1)
      .forEach((level, index) => expect(level - levels[index]!).toBeLessThanOrEqual(1));
  });

  it('is told what each figure shows', () => {
    expect(all('figure').length).toBe(9);
    for (const figure of all('figure')) {
      expect(figure.querySelector('h3').textContent).not.toBe('');
      expect(figure.querySelector('figcaption').textContent.trim()).not.toBe('');
      expect(figure.querySelector('[role=img]').getAttribute('aria-label')!.length).toBeGreaterThan(
        20,
      );
      expect(figure.querySelector('svg').getAttribute('aria-hidden')).toBe('true');
    }
  });

  it('is told the row and column of each cell', () => {
    for (const heading of all('th')) expect(heading.getAttribute('scope')).toMatch(/^(row|col)$/);
    for (const table of all('table')) {
      expect(table.querySelector('caption').textContent.trim()).not.toBe('');
    }
  });

  it('meets each id once, and each link leads somewhere', () => {
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all('a')) expect(ids).toContain(link.getAttribute('href')!.slice(1));
  });
});

describe('data at the edge', () => {
  const few = reportFixture({ points: 30 });
  const { model, scored, evaluation } = few;
  const cases: Record<string, ReportData> = {
    'nothing scored': {
      ...reportFixture({ labels: false, points: 30 }),
      scored: { ...scored, rows: 0, flagged: 0, scores: new Float64Array(0) },
      anomalies: [],
      latentMap: [],
    },
    'equal scores': {
      ...few,
      scored: { ...scored, scores: new Float64Array(9).fill(3) },
      latentMap: [{ x: 1, y: 1, score: 3 }],
    },
    'an infinite threshold': {
      ...few,
      scored: { ...scored, threshold: Infinity, flagged: 0 },
    },
    'no threshold at all': {
      ...few,
      scored: { ...scored, threshold: -Infinity, falsePositiveRate: null },
    },
    'scores that are not finite': {
      ...few,
      scored: { ...scored, scores: Float64Array.of(NaN, Infinity, 1) },
      latentMap: [{ x: NaN, y: 0, score: 1 }],
    },
    'no history': {
      ...few,
      model: {
        ...model,
        history: {
          ...model.history,
          step: [],
          loss: [],
          reconstruction: [],
          kl: [],
          klPerUnit: [],
        },
      },
    },
    'one step of a plain autoencoder': {
      ...few,
      model: {
        ...model,
        history: {
          ...model.history,
          step: [1],
          loss: [5],
          reconstruction: [5],
          kl: [0],
          klPerUnit: [0, 0],
        },
      },
    },
    'labels without anomalies': {
      ...few,
      evaluation: {
        ...evaluation!,
        anomalies: 0,
        metrics: {
          auroc: null,
          averagePrecision: null,
          best: null,
          atThreshold: {
            ...evaluation!.metrics.atThreshold,
            truePositives: 0,
            falseNegatives: 0,
            precision: null,
            recall: null,
            f1: null,
          },
        },
        roc: [],
        precisionRecall: [],
        calibration: [],
        labels: new Uint8Array(2000),
      },
    },
  };

  it.each(Object.entries(cases))(
    '%s gives a whole page without a broken number',
    async (_, data) => {
      const html = await renderReport(data);
      expect(html.trimEnd().slice(-7)).toBe('</html>');
      expect(found(visible(html), /.{0,60}(NaN|undefined|\[object|∞∞).*/g)).toEqual([]);
      expect(() => snapshotIn(html)).not.toThrow();
    },
  );
});

describe('what a model would find', () => {
  const cellsOf = (html: string, heading: string): string[] => {
    const { document } = parseHTML(html);
    const row = [...document.querySelectorAll('#power tr')].find(
      (each) => each.querySelector('th')?.textContent?.startsWith(heading) === true,
    );
    return [...(row?.querySelectorAll('td') ?? [])].map((each) => each.textContent!.trim());
  };

  it('stands kind by kind beside the simple methods', () => {
    expect(cellsOf(page, 'shift')).toEqual(['38\u202F%', '0.900', '0.780', '0.910']);
    expect(cellsOf(page, 'mean')).toEqual(['', '0.930', '0.810', '0.910']);
    expect(page).toContain('id="power"');
    expect(page).toContain('href="#power"');
  });

  it('stands column by column, the blindest first', () => {
    expect(cellsOf(page, 'src_bytes').slice(0, 2)).toEqual(['3σ', '0\u202F%']);
    expect(cellsOf(page, 'feature_9')[0]).toBe('> 5σ');
    expect(cellsOf(page, 'service').at(-1)).toBe('62\u202F%');
    const { document } = parseHTML(page);
    const tables = [...document.querySelectorAll('#power table')];
    const names = [...tables.at(-1)!.querySelectorAll('tbody th')].map((each) =>
      each.textContent!.trim(),
    );
    expect(names).toEqual(['feature_9', 'service', 'src_bytes']);
  });

  it('is left out of a model that was not tested', async () => {
    const { power: _power, ...health } = labelled.model.health;
    const without = await renderReport({ ...labelled, model: { ...labelled.model, health } });
    expect(without).not.toContain('id="power"');
  });
});
