import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Pixels of the picture for each pixel of the drawing: sharp on dense screens. */
const scale = 2;

const { resolve } = createRequire(import.meta.url);
let engine: Promise<readonly Uint8Array[]> | undefined;

/**
 * An SVG document as PNG, by resvg in WebAssembly with a font that comes along: the same bytes on
 * every machine, whichever fonts it has.
 */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  engine ??= load();
  const fontBuffers = await engine;
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: [...fontBuffers], defaultFontFamily: 'Inter' },
  });
  try {
    return picture.render().asPng();
  } finally {
    picture.free();
  }
}

async function load(): Promise<readonly Uint8Array[]> {
  await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const files = ['latin-400', 'latin-600', 'latin-ext-400', 'greek-400'];
  return Promise.all(
    files.map((name) => readFile(resolve(`@fontsource/inter/files/inter-${name}-normal.woff2`))),
  );
}
