import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * Points projected on the two directions in which they vary most (Pearson 1901), for a map of the
 * latent codes. Where there is one direction only, the second coordinate is 0.
 */
export function mainPlane(points: readonly Float32Array[]): [x: number, y: number][] {
  const size = points[0]?.length ?? 0;
  if (size === 0) return [];
  const centre = new Float64Array(size);
  for (const point of points) {
    point.forEach((value, axis) => (centre[axis]! += value / points.length));
  }
  const covariance = Matrix.zeros(size, size);
  for (const point of points) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const product = (point[a]! - centre[a]!) * (point[b]! - centre[b]!);
        covariance.set(a, b, covariance.get(a, b) + product / points.length);
      }
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value);
  const along = (point: Float32Array, rank: number): number => {
    const direction = order[rank];
    if (direction === undefined) return 0;
    return point.reduce(
      (sum, value, axis) =>
        sum + (value - centre[axis]!) * eigenvectorMatrix.get(axis, direction.index),
      0,
    );
  };
  return points.map((point) => [along(point, 0), along(point, 1)]);
}
