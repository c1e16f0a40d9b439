/** The flags of commands that are for images alone. */
export const imageFlags = {
  train: { size: {} },
  score: { gallery: {} },
  report: { gallery: {} },
  reconstruct: { rows: {} },
  denoise: { rows: {} },
  transfer: { rows: {} },
  plot: { labels: { when: { picture: ['latent', 'histogram'] }, former: '--no-label' } },
} as const;
