import { Detector, codeColumns } from '@unlikely/detect';
import { openInput } from '../../command/input.ts';
import { rowsWhere } from './rows-where.ts';
import type { Run } from '../../command/run/run.ts';
import { labelled } from '../../command/tell/labelled.ts';
import type { OpenOptions, Session } from '../face.ts';
import { platformOf } from '../platform-of.ts';
import { driftOf } from './drift-of.ts';
import { followRecords } from './follow.ts';
import { inspectionOfTable } from './inspection.ts';
import { labelledTable } from './labelled.ts';
import { makingRows } from './make.ts';
import { tableScoring } from './score.ts';
import type { TableSession } from './session.ts';
import { tableView } from './view.ts';

/** Opens a model of tables. */
export async function openTableModel(
  model: string,
  options: OpenOptions,
  run: Run,
): Promise<Session> {
  const detector = await Detector.load(model, platformOf(options, run));
  const opened: AsyncDisposable[] = [detector];
  const session: TableSession = {
    detector,
    run,
    async input(path, reading = {}) {
      const table = await openInput(path, run, { header: true, ...reading });
      opened.unshift(table);
      return table;
    },
  };
  const { signal } = run;
  return {
    model: detector,
    inspection: (page) => inspectionOfTable(detector, page),
    scoring: (scored) => tableScoring(session, scored),
    async drift({ input, ...reading }) {
      const table = await session.input(input, reading);
      async function* scores() {
        for await (const { score } of detector.score(table, { signal })) yield score;
      }
      return { drift: await driftOf(session, table), scores };
    },
    follow: (followed) => followRecords(session, followed),
    labelled: (told) => labelledTable(session, told),
    async encode({ input, keep, ...reading }) {
      const table = await session.input(input, reading);
      const names = codeColumns(detector.manifest.configuration.latentSize);
      async function* batches() {
        for await (const { rows, codes } of detector.latent.encode(table, { signal })) {
          const unit = (index: number): Float64Array =>
            Float64Array.from(
              { length: rows },
              (_, row) => codes.data[row * names.length + index]!,
            );
          const columns = Object.fromEntries(names.map((name, index) => [name, unit(index)]));
          yield { rows, columns };
        }
      }
      return {
        columns: names.map((name) => ({ name, type: 'double' })),
        ...(keep === undefined ? {} : { keep: { table, columns: keep } }),
        batches: batches(),
        doing: 'encoding',
        done: `encoded as ${names.length} numbers each`,
      };
    },
    async explain({ input, ...reading }, rows) {
      return detector.explain(await session.input(input, reading), rows);
    },
    async attribute({ input, ...reading }, present, absent) {
      const table = await session.input(input, reading);
      run.status(labelled(run, 'encoding', run.paint.dim(input)));
      const without = absent ?? { filter: present.complement, text: `not ${present.text}` };
      return detector.latent.attributeVector(
        await rowsWhere(table, present.filter, present.text),
        await rowsWhere(table, without.filter, without.text),
        { signal },
      );
    },
    view: (drawn) => tableView(session, drawn),
    make: makingRows(session),
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each[Symbol.asyncDispose]();
    },
  };
}
