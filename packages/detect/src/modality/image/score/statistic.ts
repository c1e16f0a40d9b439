/**
 * What is measured of an image. With x the image, x̂ what the model expects from the mean code, and
 * means of `detail-maps.ts` written m, m̂:
 */
export const statisticKinds = [
  /** E_q[−log p(x, m | z)] (An & Cho 2015), in nats. */
  'surprise',
  /** KL(q(z|x) ‖ N(0, I)), in nats. */
  'divergence',
  /** The code under the aggregate posterior, E_q[log q(z|x) − log q_agg(z)], in nats. */
  'latent',
  /** Σ (x − x̂)². */
  'error',
  /** Σ (5 × 5 mean of (x − x̂)²)²: large where the error is in one place. */
  'local-error',
  /** Σ (mean over a cell of x − x̂)²: what differs over larger areas. */
  'coarse-error',
  /** Σ (5 × 5 mean of m − m̂)²: detail that is missing or too much over an area. */
  'map-error',
  /** Σ (1 − SSIM(x, x̂)) (Wang et al. 2004, equation 13, windows of 7 × 7). */
  'structure',
  /** Σ (x − x̂)² inside of parts that were hidden, each part in turn. */
  'masked-error',
  /** The same of the detail maps. */
  'masked-map-error',
  /** How the image differs from the most similar stored one, small movements aside: `nearest-image.ts`. */
  'neighbour',
] as const;

export type StatisticKind = (typeof statisticKinds)[number];

/** Whether it is a sum over places of the image, and so has a map. */
export const isSpatial: { readonly [K in StatisticKind]: boolean } = {
  surprise: true,
  divergence: false,
  latent: false,
  error: true,
  'local-error': true,
  'coarse-error': true,
  'map-error': true,
  structure: true,
  'masked-error': true,
  'masked-map-error': true,
  neighbour: true,
};

/** Whether it is positive by its nature, so that its logarithm is compared. */
export const isPositive: { readonly [K in StatisticKind]: boolean } = {
  ...isSpatial,
  surprise: false,
};
