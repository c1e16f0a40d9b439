import type { Field } from '@unlikely/data/source';
import { detectError } from '../../../detect-error.ts';
import type { ModelFile } from '../model.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Blocks } from '../../../score/blocks.ts';
import type { ScoringOutputs } from '../score/scoring-program.ts';

/** Which cells are taken for implausible. */
export interface DenoiseLimits {
  /** A cell is implausible where the row without it scores lower by more than this, in nats. Default 10. */
  readonly above?: number;
  /** Largest share of the columns that is replaced in a row as implausible. Default 0.5. */
  readonly share?: number;
}

export interface DenoisedRows extends EncodedRows {
  /** 1 for a cell that was replaced, [rows, fields]. */
  readonly replaced: Uint8Array;
  /** How many of them were missing, and how many implausible. */
  readonly missing: number;
  readonly implausible: number;
}

/** Cells of a row that are tried: half of them those that score worst, half the rarest of their column. */
const tried = 16;
/** Values of rows that are scored at a time. */
const scoredValues = 2_000_000;

/**
 * Replaces cells that are missing and cells that the model holds for implausible by what it expects
 * beside the others, which stay as they are: pseudo-Gibbs with means (Rezende et al. 2014, appendix F),
 * in which implausible cells are taken for missing, too. They are found one at a time: of a row with
 * a cell that scores too high, the one is left out without which the row scores lowest. That need not
 * be the cell that scores worst: a value far out draws the code towards itself, and then others look
 * wrong. Parts of timestamps are only filled in.
 *
 * @param scorer Gives all outputs of the scoring program.
 * @throws UnlikelyError `detect/configuration` for limits out of their ranges.
 */
export async function denoiseRows(
  { manifest, neutral }: ModelFile,
  scorer: Blocks<ScoringOutputs>,
  { data, rows }: EncodedRows,
  { above = 10, share = 0.5 }: DenoiseLimits = {},
  signal?: AbortSignal,
): Promise<DenoisedRows> {
  checkLimits(above, share);
  const { fields } = manifest.schema;
  const width = fields.length;
  const most = Math.floor(share * width);
  const result = data.slice(0, rows * width);
  // What is left of each row: missing cells and those found implausible are NaN.
  const left = result.slice();
  const replaced = Uint8Array.from(left, (value) => Number(Number.isNaN(value)));
  const found = new Int32Array(rows);
  const scored = await scorer.run({ rows: left }, rows, signal);
  const { score, contribution, expected } = scored;

  /** The cells of a row that may be what is wrong with it; none where nothing is. */
  const candidatesOf = (row: number): number[] => {
    if (found[row]! >= most) return [];
    const excess = (field: number): number => contribution[row * width + field]! - neutral[field]!;
    const open = fields.flatMap(({ kind }, field) =>
      kind === 'cyclic' || replaced[row * width + field] === 1 ? [] : [field],
    );
    if (!open.some((field) => excess(field) > above)) return [];
    if (open.length <= tried) return open;
    const rarity = (field: number): number => rarityOf(fields[field]!, left[row * width + field]!);
    const worst = open.toSorted((a, b) => excess(b) - excess(a)).slice(0, tried / 2);
    const rarest = open.toSorted((a, b) => rarity(b) - rarity(a)).slice(0, tried / 2);
    return [...new Set([...worst, ...rarest])];
  };

  const atOnce = Math.max(1, Math.floor(scoredValues / (tried * width)));
  for (let active = [...found.keys()]; active.length > 0;) {
    const trials = active.map((row) => ({ row, candidates: candidatesOf(row) }));
    const suspect = trials.filter(({ candidates }) => candidates.length > 0);
    active = [];
    for (let start = 0; start < suspect.length; start += atOnce) {
      const part = suspect.slice(start, start + atOnce);
      const without = part.flatMap(({ row, candidates }) =>
        candidates.map((field) => ({ row, field })),
      );
      const cells = new Float64Array(without.length * width);
      without.forEach(({ row, field }, index) => {
        cells.set(left.subarray(row * width, (row + 1) * width), index * width);
        cells[index * width + field] = NaN;
      });
      const trial = await scorer.run({ rows: cells }, without.length, signal);
      let next = 0;
      for (const { row, candidates } of part) {
        let best = next;
        for (let index = next; index < next + candidates.length; index++) {
          if (trial.score[index]! < trial.score[best]!) best = index;
        }
        next += candidates.length;
        if (!(score[row]! - trial.score[best]! > above)) continue;
        const at = row * width + without[best]!.field;
        left[at] = NaN;
        replaced[at] = 1;
        found[row]!++;
        score[row] = trial.score[best]!;
        const [from, to] = [best * width, (best + 1) * width];
        contribution.set(trial.contribution.subarray(from, to), row * width);
        expected.set(trial.expected.subarray(from, to), row * width);
        active.push(row);
      }
    }
  }
  replaced.forEach((flag, at) => {
    if (flag === 1) result[at] = expected[at]!;
  });
  const implausible = found.reduce((sum, count) => sum + count, 0);
  const all = replaced.reduce((sum, flag) => sum + flag, 0);
  return { data: result, rows, replaced, missing: all - implausible, implausible };
}

/** How far out a value lies in its column, whatever the others are: ½ z², or −log of its share. */
function rarityOf(field: Field, value: number): number {
  if ('deviation' in field) {
    return field.deviation > 0
      ? 0.5 * ((value - field.mean) / field.deviation) ** 2
      : value === field.mean
        ? 0
        : Infinity;
  }
  return -Math.log(field.frequencies[value] ?? 1e-9);
}

function checkLimits(above: number, share: number): void {
  if (above >= 0 && share >= 0 && share <= 1) return;
  throw detectError(
    'detect/configuration',
    `expected a limit from 0 nats and a share from 0 to 1, got ${above} and ${share}`,
    { help: 'By default cells 10 nats beyond the usual are replaced, at most half of a row.' },
  );
}
