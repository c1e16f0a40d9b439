import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { graphError } from '../graph-error.ts';
import type { UnlikelyError } from '../error.ts';

/** Where something stands in a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The outermost fields of an ONNX model: where its metadata stand, without a look into its graph. It is
 * known from some hundred bytes, however large the file is.
 */
export interface ModelEnvelope {
  /** Of each value, by its key. */
  readonly metadata: ReadonlyMap<string, ByteRange>;
}

/** Field numbers of onnx.proto. */
const graphField = 7;
const metadataField = 14;
const keyField = 1;
const valueField = 2;

const mostFields = 64;
const longestKey = 128;
/** Bytes of a tag and of a number. */
const longestHead = 20;

/** Asks for bytes by their place and goes on with them. */
type Steps<Result> = Generator<ByteRange, Result, Uint8Array>;

interface FieldHead {
  readonly number: number;
  readonly wireType: WireType;
  /** Its contents; empty for a number. */
  readonly contents: ByteRange;
}

function* fieldAt(start: number, end: number): Steps<FieldHead> {
  const bytes = yield { start, end: Math.min(end, start + longestHead) };
  const reader = new BinaryReader(bytes);
  const [number, wireType] = reader.tag();
  if (wireType === WireType.Varint) {
    reader.uint64();
    const next = start + reader.pos;
    return { number, wireType, contents: { start: next, end: next } };
  }
  if (wireType !== WireType.LengthDelimited)
    throw new RangeError('a field has a foreign wire type');
  const size = reader.uint32();
  const first = start + reader.pos;
  if (first + size > end) throw new RangeError('it was cut short');
  return { number, wireType, contents: { start: first, end: first + size } };
}

function* fieldsOf({ start, end }: ByteRange): Steps<FieldHead[]> {
  const fields: FieldHead[] = [];
  for (let place = start; place < end; place = fields.at(-1)!.contents.end) {
    if (fields.length === mostFields) throw new RangeError(`more than ${mostFields} fields`);
    fields.push(yield* fieldAt(place, end));
  }
  return fields;
}

function* envelopeOf(size: number): Steps<ModelEnvelope> {
  const fields = yield* fieldsOf({ start: 0, end: size });
  const contents = (number: number): ByteRange[] =>
    fields
      .filter((field) => field.number === number && field.wireType === WireType.LengthDelimited)
      .map((field) => field.contents);
  const metadata = new Map<string, ByteRange>();
  for (const property of contents(metadataField)) {
    const parts = yield* fieldsOf(property);
    const key = parts.find(({ number }) => number === keyField)?.contents;
    const value = parts.find(({ number }) => number === valueField)?.contents;
    if (key === undefined || value === undefined || parts.length !== 2) {
      throw new RangeError('its metadata are no pairs of key and value');
    }
    if (key.end - key.start > longestKey) continue;
    const name = String.fromCharCode(...(yield key));
    if (metadata.has(name)) throw new RangeError(`its metadata hold ${JSON.stringify(name)} twice`);
    metadata.set(name, value);
  }
  if (contents(graphField).length !== 1) throw new RangeError('it has no graph');
  return { metadata };
}

function corrupt(cause: unknown): UnlikelyError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return graphError('onnx/corrupt', `expected an ONNX model, got other bytes: ${reason}`, {
    help: 'The file is damaged, was cut short or comes from another program; copy it again from its source.',
    cause,
  });
}

/** @throws UnlikelyError `onnx/corrupt` where the bytes are no model. */
export function readEnvelope(bytes: Uint8Array): ModelEnvelope {
  try {
    const steps = envelopeOf(bytes.length);
    let step = steps.next();
    while (step.done !== true) step = steps.next(bytes.subarray(step.value.start, step.value.end));
    return step.value;
  } catch (cause) {
    throw corrupt(cause);
  }
}

/**
 * The same of a file of which only what is needed is read.
 *
 * @param read Some of its bytes; its own errors are passed on.
 * @throws UnlikelyError `onnx/corrupt` where they are no model.
 */
export async function readEnvelopeOf(
  size: number,
  read: (range: ByteRange) => Promise<Uint8Array>,
): Promise<ModelEnvelope> {
  const steps = envelopeOf(size);
  const go = (bytes: Uint8Array): IteratorResult<ByteRange, ModelEnvelope> => {
    try {
      return steps.next(bytes);
    } catch (cause) {
      throw corrupt(cause);
    }
  };
  let step = go(new Uint8Array(0));
  while (step.done !== true) step = go(await read(step.value));
  return step.value;
}
