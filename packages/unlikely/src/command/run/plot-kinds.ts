/** The pictures of `unlikely plot`. */
export const plotKinds = ['latent', 'loss', 'histogram', 'interpolation'] as const;
export type PlotKind = (typeof plotKinds)[number];

/** How codes of many units become points of a plane. */
export const plotLayouts = ['pca', 'umap'] as const;
export type PlotLayout = (typeof plotLayouts)[number];
