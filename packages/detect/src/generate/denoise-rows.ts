import { UnlikelyError } from '@unlikely/graph';
import type { ModelFile } from '../artifact/model-file.ts';
import type { EncodedRows } from '../column/feature.ts';
import type { Scorer } from '../score/scorer.ts';

export interface DenoiseLimits {
  /** Nats beyond what is usual of its column from which on a cell counts as implausible. Default 10. */
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

/**
 * Replaces cells that are missing and cells that the model holds for implausible by what it expects
 * beside the others, which stay as they are: pseudo-Gibbs with means (Rezende et al. 2014, appendix F),
 * in which the implausible cells are taken for missing, too. They are found one at a time, the worst
 * first: it is left out, and the row is scored again without it, since one wrong cell makes others
 * look wrong. Parts of timestamps are only filled in.
 *
 * @param scorer Gives contributions and expected values.
 * @throws UnlikelyError `detect/input` for limits out of their ranges.
 */
export async function denoiseRows(
  { manifest, neutral }: ModelFile,
  scorer: Scorer,
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
  for (let active = [...found.keys()]; active.length > 0;) {
    const open = new Float64Array(active.length * width);
    active.forEach((row, index) =>
      open.set(left.subarray(row * width, (row + 1) * width), index * width),
    );
    const scored = await scorer.score(open, active.length, signal);
    const contributions = scored['contribution'] as Float32Array;
    active = active.filter((row, index) => {
      let [worst, excess]: [number | undefined, number] = [undefined, above];
      for (let field = 0; field < width && found[row]! < most; field++) {
        const beyond = contributions[index * width + field]! - neutral[field]!;
        const isOpen = fields[field]!.kind !== 'cyclic' && replaced[row * width + field] === 0;
        if (isOpen && beyond > excess) [worst, excess] = [field, beyond];
      }
      if (worst === undefined) {
        for (let field = 0; field < width; field++) {
          const at = row * width + field;
          if (replaced[at] === 1) result[at] = scored['expected']![index * width + field]!;
        }
        return false;
      }
      left[row * width + worst] = NaN;
      replaced[row * width + worst] = 1;
      found[row]!++;
      return true;
    });
  }
  const implausible = found.reduce((sum, count) => sum + count, 0);
  const all = replaced.reduce((sum, flag) => sum + flag, 0);
  return { data: result, rows, replaced, missing: all - implausible, implausible };
}

function checkLimits(above: number, share: number): void {
  if (above >= 0 && share >= 0 && share <= 1) return;
  throw new UnlikelyError(
    'detect/input',
    `expected a limit from 0 nats and a share from 0 to 1, got ${above} and ${share}`,
    { help: 'By default cells 10 nats beyond the usual are replaced, at most half of a row.' },
  );
}
