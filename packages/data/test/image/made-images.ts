import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { RandomStream } from '@unlikely/graph';

/** A picture with a gradient and noise, interleaved, so that every pixel differs. */
export function picture(width: number, height: number, channels: 1 | 3, seed: number): Uint8Array {
  const stream = new RandomStream(seed, 'picture');
  return Uint8Array.from({ length: width * height * channels }, (_, place) =>
    Math.min(255, Math.floor((place * 160) / (width * height * channels)) + stream.integer(90)),
  );
}

export function encode(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
): Sharp {
  const deep = data instanceof Uint16Array;
  const space = channels < 3 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  return sharp(data, { raw: { width, height, channels } }).toColourspace(space);
}

/** Writes files below a folder and makes the folders on the way. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** A grey PNG of 32 × 32 pixels. */
export function greyPng(seed: number): Promise<Buffer> {
  return encode(picture(32, 32, 1, seed), 32, 32, 1)
    .png()
    .toBuffer();
}

/** A Windows bitmap of 24 bits, bottom to top, written by hand from its definition. */
export function bitmap(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = 54 + (height - 1 - y) * stride + x * 3;
      const from = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        file[to + channel] = rgb[from + 2 - channel]!;
      }
    }
  }
  return file;
}

/** The header and nothing else of a grey PNG that promises so many pixels. */
export function hugePng(width: number, height: number): Uint8Array {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(checksum(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(16)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** CRC-32 as PNG has it (ISO 3309). */
function checksum(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb8_8320 : remainder >>> 1;
    }
  }
  return (remainder ^ 0xffff_ffff) >>> 0;
}
