import type { ImageSettings } from '@unlikely/data/source';
import {
  commonEntries,
  configurationOf,
  count,
  mostValues,
  numbersAsText,
  rowCounts,
} from '../../../artifact/manifest-parts.ts';
import {
  finite,
  list,
  nullable,
  object,
  oneOf,
  optional,
  positive,
  share,
  that,
  text,
  truth,
  whole,
} from '../../../artifact/validation.ts';
import type { Proves, Validator } from '../../../artifact/validation.ts';
import { detailMaps } from '../network/detail-maps.ts';
import { imageParameters } from '../parameters.ts';
import type { StoredImageManifest } from '../manifest.ts';
import { imageScoreKinds } from '../score-kind.ts';
import { injectionKinds } from '../power/inject-anomalies.ts';
import type { InjectionKind } from '../power/inject-anomalies.ts';
import { statisticKinds } from '../score/statistic.ts';

/*
 * The manifest of a model of images. A new entry is written here and in the type; the compiler refuses
 * one without the other. It has to be optional, or models of before would not load.
 */

const side = (about: string): Validator<number> =>
  that(
    'a multiple of 4 from 28 to 256',
    (value) => typeof value === 'number' && value % 4 === 0 && value >= 28 && value <= 256,
    about,
  );

const schema = object(
  {
    width: side('Pixels across.'),
    height: side('Pixels down.'),
    channels: oneOf([1, 3]),
    fit: oneOf(['stretch', 'contain', 'cover']),
    background: share('Level behind transparent parts.'),
    bits: oneOf([8, 16]),
    maximum: whole(1, 65_535, 'The stored pixel that becomes 1.'),
    reasons: object({ size: text(), channels: text(), range: text() }),
  },
  'How images become pixels of one shape.',
);

const term = object({
  statistic: oneOf([...statisticKinds, 'complexity'] as const),
  logarithm: truth(),
  offset: finite(),
  slope: finite(),
  scale: positive(),
  weight: finite(),
  foldedBeyond: optional(finite()),
  lowest: optional(finite()),
});

const health = object(
  {
    verdict: oneOf(['good', 'weak', 'collapsed']),
    findings: list(text(), 100),
    activeUnits: finite(),
    unexplained: finite(),
    gap: finite(),
    power: nullable(share()),
    distinctScores: share(),
  },
  'Whether the model can be trusted.',
);

const byInjection = object(
  Object.fromEntries(injectionKinds.map((kind) => [kind, share()])) as Record<
    InjectionKind,
    Validator<number>
  >,
);

const codes = object(
  {
    count: whole(1, 10_000),
    weights: numbersAsText('floats'),
    offsets: numbersAsText('floats'),
  },
  'Codes of training images: the aggregate posterior.',
);

const manifest = object({
  ...commonEntries('image'),
  schema,
  scales: object(
    {
      pixelMean: finite(),
      pixelDeviation: positive(),
      mapMeans: list(finite(), detailMaps),
      mapDeviations: list(positive(), detailMaps),
    },
    'What pixels and detail maps are standardised by.',
  ),
  configuration: configurationOf(imageParameters),
  label: optional(
    object({ normal: list(text(), mostValues) }, 'Labels that were taken for normal.'),
  ),
  rows: object({ ...rowCounts, unreadable: count(), reference: count() }, 'Normal images.'),
  health,
  combination: object(
    { terms: list(term, statisticKinds.length + 1) },
    'The score, as a weighted sum of statistics.',
  ),
  choice: object(
    {
      score: oneOf(imageScoreKinds),
      name: text(),
      power: list(
        object({ name: text(), mean: share(), weakest: share(), byKind: byInjection }),
        100,
      ),
      reason: text(),
    },
    'How the score was chosen.',
  ),
  calibration: object(
    { full: numbersAsText('doubles') },
    'Ascending scores of images that were kept from the networks.',
  ),
  codes: optional(codes),
});

/** Everything that the manifest of a model of images may be. */
export const imageManifestValidator: Validator<StoredImageManifest> = manifest;

const schemaProof: Proves<typeof schema, ImageSettings> = true;
const proof: Proves<typeof manifest, StoredImageManifest> = true;
void [schemaProof, proof];
