import { shorten } from './html.ts';
import { chosenPoints } from './latent-map.ts';
import type { GalleryImage, LatentPoint, ReportData, ReportGallery } from './report-data.ts';

/** Of a history, at most this many steps. */
const mostSteps = 500;
/** A cell may hold a whole document. */
const longestText = 1000;
const mostAnomalies = 20;

/**
 * The figures of the page for programs, as JSON that can stand inside a `script` element. Texts are
 * cut at 1,000 characters, the history is thinned to 500 steps, and the scores of all rows are left
 * out: they are what `unlikely score` writes.
 */
export function snapshotOf(data: ReportData): string {
  const { source, generatedAt, model, scored, anomalies, gallery, evaluation, latentMap } = data;
  const { scores: _scores, classes: _classes, ...summary } = scored;
  const snapshot = {
    format: 'unlikely-report',
    formatVersion: 2,
    source,
    generatedAt,
    scored: summary,
    anomalies: anomalies.slice(0, mostAnomalies),
    gallery: gallery && withoutPictures(gallery),
    evaluation: evaluation && withoutRows(evaluation),
    notes: data.notes,
    latentMap: latentMap && columnsOf(chosenPoints(latentMap)),
    model: {
      version: model.version,
      fingerprint: model.fingerprint,
      label: model.label,
      rows: model.rows,
      health: model.health,
      configuration: model.configuration,
      columns: model.schema?.columns,
      settings: model.settings,
      history: thinned(model.history),
    },
  };
  // No "<" at all: neither "</script" nor "<!--" can end the element early.
  return JSON.stringify(snapshot, plain).replaceAll('<', '\\u003c');
}

/** Pictures are in the page already. */
function withoutPictures({ leastLikely, mostLikely }: ReportGallery): object {
  const facts = ({ png: _png, ...rest }: GalleryImage): object => rest;
  return { leastLikely: leastLikely.map(facts), mostLikely: mostLikely.map(facts) };
}

function withoutRows(evaluation: NonNullable<ReportData['evaluation']>): object {
  const { scores: _scores, labels: _labels, ...rest } = evaluation;
  return rest;
}

/** Arrays for each coordinate, since 3,000 objects would repeat their keys 3,000 times. */
function columnsOf(points: readonly LatentPoint[]): object {
  const rounded = (value: number): number => Number(value.toPrecision(4));
  return {
    x: points.map(({ x }) => rounded(x)),
    y: points.map(({ y }) => rounded(y)),
    score: points.map(({ score }) => rounded(score)),
    ...(points.some(({ isAnomaly }) => isAnomaly !== undefined) && {
      isAnomaly: points.map(({ isAnomaly }) => isAnomaly ?? null),
    }),
    ...(points.some((point) => point.class !== undefined) && {
      class: points.map((point) => point.class ?? null),
    }),
  };
}

function thinned({ step, loss, reconstruction, kl }: ReportData['model']['history']): object {
  const stride = Math.max(1, Math.ceil(step.length / mostSteps));
  const some = (values: readonly number[]): number[] =>
    values.filter((_, index) => index % stride === 0);
  return { step: some(step), loss: some(loss), reconstruction: some(reconstruction), kl: some(kl) };
}

/** What JSON lacks: big integers and binary values as text, typed arrays as arrays, NaN as null. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return shorten(value, longestText);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return displayValue(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  return value;
}

/** A cell of any type as a reader wants to see it. */
export function displayValue(value: unknown): string {
  if (value === null || value === undefined) return 'missing';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'missing' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object') return JSON.stringify(value, plain);
  return String(value);
}
