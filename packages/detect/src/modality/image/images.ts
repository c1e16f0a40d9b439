import { detectError } from '../../detect-error.ts';

/** Images of one shape; a batch of an image source is one. */
export interface Images {
  /** [rows, channels, height, width] in [0, 1]. */
  readonly data: Float32Array;
  /** How many images there are. */
  readonly rows: number;
}

/** The shape of every image of a model. */
export interface ImageShape {
  readonly channels: 1 | 3;
  /** Multiples of 4. */
  readonly height: number;
  readonly width: number;
}

export function pixelsOf({ channels, height, width }: ImageShape): number {
  return channels * height * width;
}

/** @throws UnlikelyError `detect/input` where the numbers are not `rows` images of this shape in [0, 1]. */
export function checkImages({ data, rows }: Images, shape: ImageShape): void {
  const { channels, height, width } = shape;
  const size = pixelsOf(shape);
  if (data.length !== rows * size) {
    throw detectError(
      'detect/input',
      `expected ${rows} images of ${channels} × ${height} × ${width} pixels, got ${data.length} numbers`,
      { help: 'Read the images with the settings of the model, `detector.manifest.schema`.' },
    );
  }
  const outside = data.find((value) => !(value >= 0 && value <= 1));
  if (outside === undefined) return;
  throw detectError('detect/input', `expected pixels from 0 to 1, got ${outside}`, {
    help: 'Divide the stored values by the largest one.',
  });
}
