import { RandomStream } from '@unlikely/graph';
import { decodeImage } from '../../packages/data/src/image/decode-image.ts';
import { bitmap, encode, picture } from '../../packages/data/test/image/made-images.ts';
import { damaged, pick } from './damage.ts';
import type { Target } from './target.ts';

/**
 * Damaged and grown images of every format. The law: there are as many pixels as the settings have, or a
 * reason in words; and it ends soon.
 */
export const imageTarget: Target = { name: 'image-file', once };

const mostSeconds = 30;
const settings = {
  width: 28,
  height: 28,
  channels: 1,
  background: 0,
  fit: 'contain',
  bits: 8,
  maximum: 255,
  reasons: { size: '', channels: '', range: '' },
} as const;

let images: Promise<Uint8Array[]> | undefined;

async function once(seed: number): Promise<void> {
  images ??= basesOf();
  const stream = new RandomStream(seed, 'image-file');
  const bytes = damaged(pick(stream, await images), stream, pieces);
  const channels = pick(stream, [1, 3] as const);
  const started = performance.now();
  const stored = { size: async () => bytes.length, load: async () => bytes };
  const result = await decodeImage(stored, { ...settings, channels }, 64_000_000);
  if ('reason' in result) {
    const isWords = /^[ -~×é·…]+$/.test(result.reason);
    if (!isWords) throw new Error(`seed ${seed}: ${JSON.stringify(result.reason)}`);
  } else if (result.pixels.length !== 28 * 28 * channels) {
    throw new Error(`seed ${seed}: ${result.pixels.length} pixels`);
  }
  const seconds = (performance.now() - started) / 1000;
  if (seconds > mostSeconds) throw new Error(`seed ${seed}: ${seconds.toFixed(1)} s`);
}

async function basesOf(): Promise<Uint8Array[]> {
  const [width, height] = [40, 30];
  const one = (): ReturnType<typeof encode> =>
    encode(picture(width, height, 3, 1), width, height, 3);
  const made = [
    one().png(),
    one().jpeg(),
    one().webp(),
    one().tiff(),
    one().png({ palette: true }),
  ];
  const encoded = await Promise.all(made.map((image) => image.toBuffer()));
  return [...encoded, bitmap(picture(width, height, 3, 2), width, height)];
}

const pieces: readonly Uint8Array[] = [
  Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  Uint8Array.of(0xff, 0xd8, 0xff, 0xe0),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x7f, 0xff, 0xff, 0xff),
  Uint8Array.of(0, 0, 0, 0),
  Uint8Array.of(0x49, 0x49, 0x2a, 0),
  Buffer.from('BM'),
  Buffer.from('RIFF'),
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>'),
  Buffer.from('GIF89a'),
  Buffer.alloc(100_000),
];
