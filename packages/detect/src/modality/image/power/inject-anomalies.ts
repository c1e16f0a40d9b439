import { fillNormal, RandomStream } from '@unlikely/graph';
import { pixelsOf } from '../images.ts';
import type { Images, ImageShape } from '../images.ts';

/**
 * Anomalies that are made of normal images, to see which score finds them: no label is needed for it.
 * Each kind is one that defects, wrong objects or a faulty camera have.
 */
export const injectionKinds = [
  'patch-swap',
  'patch-mix',
  'blur',
  'shift',
  'rotation',
  'elastic',
  'inversion',
  'cut-out',
  'noise',
] as const;

export type InjectionKind = (typeof injectionKinds)[number];

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

interface Injection {
  readonly image: Float32Array;
  /** Another normal image. */
  readonly other: Float32Array;
  readonly shape: ImageShape;
  readonly stream: RandomStream;
}

/** A rectangle of a quarter to a half of each side. */
function rectangle({ height, width }: ImageShape, stream: RandomStream): Rectangle {
  const part = (side: number): number => Math.round(side * (0.25 + 0.25 * stream.uniform()));
  const [tall, wide] = [part(height), part(width)];
  return {
    top: stream.integer(height - tall + 1),
    left: stream.integer(width - wide + 1),
    height: tall,
    width: wide,
  };
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/** Sets pixels inside of a rectangle. */
function inside(
  { image, shape }: Injection,
  { top, left, height, width }: Rectangle,
  value: (channel: number, row: number, column: number, before: number) => number,
): Float32Array {
  const out = image.slice();
  for (let channel = 0; channel < shape.channels; channel++) {
    for (let row = top; row < top + height; row++) {
      for (let column = left; column < left + width; column++) {
        const at = (channel * shape.height + row) * shape.width + column;
        out[at] = clamp(value(channel, row, column, image[at]!), 1);
      }
    }
  }
  return out;
}

/** Moves every pixel: `from` says where its value comes from; between pixels it is interpolated. */
function warped(
  { image, shape }: Injection,
  from: (row: number, column: number) => readonly [row: number, column: number],
): Float32Array {
  const { channels, height, width } = shape;
  const out = new Float32Array(image.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, x] = from(row, column);
      const [down, across] = [clamp(y, height - 1), clamp(x, width - 1)];
      const [top, left] = [Math.floor(down), Math.floor(across)];
      const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
      const [v, u] = [down - top, across - left];
      for (let channel = 0; channel < channels; channel++) {
        const pixel = (r: number, c: number): number => image[(channel * height + r) * width + c]!;
        out[(channel * height + row) * width + column] =
          (1 - v) * ((1 - u) * pixel(top, left) + u * pixel(top, right)) +
          v * ((1 - u) * pixel(bottom, left) + u * pixel(bottom, right));
      }
    }
  }
  return out;
}

const sign = (stream: RandomStream): number => (stream.uniform() < 0.5 ? -1 : 1);

const injections: { readonly [K in InjectionKind]: (input: Injection) => Float32Array } = {
  /** A piece of another image from another place. */
  'patch-swap': (input) => {
    const { other, shape, stream } = input;
    const target = rectangle(shape, stream);
    const top = stream.integer(shape.height - target.height + 1);
    const left = stream.integer(shape.width - target.width + 1);
    return inside(input, target, (channel, row, column) => {
      const [y, x] = [row - target.top + top, column - target.left + left];
      return other[(channel * shape.height + y) * shape.width + x]!;
    });
  },
  /** One half of another image, at its own place. */
  'patch-mix': (input) => {
    const { other, shape, stream } = input;
    const { height, width } = shape;
    const [tall, wide] = [Math.round(height / 2), Math.round(width / 2)];
    const halves: readonly Rectangle[] = [
      { top: 0, left: 0, height: tall, width },
      { top: height - tall, left: 0, height: tall, width },
      { top: 0, left: 0, height, width: wide },
      { top: 0, left: width - wide, height, width: wide },
    ];
    return inside(
      input,
      halves[stream.integer(4)]!,
      (channel, row, column) => other[(channel * height + row) * width + column]!,
    );
  },
  /** A mean over a twelfth of the side. */
  blur: (input) => {
    const { image, shape } = input;
    const { height, width } = shape;
    const reach = Math.max(1, Math.round(Math.max(height, width) / 24));
    const whole = { top: 0, left: 0, height, width };
    return inside(input, whole, (channel, row, column) => {
      let [sum, count] = [0, 0];
      for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
        for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
          sum += image[(channel * height + y) * width + x]!;
          count++;
        }
      }
      return sum / count;
    });
  },
  /** By a tenth to a fifth of the side. */
  shift: (input) => {
    const { shape, stream } = input;
    const by = (side: number): number => sign(stream) * side * (0.1 + 0.1 * stream.uniform());
    const [down, across] = [by(shape.height), by(shape.width)];
    return warped(input, (row, column) => [row - down, column - across]);
  },
  /** By 30 to 90 degrees either way. */
  rotation: (input) => {
    const { shape, stream } = input;
    const angle = sign(stream) * (Math.PI / 6 + (Math.PI / 3) * stream.uniform());
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [middle, centre] = [(shape.height - 1) / 2, (shape.width - 1) / 2];
    return warped(input, (row, column) => {
      const [y, x] = [row - middle, column - centre];
      return [middle + cos * y - sin * x, centre + sin * y + cos * x];
    });
  },
  /** Waves of a twelfth of the side. */
  elastic: (input) => {
    const { shape, stream } = input;
    const reach = Math.max(shape.height, shape.width) / 12;
    const [first, second] = [2 * Math.PI * stream.uniform(), 2 * Math.PI * stream.uniform()];
    const wave = (4 * Math.PI) / Math.max(shape.height, shape.width);
    return warped(input, (row, column) => [
      row + reach * Math.sin(wave * column + first),
      column + reach * Math.sin(wave * row + second),
    ]);
  },
  /** Light for dark in one place. */
  inversion: (input) =>
    inside(input, rectangle(input.shape, input.stream), (_, __, ___, before) => 1 - before),
  /** One place has the mean of the image. */
  'cut-out': (input) => {
    const { image, shape, stream } = input;
    const size = shape.height * shape.width;
    const means = Array.from({ length: shape.channels }, (_, channel) => {
      const own = image.subarray(channel * size, (channel + 1) * size);
      return own.reduce((sum, value) => sum + value, 0) / size;
    });
    return inside(input, rectangle(shape, stream), (channel) => means[channel]!);
  },
  /** Of a tenth of the range. */
  noise: ({ image, stream }) => {
    const noise = new Float32Array(image.length);
    fillNormal(noise, stream.split('noise'), 0);
    return image.map((value, at) => clamp(value + 0.1 * noise[at]!, 1));
  },
};

/** Every image with an anomaly of this kind; the other image is the next one. */
export function injectAnomalies(
  images: Images,
  shape: ImageShape,
  kind: InjectionKind,
  seed: number,
): Images {
  const size = pixelsOf(shape);
  const data = new Float32Array(images.rows * size);
  const at = (row: number): Float32Array => images.data.subarray(row * size, (row + 1) * size);
  for (let row = 0; row < images.rows; row++) {
    const stream = new RandomStream(seed, 'inject', kind, row);
    const other = at((row + 1) % images.rows);
    data.set(injections[kind]({ image: at(row), other, shape, stream }), row * size);
  }
  return { data, rows: images.rows };
}
