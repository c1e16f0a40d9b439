import { mapInOrder, tableWords as words } from '@unlikely/detect';
import { formatCount } from '@unlikely/report/words';
import { commandError } from '../../command-error.ts';
import { rateRule, thresholdRule } from '../../command/flag-rule.ts';
import { labelled } from '../../command/tell/labelled.ts';
import type { CommandOptions } from '../kind-flags.ts';
import { followedRecords } from './followed-records.ts';
import type { Followed, Refusal } from './followed-records.ts';
import { linesOf } from './lines-of.ts';
import type { TableSession } from './session.ts';

type FollowOptions = CommandOptions<'score'>;

/** Lines that may wait for their answers: a source that is faster waits. */
const mostUnderWay = 1024;

/**
 * Answers each line of standard input by one of NDJSON, in their order and as soon as it can: a score, or an
 * error. It holds no more than some lines, however many there are.
 */
export async function followRecords(
  { detector, run }: TableSession,
  options: FollowOptions,
): Promise<void> {
  refuseFiles(options);
  run.promise('Stopping; what was answered stands');
  const { fast = false, explain = 0, keep = [], fpr, threshold } = options;
  const rule =
    threshold === undefined ? rateRule(detector, words, fpr, fast) : thresholdRule(threshold);
  const scoring = { fast, reasons: explain, threshold: rule.threshold ?? Infinity };
  const known = new Set(detector.manifest.schema.columns.map(({ name }) => name));
  let [rows, flagged, refused] = [0, 0, 0];

  const refuse = (row: number, { code, message }: Refusal): string => {
    refused++;
    return JSON.stringify({ row, error: { code, message } });
  };
  const answer = async (followed: Followed): Promise<string> => {
    const { row } = followed;
    if ('refusal' in followed) return refuse(row, followed.refusal);
    const { record } = followed;
    const absent = keep.find((column) => !known.has(column) && !Object.hasOwn(record, column));
    if (absent !== undefined) {
      const message = `expected a value to keep for ${JSON.stringify(absent)}, got none`;
      return refuse(row, { code: 'data/missing-column', message });
    }
    try {
      const scored = await detector.scoreRecord(record, { ...scoring, row });
      if (scored.isAnomaly) flagged++;
      return JSON.stringify({
        row,
        ...Object.fromEntries(keep.map((column) => [column, record[column] ?? null])),
        score: scored.score,
        // JSON has no NaN.
        standard_error: Number.isNaN(scored.standardError) ? null : scored.standardError,
        p_value: scored.pValue,
        is_anomaly: scored.isAnomaly,
        ...(explain === 0 ? {} : { reasons: scored.reasons.map(({ sentence }) => sentence) }),
      });
    } catch (error) {
      const { code, message } = error as Partial<Refusal>;
      // What is wrong with the model or the machine is wrong with all lines.
      if (code === undefined || !code.startsWith('data/')) throw error;
      return refuse(row, { code, message: message! });
    }
  };

  const { delimiter, header } = options;
  const followed = followedRecords(linesOf(run.standardInput, run.signal), {
    header,
    ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
  });
  for await (const line of mapInOrder(followed, answer, mostUnderWay)) {
    await run.data(`${line}\n`);
    rows++;
  }
  const tell = (label: string, text: string): void => run.note(labelled(run, label, text));
  tell(words.many, `${formatCount(rows - refused)} scored`);
  tell('flagged', `${formatCount(flagged)}: they ${rule.words}`);
  if (refused > 0) tell('refused', `${formatCount(refused)} lines, each with its error`);
}

/** @throws UnlikelyError `usage/invalid`. */
function refuseFiles({ input, output, encoding = 'utf-8' }: FollowOptions): void {
  const wrong =
    input !== '-'
      ? `INPUT ${input}`
      : output !== '-'
        ? `--output ${output}`
        : encoding !== 'utf-8'
          ? `--encoding ${encoding}`
          : undefined;
  if (wrong === undefined) return;
  throw commandError(
    'usage/invalid',
    `expected --follow to go from standard input to standard output in UTF-8, got ${wrong}`,
    { help: 'Give - as INPUT and leave --output out; without --follow files are scored.' },
  );
}
