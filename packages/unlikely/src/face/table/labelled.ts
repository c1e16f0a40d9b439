import { defined } from '../../command/defined.ts';
import { labelled } from '../../command/tell/labelled.ts';
import type { Labelled, LabelledOptions } from '../face.ts';
import type { TableSession } from './session.ts';
import { measuredReport } from '../../report/measured-report.ts';
import { reportOf } from '../../report/report-of.ts';

/** A table, one column of which may say which rows are anomalies. */
export async function labelledTable(
  { detector, run, input }: TableSession,
  options: LabelledOptions,
): Promise<Labelled> {
  const { label, normal, allRows } = options;
  const table = await input(options.input, options);
  const { signal } = run;
  run.status(labelled(run, 'scoring', run.paint.dim(options.input)));
  return {
    async evaluate({ reference, ...chosen }) {
      const others = reference === undefined ? undefined : await input(reference, options);
      return detector.evaluate(table, {
        label: label!,
        signal,
        ...chosen,
        ...defined({ normal, allRows, reference: others }),
      });
    },
    async report({ source = options.input, evaluation, ...rate }) {
      const told = { source, signal, ...rate };
      if (evaluation === undefined) {
        return measuredReport(detector, table, { ...told, ...defined({ label, normal, allRows }) });
      }
      return { data: await reportOf(detector, table, { ...told, evaluation }), evaluation };
    },
  };
}
