/** The scores, all of them higher for rows that are less likely. */
export const scoreKinds = [
  'reconstruction-probability',
  'elbo',
  'aggregate-elbo',
  'iwae',
  'reconstruction-error',
  'latent',
] as const;

export type ScoreKind = (typeof scoreKinds)[number];

/** Whether a score compares codes with those of stored training rows. */
export const needsCodes: { readonly [K in ScoreKind]: boolean } = {
  'reconstruction-probability': false,
  elbo: false,
  'aggregate-elbo': true,
  iwae: false,
  'reconstruction-error': false,
  latent: true,
};
