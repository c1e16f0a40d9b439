import type { ImageSource } from '@unlikely/data';
import type { Evaluation, ImageDetector } from '@unlikely/detect';
import type { ReportData } from '@unlikely/report';
import { promisableRate } from '../library/prediction.ts';
import type { Gallery } from './gallery.ts';
import { reportOfImages } from './report-of-images.ts';

/** What a report of images is about, beside the images. */
export interface ImageReportOptions {
  /** What the images are called on the page. */
  readonly source: string;
  /** Labels of normal images; default those of training that these images have. */
  readonly normal?: readonly string[];
  /** Counts images that trained the model in the figures, too. Default false. */
  readonly allRows?: boolean;
  /** Share of normal images that may be flagged. Default 0.01, or as little as the model can promise. */
  readonly falsePositiveRate?: number;
  /** Ends the call with `detect/aborted`, whose cause is the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Told how many images have been scored, from 0 in each pass. */
  readonly onProgress?: (done: number) => void;
}

/** What a page of images shows, measured against their labels where one of them is known to be normal. */
export async function measuredImageReport(
  detector: ImageDetector,
  images: ImageSource,
  { source, falsePositiveRate, allRows, signal, onProgress, ...options }: ImageReportOptions,
): Promise<{
  readonly data: ReportData;
  readonly gallery: Gallery;
  readonly evaluation: Evaluation | undefined;
}> {
  const normal = options.normal ?? knownNormal(images, detector);
  const rate = falsePositiveRate ?? promisableRate(detector);
  const common = {
    ...(rate === undefined ? {} : { falsePositiveRate: rate }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const evaluation =
    normal === undefined
      ? undefined
      : await detector.evaluate(images, {
          normal,
          ...common,
          ...(allRows === undefined ? {} : { allRows }),
        });
  const { data, gallery } = await reportOfImages(detector, images, {
    source,
    ...common,
    ...(evaluation === undefined ? {} : { evaluation }),
    ...(normal === undefined ? {} : { normal }),
  });
  return { data, gallery, evaluation };
}

/** The labels that training called normal, of those that the images have. */
export function knownNormal(
  { labels }: ImageSource,
  { manifest }: ImageDetector,
): readonly string[] | undefined {
  const seen = new Set((labels ?? []).map(({ value }) => value));
  const known = manifest.label?.normal.filter((value) => seen.has(value)) ?? [];
  return known.length === 0 ? undefined : known;
}
