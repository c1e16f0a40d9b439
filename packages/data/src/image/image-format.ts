/** The formats that images are read from. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'bmp';

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

const signatures: readonly (readonly [ImageFormat, RegExp])[] = [
  ['png', /^\u0089PNG\r\n\u001a\n/],
  ['jpeg', /^\u00ff\u00d8\u00ff/],
  ['webp', /^RIFF[^]{4}WEBP/],
  ['tiff', /^(II[*+]\0|MM\0[*+])/],
  ['bmp', /^BM/],
];

/** The format that the first bytes tell, whatever the file is called. */
export function formatOfBytes(bytes: Uint8Array): ImageFormat | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length));
  const text = start.toString('latin1');
  return signatures.find(([, pattern]) => pattern.test(text))?.[0];
}
