import { writeFileWhole } from '@unlikely/data';
import { pictureSvg } from '@unlikely/report';
import type { Picture } from '@unlikely/report';
import { commandError } from '../command-error.ts';

/** Formats of a picture, by the ending of its file. */
const encoders: Readonly<Record<string, (svg: string) => Promise<string | Uint8Array>>> = {
  '.svg': async (svg) => svg,
  '.png': async (svg) => (await import('./svg-to-png.ts')).svgToPng(svg),
};

/** Throws `report/unknown-format` for a file that ends neither with .svg nor with .png. */
export function checkPictureFile(path: string): void {
  if (encoderOf(path) !== undefined) return;
  throw commandError(
    'report/unknown-format',
    `expected a picture whose name ends with .svg or .png, got ${path}`,
    { help: 'SVG is sharp at any size, PNG goes everywhere.' },
  );
}

/** Writes a picture as its ending says, whole or not at all. Throws `data/not-writable`. */
export async function writePicture(path: string, picture: Picture): Promise<{ bytes: number }> {
  checkPictureFile(path);
  const content = await encoderOf(path)!(pictureSvg(picture));
  await writeFileWhole(path, content);
  return { bytes: Buffer.byteLength(content) };
}

function encoderOf(path: string): (typeof encoders)[string] | undefined {
  return encoders[/\.\w+$/.exec(path)?.[0].toLowerCase() ?? ''];
}
