import { imageWords } from '@unlikely/detect';
import type { Face } from '../face.ts';
import { openImageModel } from './open.ts';
import { trainOnImages } from './train.ts';

/** Images: files of a folder, or a column of a Parquet file. */
export const imageFace: Face = {
  kind: 'image',
  words: imageWords,
  input: 'images',
  inputHelp:
    'Give a folder of images, a glob, or Parquet with a column of image bytes, or a model that was trained on what it is.',
  explainedBy: 'unlikely report shows heat maps, and with --gallery DIR writes them as files.',
  pictures: ['latent', 'loss', 'histogram'],
  pictureHelp:
    'A way between images is pictures and no curves: unlikely interpolate MODEL INPUT --between 0,17 -o way.png',
  checks: {},
  train: trainOnImages,
  open: openImageModel,
};
