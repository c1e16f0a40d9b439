/** Interleaved red, green, blue and opacity, 8 bits each. */
export interface RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Width and height that the header states, before anything is decoded. */
export function readBmpSize(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
} {
  if (bytes.length < 26) throw new Error('the file ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // The header of OS/2 has 16 bits for each; in all others a negative height means top to bottom.
  return view.getUint32(14, true) === 12
    ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
    : { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/**
 * Decodes a Windows bitmap with libnsbmp, compiled to WebAssembly: libvips as shipped with sharp has
 * no reader for it.
 */
export async function decodeBmp(bytes: Uint8Array): Promise<RawImage> {
  const { decode } = await import('@cwasm/nsbmp');
  const { data, width, height } = decode(bytes);
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height };
}
