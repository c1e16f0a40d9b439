import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openImages } from '@unlikely/data';

const folder = fileURLToPath(new URL('../../../../../shared/data/images/', import.meta.url));

/**
 * Sum and first 16 digits of the SHA-256 of the pixels, made with Pillow 9.4:
 * `b = Image.open(png).tobytes(); sum(b), sha256(b).hexdigest()[:16]` of the bytes in each row.
 */
const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
const golden = [
  {
    file: 'mnist_test',
    side: 28,
    labels: digits,
    images: [
      [0, 37_014, 'd469b96b1201daeb'],
      [1234, 12_868, '88d0ae3b37b539bf'],
      [9999, 29_838, '58a45b21992fb0b7'],
    ],
  },
  {
    file: 'fashion_mnist_test',
    side: 28,
    labels: digits,
    images: [[7, 33_295, '899957f99d54f3b4']],
  },
  {
    file: 'chest_xray_64_test',
    side: 64,
    labels: ['bacteria', 'normal', 'virus'],
    images: [
      [0, 536_754, '668fe314f25ad114'],
      [300, 446_765, 'f903458289474f29'],
      [623, 514_463, '268e23b7d725d050'],
    ],
  },
] satisfies {
  file: string;
  side: number;
  labels: string[];
  images: [number, number, string][];
}[];

describe.skipIf(!existsSync(folder))('real images (skipped where ../shared/data is absent)', () => {
  it.each(golden)(
    'has the pixels that Pillow has: $file',
    async ({ file, side, labels, images }) => {
      await using source = await openImages(`${folder}${file}.parquet`);
      expect(source.labels?.map(({ value }) => value)).toEqual(labels);
      const settings = await source.inferSettings({ seed: 1 });
      expect(settings).toMatchObject({ width: side, height: side, channels: 1, bits: 8 });
      const batch = await source.rows(
        settings,
        images.map(([row]) => row),
      );
      const area = side * side;
      const found = images.map(([row], index) => {
        const levels = batch.data.subarray(index * area, (index + 1) * area);
        const bytes = Uint8Array.from(levels, (level) => Math.round(level * 255));
        const sum = bytes.reduce((total, value) => total + value, 0);
        return [row, sum, createHash('sha256').update(bytes).digest('hex').slice(0, 16)];
      });
      expect(found).toEqual(images);
      expect(batch.failures).toEqual([]);
    },
  );
});
