import type { Explanation } from '@unlikely/detect';
import { formatNumber, formatScore } from '../report/format.ts';
import type { Canvas } from './terminal.ts';
import { shorten } from './text-table.ts';

const barWidth = 10;

/**
 * A row and why it is unlikely: each line a part of the score in nats, as a bar and a number, and
 * the finding in words. Parts below 1 % of the score are left out.
 */
export function explanationLines(
  explanation: Explanation,
  top: number,
  title: string,
  { paint, width }: Canvas,
): string[] {
  const { score, standardError, pValue, latent, features } = explanation;
  const parts = [
    ...features.map(({ contribution, sentence }) => ({ contribution, sentence })),
    { contribution: latent, sentence: 'the values do not belong together (latent code)' },
  ].sort((a, b) => b.contribution - a.contribution);
  const total = parts.reduce((sum, { contribution }) => sum + Math.max(0, contribution), 0);
  const shown = parts
    .slice(0, top)
    .filter(({ contribution }, index) => index === 0 || contribution > 0.01 * total);
  const largest = Math.max(parts[0]!.contribution, 1e-12);
  const lines = shown.map(({ contribution, sentence }) => {
    const filled = Math.max(
      contribution > 0 ? 1 : 0,
      Math.round((contribution / largest) * barWidth),
    );
    const bar = paint.red('▇'.repeat(filled)) + ' '.repeat(barWidth - filled);
    const part = formatScore(contribution).padStart(8);
    return `  ${bar} ${part}  ${shorten(sentence, Math.max(40, width - 26))}`;
  });
  const certainty = `score ${formatScore(score)} ± ${formatScore(standardError)}   p ${formatP(pValue)}`;
  return [`${paint.bold(title)}   ${certainty}`, ...lines];
}

/** `0.0025`, `0.31` */
function formatP(pValue: number): string {
  return formatNumber(Number(pValue.toPrecision(2)));
}
