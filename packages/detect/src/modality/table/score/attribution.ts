/**
 * What each field has to do with a row's score. The contributions of a scoring program say where a row
 * surprises the decoder, and a value that lies far out moves the code and with it what is expected of
 * all the others: they surprise too. So a field is asked for what it does to the whole row,
 *
 *     drop(j) = score(x) − score(x without j),
 *
 * where a missing value is filled by what the others suggest and counts as it does in a normal row. Of
 * all rows that differ from x in one field, the likeliest is the one without the field of the largest
 * drop. It gets this drop for its part and is left out, and what is left of the row is explained alike:
 * the parts add up to the score exactly, since the drops telescope (leave-one-covariate-out, Lei et al.
 * 2018, greedily). After three fields the rest keep their contributions to the row that is left.
 */

/** Of a scoring program, what attribution takes. */
export const attributedOutputs = [
  'score',
  'contribution',
  'latent_share',
  'usual_share',
  'expected',
  'lower',
  'upper',
] as const;

/** What a scoring program gives of rows that are to be explained, [rows] or [rows, fields]. */
export type AttributedBlock = Readonly<
  Record<(typeof attributedOutputs)[number], Float32Array | Float64Array>
> & { readonly score: Float64Array };

export interface AttributionInput {
  /** Rows [rows, fields], NaN where missing, as they were scored. */
  readonly encoded: Float64Array;
  /** What they got, `attributedOutputs` of each. */
  readonly block: AttributedBlock;
  /** Contribution of each field to the score of a normal row. */
  readonly neutral: Float32Array;
  /** Scores further rows, with the same outputs. */
  readonly score: (rows: Float64Array, count: number) => Promise<AttributedBlock>;
}

/** The parts of one row's score; by field what it adds beyond a normal row. */
export interface Attribution {
  /** With `latent` and `usual` they add up to the score. */
  readonly contributions: Float64Array;
  /** Share of the latent code, in nats. */
  readonly latent: number;
  /** What a normal row has as well. */
  readonly usual: number;
  /** What the others, and not the field itself, let expect. */
  readonly expected: Float64Array;
  /** Ends of the 90 % interval of each field. */
  readonly lower: Float64Array;
  /** The upper ends, as `lower`. */
  readonly upper: Float64Array;
}

/** Fields of a row that are left out. */
const rounds = 3;
/** Fields of the largest contributions, of which each is tried. */
const candidates = 8;
/** Rows that are explained together. */
const groupRows = 128;

/** The attribution of every row. */
export async function attribute(input: AttributionInput): Promise<Attribution[]> {
  const { encoded, block, neutral } = input;
  const width = neutral.length;
  const rows = encoded.length / width;
  const found: Attribution[] = [];
  for (let start = 0; start < rows; start += groupRows) {
    const group = Array.from({ length: Math.min(groupRows, rows - start) }, (_, index) =>
      rowOf(block, start + index, encoded, width),
    );
    found.push(...(await attributeGroup(group, input)));
  }
  return found;
}

/** A row with all that is known of it. */
interface ScoredRow {
  readonly encoded: Float64Array;
  readonly score: number;
  readonly latent: number;
  readonly usual: number;
  readonly contribution: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

function rowOf(
  block: AttributedBlock,
  row: number,
  encoded: Float64Array,
  width: number,
): ScoredRow {
  const part = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: width }, (_, field) => values[row * width + field]!);
  return {
    encoded: part(encoded),
    score: block.score[row]!,
    latent: block.latent_share[row]!,
    usual: block.usual_share[row]!,
    contribution: part(block.contribution),
    expected: part(block.expected),
    lower: part(block.lower),
    upper: part(block.upper),
  };
}

async function attributeGroup(
  group: readonly ScoredRow[],
  { neutral, score }: AttributionInput,
): Promise<Attribution[]> {
  const width = neutral.length;
  const left = [...group];
  const taken = group.map(
    () => new Map<number, { readonly drop: number; readonly row: ScoredRow }>(),
  );
  for (let round = 0; round < rounds; round++) {
    const trials = left.flatMap((row, index) =>
      mostSurprising(row, neutral).map((field) => ({ index, field })),
    );
    const masked = new Float64Array(trials.length * width);
    trials.forEach(({ index, field }, trial) => {
      masked.set(left[index]!.encoded, trial * width);
      masked[trial * width + field] = NaN;
    });
    const block = await score(masked, trials.length);
    const best = new Map<number, number>();
    trials.forEach(({ index }, trial) => {
      const known = best.get(index);
      const value = block.score[trial]!;
      if (known === undefined || value < block.score[known]!) best.set(index, trial);
    });
    for (const [index, trial] of best) {
      const row = rowOf(block, trial, masked, width);
      const drop = left[index]!.score - row.score;
      if (drop <= 0) continue;
      taken[index]!.set(trials[trial]!.field, { drop, row });
      left[index] = row;
    }
  }
  return left.map((row, index) => {
    const own = taken[index]!;
    const from = (field: number): ScoredRow => own.get(field)?.row ?? row;
    const pick = (values: (field: number) => number): Float64Array =>
      Float64Array.from({ length: width }, (_, field) => values(field));
    return {
      contributions: pick(
        (field) => own.get(field)?.drop ?? row.contribution[field]! - neutral[field]!,
      ),
      latent: row.latent,
      usual: neutral.reduce((sum, share) => sum + share, row.usual),
      expected: pick((field) => from(field).expected[field]!),
      lower: pick((field) => from(field).lower[field]!),
      upper: pick((field) => from(field).upper[field]!),
    };
  });
}

/** The present fields that contribute most beyond a normal row. */
function mostSurprising({ encoded, contribution }: ScoredRow, neutral: Float32Array): number[] {
  const beyond = contribution.map((value, field) => value - neutral[field]!);
  return [...beyond.keys()]
    .filter((field) => !Number.isNaN(encoded[field]!))
    .sort((a, b) => beyond[b]! - beyond[a]! || a - b)
    .slice(0, candidates);
}
