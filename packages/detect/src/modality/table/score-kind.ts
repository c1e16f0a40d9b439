/**
 * The scores, all of them higher for rows that are less likely. `combined` is made of others and of the
 * nearest stored row; `robust` adds the distance from the bulk of the rows, for training rows that may
 * hold anomalies.
 */
export const scoreKinds = [
  'combined',
  'robust',
  'reconstruction-probability',
  'elbo',
  'aggregate-elbo',
  'iwae',
  'reconstruction-error',
  'latent',
] as const;

export type ScoreKind = (typeof scoreKinds)[number];

/** What is taken where nothing of single rows is stored. */
export const scoreWithoutRows: ScoreKind = 'elbo';

/** Whether a score compares codes with those of stored training rows. */
export const needsCodes: { readonly [K in ScoreKind]: boolean } = {
  combined: true,
  robust: true,
  'reconstruction-probability': false,
  elbo: false,
  'aggregate-elbo': true,
  iwae: false,
  'reconstruction-error': false,
  latent: true,
};

/** Scores that are a sum over the features and the code of one network. */
export type PlainScoreKind = Exclude<ScoreKind, 'combined' | 'robust'>;

/** Whether a score weighs several kinds of evidence, among them the nearest stored row. */
export function weighsEvidence(kind: ScoreKind): kind is Exclude<ScoreKind, PlainScoreKind> {
  return kind === 'combined' || kind === 'robust';
}
