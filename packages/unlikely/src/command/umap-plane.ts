import { RandomStream } from '@unlikely/graph';
import { UMAP } from 'umap-js';

const neighbours = 15;

/**
 * Points in a plane in which neighbours stay neighbours (UMAP: McInnes et al. 2018), the same for the
 * same seed. Distances between groups mean little. Takes seconds for thousands of points.
 */
export function umapPlane(points: readonly Float32Array[], seed: number): [x: number, y: number][] {
  // It needs more points than neighbours.
  if (points.length < 4) return points.map((_, index) => [index, 0]);
  const stream = new RandomStream(seed, 'umap');
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(neighbours, points.length - 1),
    random: () => stream.uniform(),
  });
  return umap.fit(points.map((point) => [...point])) as [number, number][];
}
