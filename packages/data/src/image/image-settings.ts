/** How images of another shape are made to fit. */
export type ImageFit = 'stretch' | 'contain' | 'cover';

/**
 * How images become pixels of one shape. Plain JSON: it is kept in the manifest of a model, so that
 * images are scored as they were trained on.
 */
export interface ImageSettings {
  /** Pixels across, from 28 to 256 and a multiple of 4. */
  readonly width: number;
  /** Pixels down, from 28 to 256 and a multiple of 4. */
  readonly height: number;
  /** 1: grey, 3: red, green, blue. Images of the other sort are converted. */
  readonly channels: 1 | 3;
  /** `stretch` changes proportions, `contain` pads with the background, `cover` cuts the edges off. */
  readonly fit: ImageFit;
  /** Level in [0, 1] that shows behind transparent parts, and beside the image with `contain`. */
  readonly background: number;
  /** Bits of a stored pixel. */
  readonly bits: 8 | 16;
  /** The stored pixel that becomes 1: 255 for 8 bits, 2^k − 1 for 16; brighter ones become 1, too. */
  readonly maximum: number;
  /** Why the settings are what they are, for people. */
  readonly reasons: {
    readonly size: string;
    readonly channels: string;
    readonly range: string;
  };
}

/** What of the settings is chosen, in place of what is inferred. */
export interface ImageSettingsOptions {
  /** Chooses the images that are looked at. */
  readonly seed: number;
  /** Longer side in pixels. Default: by the resolution of the images, at most 128. */
  readonly size?: number;
  /** Default: 1 when all images looked at are grey, 3 otherwise. */
  readonly channels?: 1 | 3;
  /** Default: `stretch`, which loses nothing of the image. */
  readonly fit?: ImageFit;
  /** Default: 1, white. */
  readonly background?: number;
}

/** The sides that rules choose from: each can be halved twice, and most of them down to 4 or 7. */
export const imageSides: readonly number[] = [28, 32, 48, 64, 96, 128, 192, 256];

/** The longest side that is chosen without being asked for. */
export const largestDefaultSide = 128;

/** Numbers of a stored image: rows × columns × channels. */
export function pixelCount({ width, height, channels }: ImageSettings): number {
  return width * height * channels;
}
