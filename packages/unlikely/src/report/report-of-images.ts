import type { ImageSource } from '@unlikely/data';
import { imageWords } from '@unlikely/detect';
import type { Evaluation, ImageDetector } from '@unlikely/detect';
import type { LatentPoint, ReportData } from '@unlikely/report';
import { mainPlane } from './main-plane.ts';
import { evaluationPart } from './report-of.ts';
import { galleryOfReport, makeGallery } from './gallery.ts';
import type { Gallery } from './gallery.ts';

export interface ImageReportSource {
  /** What the images are called on the page. */
  readonly source: string;
  readonly evaluation?: Evaluation;
  /** Labels of normal images, where they are known. */
  readonly normal?: readonly string[];
  /** Default 0.01; an evaluation has its own. */
  readonly falsePositiveRate?: number;
  readonly signal?: AbortSignal;
  /** Told how many images have been scored. */
  readonly onProgress?: (done: number) => void;
}

const mapPoints = 3000;

/** Scores images into everything that a report shows, and the gallery with its panels. */
export async function reportOfImages(
  detector: ImageDetector,
  images: ImageSource,
  { source, evaluation, normal, falsePositiveRate = 0.01, signal, onProgress }: ImageReportSource,
): Promise<{ readonly data: ReportData; readonly gallery: Gallery }> {
  const { manifest } = detector;
  const { latentSize } = manifest.configuration;
  const scores = new Float64Array(images.count).fill(NaN);
  const labels: (string | null | undefined)[] = [];
  const stride = Math.max(1, Math.ceil(images.count / mapPoints));
  const codes: { row: number; code: Float32Array }[] = [];
  let done = 0;
  // Codes for the map alone: a full set of details would hold a heat map of every image.
  for await (const batch of detector.score(images, signal === undefined ? {} : { signal })) {
    onProgress?.((done += batch.rows + batch.failures.length));
    const places: number[] = [];
    batch.rowNumbers.forEach((row, index) => {
      scores[row] = batch.score[index]!;
      labels[row] = batch.labels?.[index];
      if (row % stride === 0) places.push(index);
    });
    const length = batch.data.length / Math.max(1, batch.rows);
    const some = new Float32Array(places.length * length);
    places.forEach((place, index) => {
      some.set(batch.data.subarray(place * length, (place + 1) * length), index * length);
    });
    if (places.length === 0) continue;
    const { data } = await detector.latent.encode({ data: some, rows: places.length });
    places.forEach((place, index) => {
      const code = data.slice(index * latentSize, (index + 1) * latentSize);
      codes.push({ row: batch.rowNumbers[place]!, code });
    });
  }
  const threshold =
    evaluation?.atThreshold.threshold ??
    (detector.calibrated ? detector.threshold(falsePositiveRate) : Infinity);
  const isAnomaly = (row: number): boolean | undefined => {
    const label = labels[row];
    return evaluation === undefined || typeof label !== 'string'
      ? undefined
      : normal?.includes(label) !== true;
  };
  const gallery = await makeGallery(detector, images, { scores, isAnomaly });
  const plane = mainPlane(codes.map(({ code }) => code));
  const places = [...scores.keys()].filter((row) => !Number.isNaN(scores[row]!));
  const read = Float64Array.from(places, (row) => scores[row]!);
  const classes = places.map((row) => labels[row] ?? null);
  const hasClasses = new Set(classes).size > 1;
  const { schema: settings, label, ...described } = manifest;
  const data: ReportData = {
    source,
    words: imageWords,
    model: {
      ...described,
      settings,
      health: {
        verdict: manifest.health.verdict,
        findings: manifest.health.findings,
        activeUnits: manifest.health.activeUnits,
      },
      ...(label === undefined ? {} : { label: { column: 'label', ...label } }),
      scoreReason: manifest.choice.reason,
    },
    scored: {
      rows: read.length,
      flagged: read.reduce((count, score) => count + Number(score > threshold), 0),
      threshold,
      falsePositiveRate: evaluation?.atThreshold.promisedRate ?? falsePositiveRate,
      scores: read,
      ...(hasClasses ? { classes } : {}),
      ...(evaluation === undefined
        ? {}
        : { anomalous: Uint8Array.from(places, (row) => Number(isAnomaly(row) === true)) }),
    },
    anomalies: [],
    gallery: await galleryOfReport(gallery, manifest.schema),
    latentMap: plane.map(([x, y], index): LatentPoint => {
      const { row } = codes[index]!;
      const known = isAnomaly(row);
      return {
        x,
        y,
        score: scores[row]!,
        ...(known === undefined ? {} : { isAnomaly: known }),
        ...(hasClasses ? { class: labels[row] ?? null } : {}),
      };
    }),
    ...evaluationPart(evaluation, imageWords),
  };
  return { data, gallery };
}
