import { writeModel } from '@unlikely/graph';
import type { Graph, ModelEnvelope } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';

const checksumKey = 'unlikely.checksum';
/** What stands in the place of the checksum while it is computed. */
const blank = '0'.repeat(64);

/** SHA-256 in hexadecimal. Throws `detect/platform` where a browser withholds it. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw detectError('detect/platform', 'expected a page with crypto.subtle, got one without', {
      help: 'Browsers have it in pages of https and of localhost alone: serve this one so.',
    });
  }
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of an array, in place. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Writes a model with the checksum of all its bytes, the checksum itself taken as zeros. */
export async function writeSealedModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const checksum = await sha256(writeModel(graph, { ...metadata, [checksumKey]: blank }));
  return writeModel(graph, { ...metadata, [checksumKey]: checksum });
}

/** Whether the bytes have the checksum that they state; it is looked for where the metadata have it. */
export async function isSealed(
  bytes: Uint8Array,
  metadata: ModelEnvelope['metadata'],
): Promise<boolean> {
  const place = metadata.get(checksumKey);
  if (place === undefined || place.end - place.start !== blank.length) return false;
  const stated = String.fromCharCode(...bytes.subarray(place.start, place.end));
  // `slice` of a Buffer would share memory.
  const blanked = new Uint8Array(bytes);
  blanked.set(new TextEncoder().encode(blank), place.start);
  return stated === (await sha256(blanked));
}
