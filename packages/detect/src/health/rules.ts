/** Whether the latent code carries nothing: the mean code of a unit that does not depend on the item has no variance. */
export function isCollapsed(variational: boolean, activeUnits: number): boolean {
  return variational && activeUnits < 0.5;
}

/** What is said of a model that collapsed. */
export function collapseFinding(item: 'row' | 'image'): string {
  return `The latent code carries nothing (posterior collapse): every ${item} gets the same reconstruction.`;
}

/** Share of different values among scores; 1 of none. */
export function distinctShare(scores: Float64Array): number {
  return scores.length === 0 ? 1 : new Set(scores).size / scores.length;
}

/** Below this share of different values thresholds come in steps. */
export const leastDistinctShare = 0.05;
