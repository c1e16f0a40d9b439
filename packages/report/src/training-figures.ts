import type { History, Words } from '@unlikely/detect';
import type { Chart, Layer, Point } from './chart.ts';
import { formatCount, formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Figure } from './plot-figure.ts';
import { drawnRange } from './quantile.ts';

/** About one point for each two pixels. */
const mostPoints = 240;

type Curve = 'loss' | 'reconstruction' | 'kl';

/** The loss, and the two terms that it is the sum of. */
export function trainingFigures(history: History, words: Words): readonly Figure[] {
  const steps = history.step.at(-1) ?? 0;
  const lossEnd = meanOfEnd(history.loss);
  const klEnd = meanOfEnd(history.kl);
  const averaged = history.step.length > mostPoints ? ' Averaged over neighbouring steps.' : '';
  const variational = history.kl.some((value) => value !== 0);
  const reconstruction: Figure = {
    title: variational ? 'Reconstruction and KL' : 'Reconstruction',
    chart: chartOf(history, variational ? ['reconstruction', 'kl'] : ['reconstruction'], words),
    keys: [
      { mark: 'line', ink: 'normal', label: 'reconstruction' },
      ...(variational ? [{ mark: 'line', ink: 'anomaly', label: 'KL' } as const] : []),
    ],
    description: `At the end the reconstruction term is ${formatNumber(meanOfEnd(history.reconstruction))} and the KL term ${formatNumber(klEnd)} nats.`,
    caption: variational
      ? html`What the ${words.one} costs given its code, and what the code costs:
        ${formatNumber(klEnd)} nats at the end. A KL term at zero would mean that the code carries
        nothing.`
      : html`What the ${words.one} costs given its code.`,
  };
  const loss: Figure = {
    title: 'Loss',
    chart: chartOf(history, ['loss'], words),
    description: `It ends at ${formatNumber(lossEnd)} nats ${words.indefinite} after ${formatCount(steps)} steps.`,
    caption: html`${formatNumber(lossEnd)} nats ${words.indefinite} after ${formatCount(steps)}
    steps.${averaged}`,
  };
  return [loss, reconstruction];
}

/** What each latent unit tells of a row, the most telling first; nothing where there is no KL term. */
export function unitFigure({ klPerUnit, activeUnits }: History, words: Words): Figure | null {
  if (!klPerUnit.some((value) => value > 0)) return null;
  const units = [...klPerUnit].sort((a, b) => b - a);
  return {
    title: 'What the code carries',
    chart: {
      x: { label: 'latent units, the most telling first', bare: true },
      y: { label: `nats ${words.indefinite}`, ticks: 4 },
      layers: [
        {
          kind: 'bars',
          bars: units.map((height, unit) => ({ from: unit + 0.1, to: unit + 0.9, height })),
          ink: 'normal',
        },
        { kind: 'horizontal', y: 0, ink: 'muted' },
      ],
      height: 200,
    },
    description: `${formatNumber(activeUnits)} of ${units.length} latent units vary with the ${words.one}.`,
    caption: `The KL term of each latent unit. ${formatNumber(activeUnits)} of ${units.length} units vary with the ${words.one}; one that carries nothing stands at zero.`,
  };
}

function chartOf(history: History, curves: readonly Curve[], words: Words): Chart {
  const lines = curves.map((curve): Layer & { kind: 'line' } => ({
    kind: 'line',
    points: averagedPoints(history.step, history[curve]),
    ink: curve === 'kl' ? 'anomaly' : 'normal',
  }));
  // The first steps fall from so far above that everything after would be a flat line.
  const domain = drawnRange(
    lines.flatMap(({ points }) => points.map(([, y]) => y)),
    0.84,
  );
  return {
    x: { label: 'step', ticks: 5, format: formatCount },
    y: { label: `nats ${words.indefinite}`, domain, ticks: 6 },
    layers: lines,
    height: 260,
  };
}

/** Means of neighbouring values, so that the noise of single batches does not hide the course. */
function averagedPoints(steps: readonly number[], values: readonly number[]): readonly Point[] {
  const size = Math.max(1, Math.ceil(steps.length / mostPoints));
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, bucket): Point => {
    const part = values.slice(bucket * size, (bucket + 1) * size);
    const end = Math.min((bucket + 1) * size, steps.length) - 1;
    return [steps[end]!, part.reduce((sum, value) => sum + value, 0) / part.length];
  });
}

/** The mean of the last twentieth: one batch says little. */
function meanOfEnd(values: readonly number[]): number {
  const end = values.slice(-Math.max(1, Math.ceil(values.length / 20)));
  return end.reduce((sum, value) => sum + value, 0) / end.length;
}
