import { writePng } from '@unlikely/data';
import type { RandomStream } from '@unlikely/graph';

const size = 28;

/** A bar that leans to the right by `slant` pixels a pixel down, somewhere across, with some noise. */
export async function drawBar(path: string, slant: number, stream: RandomStream): Promise<void> {
  const shift = 3 * stream.normal();
  await draw(path, (x, y) => Math.abs(x + slant * y - shift), stream);
}

/** A ring in the middle, with some noise. */
export async function drawRing(path: string, stream: RandomStream): Promise<void> {
  await draw(path, (x, y) => Math.abs(Math.hypot(x, y) - 8), stream);
}

/** White where the distance is small, black from three pixels on. */
async function draw(
  path: string,
  distance: (x: number, y: number) => number,
  stream: RandomStream,
): Promise<void> {
  const data = Float32Array.from({ length: size * size }, (_, place) => {
    const far = distance((place % size) - 14, Math.floor(place / size) - 14);
    return Math.min(1, Math.max(0, 1 - far / 3 + 0.05 * stream.normal()));
  });
  await writePng(path, { data, width: size, height: size, channels: 1 });
}

/** Waves of random direction and phase; odd ones have a white square on them. */
export async function drawWaves(
  path: string,
  { channels, size: side, odd = false }: { channels: 1 | 3; size: number; odd?: boolean },
  stream: RandomStream,
): Promise<void> {
  const [down, across, phase] = [stream.uniform(), stream.uniform(), 6 * stream.uniform()];
  const data = Float32Array.from({ length: channels * side * side }, (_, place) => {
    const [x, y] = [place % side, Math.floor(place / side) % side];
    const channel = Math.floor(place / (side * side));
    if (odd && x > 3 && x < 9 && y > 3 && y < 9) return 1;
    const wave = 0.5 + 0.35 * Math.sin(0.5 * (down * y + across * x) + phase + channel);
    return Math.min(1, Math.max(0, wave + 0.03 * stream.normal()));
  });
  await writePng(path, { data, width: side, height: side, channels });
}
