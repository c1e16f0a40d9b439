import { anomalyKinds } from '../power/anomaly-kind.ts';
import { baselineTitles } from '../../../baseline/baseline.ts';
import type { BaselineName } from '../../../baseline/baseline.ts';
import { tableParameters } from '../parameters.ts';
import type { Manifest } from '../manifest.ts';
import {
  commonEntries,
  configurationOf,
  count,
  mostValues,
  numbersAsText,
  rowCounts,
} from '../../../artifact/manifest-parts.ts';
import { mostColumns, schemaValidator } from './schema-validator.ts';
import {
  finite,
  list,
  nullable,
  object,
  oneOf,
  optional,
  positive,
  share,
  text,
  truth,
  whole,
} from '../../../artifact/validation.ts';
import type { Proves, Validator } from '../../../artifact/validation.ts';

/*
 * The manifest of a model of tables. A new entry is written here and in the type; the compiler refuses
 * one without the other. It has to be optional, or models of before would not load.
 */

const feature = object({
  field: whole(0, mostColumns, 'Index of its field.'),
  category: optional(whole(0, mostColumns, 'The category whose indicator it is.')),
  logarithm: truth('Whether log(1 + x) is taken first.'),
  mean: finite(),
  deviation: positive(),
});

const baselines = list(
  object({ name: oneOf(Object.keys(baselineTitles) as BaselineName[]), auroc: share() }),
  16,
  'Simple detectors.',
);

const power = object(
  {
    falsePositiveRate: share(),
    heldOutRows: count(),
    kinds: list(
      object({
        kind: oneOf(anomalyKinds),
        rows: count(),
        found: share(),
        auroc: share(),
        baselines,
      }),
      anomalyKinds.length,
    ),
    fields: list(object({ field: text(), found: list(share(), 16) }), mostColumns),
    auroc: share(),
    baselines,
    explained: nullable(share()),
  },
  'What is found of injected anomalies.',
);

const health = object(
  {
    verdict: oneOf(['good', 'weak', 'useless', 'collapsed']),
    findings: list(text(), 100),
    activeUnits: finite(),
    atFloor: share(),
    atCap: share(),
    distinctScores: share(),
    gap: finite(),
    power: optional(power),
  },
  'Whether the model can be trusted.',
);

const contamination = object(
  {
    share: share(),
    lower: share(),
    upper: share(),
    rows: count(),
    suspects: list(
      object({ row: count(), score: finite(), pValue: share(), reasons: list(text(), 100) }),
      1000,
    ),
  },
  'What stood out among the training rows.',
);

const manifest = object({
  ...commonEntries('table'),
  schema: schemaValidator,
  features: list(feature, mostColumns, 'Numbers that the networks see, those of numbers first.'),
  configuration: configurationOf(tableParameters),
  label: optional(
    object(
      { column: text(), normal: list(text(), mostValues) },
      'The column that said which rows are normal.',
    ),
  ),
  rows: object({ ...rowCounts }, 'Normal rows.'),
  health,
  contamination: optional(contamination),
  calibration: object(
    { full: numbersAsText('doubles'), fast: numbersAsText('doubles') },
    'Ascending scores of the rows that were kept from the networks.',
  ),
  rowOrder: optional(
    object(
      {
        rate: share(),
        blocks: list(
          object({ from: share(), to: share(), flagged: nullable(share()), raises: truth() }),
          64,
        ),
      },
      'Blocks of rows in their order, which scored beside rows at random.',
    ),
  ),
  posterior: optional(
    object(
      { mean: numbersAsText('floats'), logVariance: numbersAsText('floats') },
      'Codes of training rows, [rows, latentSize].',
    ),
  ),
});

/** Everything that the manifest of a model of tables may be. */
export const manifestValidator: Validator<Manifest> = manifest;

const proof: Proves<typeof manifest, Manifest> = true;
void proof;
