import type { Field } from '@unlikely/data/source';
import { RandomStream } from '@unlikely/graph';
import type { EncodedRows } from '../column/feature.ts';
import { joinEncodedRows } from '../train/choose-rows.ts';
import { anomalyKinds } from './anomaly-kind.ts';
import type { AnomalyKind } from './anomaly-kind.ts';
import { columnScales, scaledNumbers } from './column-scales.ts';
import { injectors } from './injectors.ts';
import type { NormalRows, Target } from './injectors.ts';
import { LocalGaussian } from './local-gaussian.ts';

export interface InjectionInput {
  readonly fields: readonly Field[];
  /** Normal rows that the model did not see: those that are changed, at least one. */
  readonly heldOut: EncodedRows;
  /** Normal rows that columns and neighbourhoods are known from, at least one. */
  readonly reference: EncodedRows;
  readonly seed: number;
  /** About how many rows of each kind; see `defaultInjectedRows`; fewer of more than 500 fields. */
  readonly rows?: Readonly<Partial<Record<AnomalyKind, number>>>;
}

/** Anomalies of one kind. */
export interface InjectedRows {
  readonly kind: AnomalyKind;
  /** Encoded, [rows, fields]. */
  readonly rows: EncodedRows;
  /** The held-out row that each was made of. */
  readonly origin: Int32Array;
  /** What was done to each. */
  readonly target: readonly Target[];
}

/** Rows of each target, however many there are: fewer say nothing of it. */
const fewestDraws = 5;

/** Beyond this many fields fewer rows are made, so that the test stays a small part of the training. */
const wideFrom = 500;

/** Single fields want more: a few rows for each field and size. */
export const defaultInjectedRows: Readonly<Record<AnomalyKind, number>> = {
  local: 250,
  global: 250,
  clustered: 250,
  dependency: 250,
  shift: 1500,
  category: 300,
};

/**
 * Anomalies of every kind that such rows can have, made of held-out normal rows: the same for the
 * same seed. A missing value stays missing, and a category is always one of the field's own.
 */
export function injectAnomalies({
  fields,
  heldOut,
  reference,
  seed,
  rows: counts = {},
}: InjectionInput): InjectedRows[] {
  const scales = columnScales(fields, reference);
  const normal: NormalRows = {
    fields,
    heldOut,
    reference,
    scales,
    scaled: scaledNumbers(scales, heldOut),
    local: new LocalGaussian(
      scaledNumbers(scales, reference),
      new RandomStream(seed, 'power', 'neighbours'),
    ),
  };
  return anomalyKinds.flatMap((kind) => {
    const wanted =
      counts[kind] ?? defaultInjectedRows[kind] * Math.min(1, wideFrom / fields.length);
    const injected = inject(kind, normal, wanted, seed);
    return injected.rows.rows === 0 ? [] : [injected];
  });
}

function inject(kind: AnomalyKind, normal: NormalRows, wanted: number, seed: number): InjectedRows {
  const stream = new RandomStream(seed, 'power', kind);
  const { groups, change } = injectors[kind];
  const { fields, heldOut } = normal;
  const width = fields.length;
  const order = stream.split('origins').permutation(heldOut.rows);
  const data: Float64Array[] = [];
  const origin: number[] = [];
  const target: Target[] = [];
  const chosen = groups(normal, stream.split('groups'));
  for (const [group, targets] of chosen.entries()) {
    const share = Math.max(fewestDraws, Math.ceil(wanted / chosen.length / targets.length));
    // Of single fields no more than once the same change of the same row.
    const most = targets[0]!.field === undefined ? share : Math.min(share, heldOut.rows);
    for (let draw = 0; draw < most; draw++) {
      for (const each of targets) {
        const from = each.origin ?? rowWith(each.field, heldOut, order, group * most + draw);
        if (from === undefined) continue;
        const row = heldOut.data.slice(from * width, (from + 1) * width);
        change(row, from, each, normal, stream.split(group, draw));
        data.push(row);
        origin.push(from);
        target.push(each);
      }
    }
  }
  const rows = joinEncodedRows(data.map((row) => ({ data: row, rows: 1 })));
  return { kind, rows, origin: Int32Array.from(origin), target };
}

/** The next row in order that has a value in the field. */
function rowWith(
  field: number | undefined,
  { data, rows }: EncodedRows,
  order: Int32Array,
  start: number,
): number | undefined {
  const width = data.length / rows;
  for (let step = 0; step < rows; step++) {
    const row = order[(start + step) % rows]!;
    if (field === undefined || !Number.isNaN(data[row * width + field])) return row;
  }
  return undefined;
}
