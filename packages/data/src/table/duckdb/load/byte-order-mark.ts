const mark = Buffer.from('\ufeff');

/** The bytes after the byte order mark of UTF-8, where there is one. */
export async function* withoutMark(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const part of parts) {
    yield isFirst && hasMark(part) ? part.subarray(mark.length) : part;
    isFirst = false;
  }
}

export function hasMark(bytes: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** Whether the first bytes of a file are those of UTF-16: by its mark, or by every other byte. */
export function looksLikeUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const start = bytes.subarray(0, 1000);
  return start.length > 8 && start.filter((byte) => byte === 0).length > 0.3 * start.length;
}
