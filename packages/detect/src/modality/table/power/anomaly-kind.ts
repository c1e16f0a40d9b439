/**
 * The kinds of anomalies that a power test injects. The first four are those of Han et al. 2022
 * (ADBench, angle II), on normal rows instead of fitted mixtures and copulas; the other two change a
 * single field, which says where a model is blind.
 */
export const anomalyKinds = [
  /** A row's numbers with noise of the covariance of the rows nearest to it, four times as large. */
  'local',
  /** Every value uniform over the range of its column, a tenth wider, or over its categories. */
  'global',
  /** Rows close together, five times as far from the mean as normal rows that are alike. */
  'clustered',
  /** Every value drawn from its column alone: each is ordinary, together they do not belong. */
  'dependency',
  /** One number 1, 2, 3, 4 or 5 standard deviations of its column higher or lower. */
  'shift',
  /** One category exchanged for another, drawn by how frequent the others are. */
  'category',
] as const;

/** How injected anomalies are made. */
export type AnomalyKind = (typeof anomalyKinds)[number];

/** Standard deviations of the column by which `shift` moves a value. */
export const shiftSizes = [1, 2, 3, 4, 5] as const;
