/**
 * How images are scored; all higher for images that are less likely. `chosen` lets anomalies that are
 * injected into held-out normal images decide between combinations, see `choose-score.ts`.
 */
export const imageScoreKinds = [
  'chosen',
  'reconstruction-probability',
  'elbo',
  'reconstruction-error',
  'structural-similarity',
  'latent',
  'masked-error',
  'nearest-image',
  'complexity-corrected',
  'typicality',
] as const;

export type ImageScoreKind = (typeof imageScoreKinds)[number];
