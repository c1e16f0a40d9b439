/**
 * The page of a scored table or folder of images, and pictures of a model: HTML and SVG from data alone.
 * Nothing here knows of files or of Node; the same data gives the same bytes.
 */
export { renderReport } from './render-report.ts';
export type {
  CurvePoint,
  GalleryImage,
  LatentPoint,
  ReportAnomaly,
  ReportConfusion,
  ReportData,
  ReportEvaluation,
  ReportFeature,
  ReportGallery,
  ReportModel,
  ScoredSummary,
} from './report-data.ts';
export { pictureSvg } from './picture.ts';
export type { Picture } from './picture.ts';
export { classHistograms } from './class-histogram.ts';
export { classMap } from './class-map.ts';
export { latentFigure } from './latent-map.ts';
export { pathFigures } from './path-figures.ts';
export { trainingFigures, unitFigure } from './training-figures.ts';
export { quantileOf } from './quantile.ts';
