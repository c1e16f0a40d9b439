import { dataError } from '../data-error.ts';
import type { ImageLevels } from './write-image.ts';

/** Which contributions the ends of the colours stand for. */
export interface HeatMapOptions {
  /** Contribution at and below which the image shows as it is. */
  readonly low: number;
  /** Contribution at and above which the colour is brightest. */
  readonly high: number;
}

/** The ends of the ramp in OKLCH: lightness, chroma, and hue in degrees. */
const darkEnd = [0.38, 0.17, 300] as const;
const brightEnd = [0.93, 0.19, 460] as const;
const steps = 256;
/** The image stays visible under the strongest colour. */
const largestOpacity = 0.85;

/**
 * The image in grey under the colours of what each pixel contributes, `[height, width]`: purple, red,
 * orange, yellow. Lightness and opacity rise evenly with the contribution, so the order of
 * colours is the order of values, in print and for every kind of colour vision.
 */
export function heatMap(
  image: ImageLevels,
  contributions: Float32Array,
  { low, high }: HeatMapOptions,
): ImageLevels {
  const { width, height } = image;
  const area = width * height;
  if (contributions.length !== area) {
    throw dataError(
      'data/wrong-option',
      `expected ${width} × ${height} contributions, but got ${contributions.length}`,
      { help: 'Give one contribution for each pixel of the image.' },
    );
  }
  const data = new Float32Array(3 * area);
  for (let place = 0; place < area; place++) {
    const grey = luminance(image, place, area);
    const share = high > low ? (contributions[place]! - low) / (high - low) : 0;
    const heat = Math.min(1, Math.max(0, share));
    const step = Math.round(heat * (steps - 1));
    // Contributions fade in: a weak one tints, a strong one covers.
    const opacity = largestOpacity * Math.sqrt(heat);
    for (let channel = 0; channel < 3; channel++) {
      const colour = ramp[step * 3 + channel]!;
      data[channel * area + place] = grey + (colour - grey) * opacity;
    }
  }
  return { data, width, height, channels: 3 };
}

/** Weights of red, green and blue by ITU-R BT.709. */
function luminance({ data, channels }: ImageLevels, place: number, area: number): number {
  if (channels === 1) return data[place]!;
  return 0.2126 * data[place]! + 0.7152 * data[area + place]! + 0.0722 * data[2 * area + place]!;
}

/** `[steps, 3]`: the colours of the ramp, in [0, 1]. */
const ramp: Float32Array = makeRamp();

function makeRamp(): Float32Array {
  const colours = new Float32Array(steps * 3);
  for (let step = 0; step < steps; step++) {
    const share = step / (steps - 1);
    const [lightness, chroma, hue] = darkEnd.map(
      (start, index) => start + (brightEnd[index]! - start) * share,
    );
    colours.set(oklch(lightness!, chroma!, hue!), step * 3);
  }
  return colours;
}

/** sRGB of a colour in OKLCH (Ottosson 2020, "A perceptual color space for image processing"). */
function oklch(lightness: number, chroma: number, hue: number): [number, number, number] {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** The transfer curve of sRGB (IEC 61966-2-1), cut to [0, 1]. */
function gamma(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}
