import { heatMap, imageGrid, toPng } from '@unlikely/data';
import type { ImageLevels, ImageSettings, ImageSource } from '@unlikely/data';
import { highestRows } from '@unlikely/detect';
import type { ImageDetector } from '@unlikely/detect';
import { quantileOf } from '@unlikely/report';
import type { GalleryImage, ReportGallery } from '@unlikely/report';
import { levelsAt } from './levels-at.ts';

/** Images of one end of the ranking, each as original, expected and heat map. */
export interface GalleryEntry extends Omit<GalleryImage, 'png'> {
  readonly panels: readonly [original: ImageLevels, expected: ImageLevels, heat: ImageLevels];
}

export interface Gallery {
  readonly leastLikely: readonly GalleryEntry[];
  readonly mostLikely: readonly GalleryEntry[];
}

/** Scores by place, NaN where the image was not read, with the label where it is known. */
export interface Ranking {
  readonly scores: Float64Array;
  readonly isAnomaly?: (row: number) => boolean | undefined;
}

const leastLikelyImages = 12;
const mostLikelyImages = 6;
/** Of all contributions that are shown: below the first the image is seen alone, above the second all is bright. */
const heatQuantiles = [0.5, 0.998] as const;
/** Pixels between the panels of a picture. */
export const galleryPadding = 2;

/** The most and the least anomalous images with what the model expects in their place. */
export async function makeGallery(
  detector: ImageDetector,
  source: ImageSource,
  ranking: Ranking,
): Promise<Gallery> {
  const { scores } = ranking;
  const read = scores.reduce((count, score) => count + Number(!Number.isNaN(score)), 0);
  const least = [
    ...highestRows(
      scores.map((s) => (Number.isNaN(s) ? -Infinity : s)),
      leastLikelyImages,
    ),
  ];
  const opposite = scores.map((score) => (Number.isNaN(score) ? -Infinity : -score));
  const most = [...highestRows(opposite, Math.min(mostLikelyImages, read))];
  const wanted = [...new Set([...least.slice(0, read), ...most])];
  const batch = await source.rows(detector.manifest.schema, wanted);
  const { score, standardError, pValue, details } = await detector.explain(batch);
  const { schema: settings } = detector.manifest;
  const area = settings.width * settings.height;
  const scale = heatScale(details.contributions);
  const entries = new Map<number, GalleryEntry>();
  for (let index = 0; index < batch.rows; index++) {
    const row = batch.rowNumbers[index]!;
    const original = levelsAt(batch.data, index, settings);
    const contributions = details.contributions.subarray(index * area, (index + 1) * area);
    const isAnomaly = ranking.isAnomaly?.(row);
    entries.set(row, {
      row,
      name: batch.names[index]!,
      score: score[index]!,
      standardError: standardError[index]!,
      pValue: pValue[index]!,
      ...(batch.labels === undefined ? {} : { label: batch.labels[index]! }),
      ...(isAnomaly === undefined ? {} : { isAnomaly }),
      panels: [
        original,
        levelsAt(details.expected, index, settings),
        heatMap(original, contributions, scale),
      ],
    });
  }
  const chosen = (rows: readonly number[]): GalleryEntry[] =>
    rows.flatMap((row) => entries.get(row) ?? []);
  return { leastLikely: chosen(least.slice(0, read)), mostLikely: chosen(most) };
}

/** One scale for all heat maps, so that they can be compared. */
function heatScale(contributions: Float32Array): { low: number; high: number } {
  const sorted = Float64Array.from(contributions).sort();
  const [low, high] = heatQuantiles.map((share) => quantileOf(sorted, share));
  return { low: low!, high: high! };
}

/** The gallery with its pictures encoded, for the page. */
export async function galleryOfReport(
  { leastLikely, mostLikely }: Gallery,
  settings: ImageSettings,
): Promise<ReportGallery> {
  const encoded = (entries: readonly GalleryEntry[]): Promise<GalleryImage[]> =>
    Promise.all(
      entries.map(async ({ panels, ...facts }) => ({
        ...facts,
        png: await toPng(imageGrid(panels, { columns: 3, padding: galleryPadding, background: 1 })),
      })),
    );
  return {
    leastLikely: await encoded(leastLikely),
    mostLikely: await encoded(mostLikely),
    width: 3 * (settings.width + galleryPadding) + galleryPadding,
    height: settings.height + 2 * galleryPadding,
  };
}
