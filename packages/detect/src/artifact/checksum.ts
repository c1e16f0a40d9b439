import { writeModel } from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';

const checksumKey = 'unlikely.checksum';
/** What stands in the place of the checksum while it is computed. */
const blank = '0'.repeat(64);

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Writes a model with the checksum of all its bytes, the checksum itself taken as zeros. */
export async function writeSealedModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const checksum = await sha256(writeModel(graph, { ...metadata, [checksumKey]: blank }));
  return writeModel(graph, { ...metadata, [checksumKey]: checksum });
}

/** Whether the bytes have the checksum that they state, wherever in the file it stands. */
export async function isSealed(
  bytes: Uint8Array,
  metadata: Readonly<Record<string, string>>,
): Promise<boolean> {
  const stated = metadata[checksumKey];
  if (stated?.length !== blank.length) return false;
  // `slice` of a Buffer would share memory.
  const blanked = new Uint8Array(bytes);
  const place = indexOf(blanked, new TextEncoder().encode(stated));
  if (place === -1) return false;
  blanked.set(new TextEncoder().encode(blank), place);
  return stated === (await sha256(blanked));
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const last = bytes.length - wanted.length;
  for (let start = bytes.indexOf(wanted[0]!); start !== -1 && start <= last;) {
    if (wanted.every((byte, index) => bytes[start + index] === byte)) return start;
    start = bytes.indexOf(wanted[0]!, start + 1);
  }
  return -1;
}
