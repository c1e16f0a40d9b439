import type { Explanation } from '@unlikely/detect';
import { formatNumber, formatScore } from '@unlikely/report/words';
import type { Canvas } from '../run/terminal.ts';
import { shorten } from './text-table.ts';

const barWidth = 10;

/**
 * A row and why it is unlikely: each line a part of the score in nats, as a bar and a number, and
 * the finding in words. Parts below 1 % of the largest stand together. The last lines are the parts
 * of no single column: the latent code, and what every row has.
 */
export function explanationLines(
  explanation: Explanation,
  top: number,
  title: string,
  { paint, width }: Canvas,
): string[] {
  const { score, standardError, pValue, latent, usual, features } = explanation;
  const largest = Math.max(features[0]?.contribution ?? 0, 1e-12);
  const line = (contribution: number, words: string): string => {
    const filled = Math.round(Math.min(1, Math.max(0, contribution / largest)) * barWidth);
    const bar = contribution > 0 ? '▇'.repeat(Math.max(1, filled)) : '';
    const part = formatScore(contribution).padStart(9);
    return `  ${paint.red(bar.padEnd(barWidth))}${part}  ${shorten(words, Math.max(40, width - 24))}`;
  };
  const shown = features
    .slice(0, top)
    .filter(({ contribution }, rank) => rank === 0 || contribution > 0.01 * largest);
  const others = features.length - shown.length;
  const named = shown.reduce((sum, { contribution }) => sum + contribution, 0);
  const otherParts = score - named - latent - usual;
  const certainty = `score ${formatScore(score)} ± ${formatScore(standardError)}   p ${formatP(pValue)}`;
  return [
    `${paint.bold(title)}   ${certainty}`,
    ...shown.map(({ contribution, sentence }) => line(contribution, sentence)),
    ...(others === 0
      ? []
      : [
          paint.dim(
            rest(otherParts, others === 1 ? 'one other column' : `${others} other columns`),
          ),
        ]),
    paint.dim(rest(latent, 'the latent code')),
    paint.dim(rest(usual, 'the usual part of every row')),
  ];
}

function rest(part: number, words: string): string {
  return `  ${' '.repeat(barWidth)}${formatScore(part).padStart(9)}  ${words}`;
}

/** `0.0025`, `0.31` */
function formatP(pValue: number): string {
  return formatNumber(Number(pValue.toPrecision(2)));
}
