import { writeModel } from '@unlikely/graph';
import type { Graph } from '@unlikely/graph';

const checksumKey = 'unlikely.checksum';

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The checksum is the last property of the file, 64 digits, over all bytes before it. */
const suffixBytes = checksumKey.length + 64 + 6;

/** Writes a model whose last metadata property is the checksum of everything before it. */
export async function writeSealedModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const checksum = await sha256(writeModel(graph, metadata));
  return writeModel(graph, { ...metadata, [checksumKey]: checksum });
}

/** Whether the bytes carry the checksum of what stands before it. */
export async function isSealed(
  bytes: Uint8Array,
  metadata: Readonly<Record<string, string>>,
): Promise<boolean> {
  const stated = metadata[checksumKey];
  if (stated === undefined || bytes.length < suffixBytes) return false;
  return stated === (await sha256(bytes.subarray(0, bytes.length - suffixBytes)));
}
