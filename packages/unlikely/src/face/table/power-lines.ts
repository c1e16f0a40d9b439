import { baselineTitles } from '@unlikely/detect';
import type { PowerTest } from '@unlikely/detect';
import { formatRatio, formatShare, kindWords } from '@unlikely/report/words';
import { continued, labelled } from '../../command/tell/labelled.ts';
import type { Canvas } from '../../command/run/terminal.ts';
import { textTable } from '../../command/tell/text-table.ts';

/** What the model finds of injected anomalies, in two lines. */
export function powerLines(power: PowerTest, canvas: Canvas): string[] {
  const kinds = power.kinds
    .toSorted((a, b) => b.found - a.found)
    .map(({ kind, found }) => `${kindWords[kind].title} ${formatShare(found)}`);
  const others = power.baselines
    .toSorted((a, b) => b.auroc - a.auroc)
    .map(({ name, auroc }) => `${baselineTitles[name]} ${formatRatio(auroc)}`);
  return [
    labelled(
      canvas,
      'injected',
      `found at ${formatShare(power.falsePositiveRate)} false alarms: ${kinds.join(', ')}`,
    ),
    continued(`AUROC ${canvas.paint.bold(formatRatio(power.auroc))}; ${others.join(', ')}`),
  ];
}

/** The same as a table, kind by kind, with each simple method beside it. */
export function powerTable(power: PowerTest, { paint }: Canvas): string[] {
  const names = power.baselines.map(({ name }) => baselineTitles[name]);
  const right = { align: 'right' } as const;
  return [
    ...textTable(
      [{}, right, right, right, ...names.map(() => right)],
      ['injected', 'rows', 'found', 'AUROC', ...names],
      [
        ...power.kinds.map(({ kind, rows, found, auroc, baselines }) => [
          kindWords[kind].title,
          String(rows),
          formatShare(found),
          formatRatio(auroc),
          ...baselines.map((baseline) => formatRatio(baseline.auroc)),
        ]),
        [
          'mean',
          '',
          '',
          formatRatio(power.auroc),
          ...power.baselines.map((baseline) => formatRatio(baseline.auroc)),
        ],
      ],
      { paintHead: paint.dim },
    ),
    paint.dim(
      `  made of ${power.heldOutRows} rows that training did not see; found at ${formatShare(power.falsePositiveRate)} false alarms`,
    ),
    ...(power.explained === null
      ? []
      : [
          paint.dim(
            `  where one column was changed and found, the explanation names it first in ${formatShare(power.explained)}`,
          ),
        ]),
  ];
}
