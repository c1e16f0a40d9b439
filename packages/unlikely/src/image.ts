/** `unlikely/image`: anomalies in images. The whole of `unlikely` has the same names. */
export { ImageDetector } from './library/image-detector.ts';
export type { ImageDetectorReportOptions } from './library/image-detector.ts';
export { heatMap, imageGrid } from '@unlikely/data/pictures';
export { openImages, writePng } from './library/files.ts';
export type {
  ImageCodes,
  ImageInput,
  MadeImages,
  ReadImagesOptions,
} from './library/image-input.ts';
export type { ImagePrediction, PredictOptions } from './library/prediction.ts';
export { nodePlatform } from './platform.ts';
export type { NodePlatformOptions } from './platform.ts';
