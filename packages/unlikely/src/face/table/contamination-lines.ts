import type { Contamination, Manifest } from '@unlikely/detect';
import { formatCount, formatScore, formatShare } from '@unlikely/report/words';
import { continued, labelled } from '../../command/tell/labelled.ts';
import type { Canvas } from '../../command/run/terminal.ts';
import { shorten } from '../../command/tell/text-table.ts';

const shownSuspects = 5;

/** How many of the training rows stand out, and which most; no lines where that was not asked. */
export function contaminationLines({ contamination }: Manifest, canvas: Canvas): string[] {
  if (contamination === undefined) return [];
  const { rows, suspects } = contamination;
  return [
    labelled(canvas, 'suspects', standingOut(contamination)),
    continued(
      canvas.paint.dim('Anomalies that blend in are not among them, and some may be normal.'),
    ),
    ...suspects.slice(0, shownSuspects).map(({ row, score, reasons }) => {
      const place = `row ${row}`.padEnd(`row ${rows}`.length);
      const words = `${place}  score ${formatScore(score)}  ${reasons.join('; ')}`;
      return continued(shorten(words, Math.max(60, canvas.width - 14)));
    }),
    continued(
      canvas.paint.dim(
        'p-values compare with rows like these, anomalies included: fewer alarms than promised.',
      ),
    ),
  ];
}

/** `about 1.2 % of 4,000 rows (0.8 % to 1.9 %) score beyond what the bulk predicts` */
function standingOut({ rows, share, lower, upper }: Contamination): string {
  const beyond = 'beyond what the bulk predicts';
  if (upper === 0) return `none of ${formatCount(rows)} rows scores ${beyond}`;
  const interval = `${formatShare(lower)} to ${formatShare(upper)}`;
  return `about ${formatShare(share)} of ${formatCount(rows)} rows (${interval}) score ${beyond}`;
}
