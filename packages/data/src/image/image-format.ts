/** The formats that images are read from. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'bmp';

/** The formats as people write them. */
export const formatNames: Readonly<Record<ImageFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  tiff: 'TIFF',
  bmp: 'BMP',
};

const extensions: Readonly<Record<string, ImageFormat>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  tif: 'tiff',
  tiff: 'tiff',
  bmp: 'bmp',
};

/** Whether a file calls itself an image of a known format. */
export function hasImageName(path: string): boolean {
  return Object.hasOwn(extensions, extensionOf(path));
}

/** The letters behind the last dot, in lower case. */
export function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** How files of each format start, as Latin-1 text. */
const signatures: Readonly<Record<ImageFormat, (start: string) => boolean>> = {
  png: (start) => start.startsWith('\u0089PNG\r\n\u001a\n'),
  jpeg: (start) => start.startsWith('\u00ff\u00d8\u00ff'),
  webp: (start) => start.startsWith('RIFF') && start.startsWith('WEBP', 8),
  // A plus in place of the star is BigTIFF.
  tiff: (start) => ['II*\0', 'II+\0', 'MM\0*', 'MM\0+'].some((mark) => start.startsWith(mark)),
  bmp: (start) => start.startsWith('BM'),
};

/** The format that the first bytes tell, whatever the file is called. */
export function formatOfBytes(bytes: Uint8Array): ImageFormat | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const formats = Object.keys(signatures) as ImageFormat[];
  return formats.find((format) => signatures[format](start));
}
