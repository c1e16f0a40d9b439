import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * The part of the ONNX format (onnx.proto, IR version 8) that programs use, as a table of field
 * numbers, on the wire reader and writer of the protobuf library. Fields that are not listed are
 * skipped on reading, as protobuf prescribes.
 */
interface FieldRule {
  readonly number: number;
  readonly kind: 'int64' | 'float' | 'string' | 'bytes' | MessageName;
  /** How often it may stand in one message; once, the last, where absent. */
  readonly repeated?: number;
}

/**
 * What a message may have at most, however large the file: some ten times what the largest programs
 * have. A field takes two bytes of a file and a hundred of memory, so they are counted.
 */
const mostFields = 1_000_000;
const deepest = 32;

type MessageName = keyof Messages;

export interface OnnxAttribute {
  name?: string;
  f?: number;
  i?: number;
  s?: Uint8Array;
  g?: OnnxGraph;
  floats?: number[];
  ints?: number[];
  type?: number;
}
export interface OnnxNode {
  input?: string[];
  output?: string[];
  name?: string;
  opType?: string;
  attribute?: OnnxAttribute[];
  domain?: string;
}
export interface OnnxTensor {
  dims?: number[];
  dataType?: number;
  name?: string;
  rawData?: Uint8Array;
  dataLocation?: number;
}
export interface OnnxDimension {
  dimValue?: number;
  dimParam?: string;
}
export interface OnnxValueInfo {
  name?: string;
  type?: { tensorType?: { elemType?: number; shape?: { dim?: OnnxDimension[] } } };
}
export interface OnnxGraph {
  node?: OnnxNode[];
  name?: string;
  initializer?: OnnxTensor[];
  input?: OnnxValueInfo[];
  output?: OnnxValueInfo[];
}
export interface OnnxModel {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  graph?: OnnxGraph;
  opsetImport?: { domain?: string; version?: number }[];
  metadataProps?: { key?: string; value?: string }[];
}

interface Messages {
  model: OnnxModel;
  graph: OnnxGraph;
  node: OnnxNode;
  attribute: OnnxAttribute;
  tensor: OnnxTensor;
  valueInfo: OnnxValueInfo;
  type: NonNullable<OnnxValueInfo['type']>;
  tensorType: NonNullable<NonNullable<OnnxValueInfo['type']>['tensorType']>;
  shape: { dim?: OnnxDimension[] };
  dimension: OnnxDimension;
  operatorSet: { domain?: string; version?: number };
  property: { key?: string; value?: string };
}

const rules: { readonly [M in MessageName]: { readonly [F in keyof Messages[M]]-?: FieldRule } } = {
  model: {
    irVersion: { number: 1, kind: 'int64' },
    producerName: { number: 2, kind: 'string' },
    producerVersion: { number: 3, kind: 'string' },
    opsetImport: { number: 8, kind: 'operatorSet', repeated: 16 },
    metadataProps: { number: 14, kind: 'property', repeated: 16 },
    // Last, so that a file that was cut short lacks its graph or has a broken one.
    graph: { number: 7, kind: 'graph' },
  },
  graph: {
    node: { number: 1, kind: 'node', repeated: 100_000 },
    name: { number: 2, kind: 'string' },
    initializer: { number: 5, kind: 'tensor', repeated: 100_000 },
    input: { number: 11, kind: 'valueInfo', repeated: 65_536 },
    output: { number: 12, kind: 'valueInfo', repeated: 65_536 },
  },
  node: {
    input: { number: 1, kind: 'string', repeated: 65_536 },
    output: { number: 2, kind: 'string', repeated: 65_536 },
    name: { number: 3, kind: 'string' },
    opType: { number: 4, kind: 'string' },
    attribute: { number: 5, kind: 'attribute', repeated: 64 },
    domain: { number: 7, kind: 'string' },
  },
  attribute: {
    name: { number: 1, kind: 'string' },
    f: { number: 2, kind: 'float' },
    i: { number: 3, kind: 'int64' },
    s: { number: 4, kind: 'bytes' },
    g: { number: 6, kind: 'graph' },
    floats: { number: 7, kind: 'float', repeated: 65_536 },
    ints: { number: 8, kind: 'int64', repeated: 65_536 },
    type: { number: 20, kind: 'int64' },
  },
  tensor: {
    dims: { number: 1, kind: 'int64', repeated: 16 },
    dataType: { number: 2, kind: 'int64' },
    name: { number: 8, kind: 'string' },
    rawData: { number: 9, kind: 'bytes' },
    dataLocation: { number: 14, kind: 'int64' },
  },
  valueInfo: { name: { number: 1, kind: 'string' }, type: { number: 2, kind: 'type' } },
  type: { tensorType: { number: 1, kind: 'tensorType' } },
  tensorType: { elemType: { number: 1, kind: 'int64' }, shape: { number: 2, kind: 'shape' } },
  shape: { dim: { number: 1, kind: 'dimension', repeated: 16 } },
  dimension: { dimValue: { number: 1, kind: 'int64' }, dimParam: { number: 2, kind: 'string' } },
  operatorSet: { domain: { number: 1, kind: 'string' }, version: { number: 2, kind: 'int64' } },
  property: { key: { number: 1, kind: 'string' }, value: { number: 2, kind: 'string' } },
};

type Loose = Record<string, unknown>;
const rulesOf = (name: MessageName): [string, FieldRule][] => Object.entries(rules[name]);

function writeMessage(writer: BinaryWriter, name: MessageName, message: Loose): void {
  for (const [key, rule] of rulesOf(name)) {
    const value = message[key];
    if (value === undefined) continue;
    for (const item of rule.repeated ? (value as unknown[]) : [value]) {
      writeField(writer, rule, item);
    }
  }
}

function writeField(writer: BinaryWriter, { number, kind }: FieldRule, value: unknown): void {
  switch (kind) {
    case 'int64':
      writer.tag(number, WireType.Varint).int64(value as number);
      return;
    case 'float':
      writer.tag(number, WireType.Bit32).float(value as number);
      return;
    case 'string':
      writer.tag(number, WireType.LengthDelimited).string(value as string);
      return;
    case 'bytes':
      writer.tag(number, WireType.LengthDelimited).bytes(value as Uint8Array);
      return;
    default:
      writer.tag(number, WireType.LengthDelimited).fork();
      writeMessage(writer, kind, value as Loose);
      writer.join();
  }
}

type Field = readonly [key: string, rule: FieldRule];

const fieldsByNumber: ReadonlyMap<MessageName, ReadonlyMap<number, Field>> = new Map(
  (Object.keys(rules) as MessageName[]).map((name) => [
    name,
    new Map(rulesOf(name).map(([key, rule]) => [rule.number, [key, rule]])),
  ]),
);

/** Reads the messages of one file and counts what they hold. */
class MessageReader {
  readonly #reader: BinaryReader;
  #fields = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#reader = new BinaryReader(bytes);
  }

  read(name: MessageName, end: number = this.#reader.len): Loose {
    const reader = this.#reader;
    if (end > reader.len) throw new RangeError('a message runs over the end of the file');
    if (++this.#depth > deepest) throw new RangeError('its messages lie too deep in each other');
    const fields = fieldsByNumber.get(name)!;
    const message: Loose = {};
    while (reader.pos < end) {
      this.#count();
      const [number, wireType] = reader.tag();
      const field = fields.get(number);
      if (field === undefined) skip(reader, wireType);
      else this.#readField(message, field, wireType);
    }
    if (reader.pos !== end) throw new RangeError('a message runs over its end');
    this.#depth--;
    return message;
  }

  #count(): void {
    if (++this.#fields > mostFields) throw new RangeError('it holds too many fields');
  }

  #readField(message: Loose, [key, { kind, repeated }]: Field, wireType: WireType): void {
    const reader = this.#reader;
    const packed = (kind === 'int64' || kind === 'float') && wireType === WireType.LengthDelimited;
    if (!packed) {
      if (wireType !== wireTypes[kind]) throw new RangeError('a field has the wrong wire type');
      this.#put(message, key, repeated, this.#readValue(kind));
      return;
    }
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) {
      this.#count();
      this.#put(message, key, repeated, this.#readValue(kind));
    }
  }

  #put(message: Loose, key: string, repeated: number | undefined, value: unknown): void {
    if (repeated === undefined) {
      message[key] = value;
      return;
    }
    const values = (message[key] ??= []) as unknown[];
    if (values.length === repeated) throw new RangeError(`it holds more than ${repeated} ${key}`);
    values.push(value);
  }

  #readValue(kind: FieldRule['kind']): unknown {
    const reader = this.#reader;
    switch (kind) {
      case 'int64':
        return Number(reader.int64());
      case 'float':
        return reader.float();
      case 'string':
        return reader.string();
      case 'bytes':
        return reader.bytes();
      default:
        return this.read(kind, reader.uint32() + reader.pos);
    }
  }
}

const messageType = WireType.LengthDelimited;
const wireTypes: { readonly [K in FieldRule['kind']]: WireType } = {
  int64: WireType.Varint,
  float: WireType.Bit32,
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  model: messageType,
  graph: messageType,
  node: messageType,
  attribute: messageType,
  tensor: messageType,
  valueInfo: messageType,
  type: messageType,
  tensorType: messageType,
  shape: messageType,
  dimension: messageType,
  operatorSet: messageType,
  property: messageType,
};

/** Groups, which ONNX does not have, would be skipped by a recursion as deep as the file says. */
function skip(reader: BinaryReader, wireType: WireType): void {
  if (wireType === WireType.StartGroup || wireType === WireType.EndGroup) {
    throw new RangeError('a field has the wrong wire type');
  }
  reader.skip(wireType);
}

/** A model as the bytes of an `.onnx` file. */
export function writeModelMessage(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, 'model', model as Loose);
  return writer.finish();
}

/**
 * Time and memory are bounded by the size of the bytes, whatever they say.
 *
 * @throws RangeError or another error of the wire reader where the bytes are no protobuf message, or
 *   one with more parts than a program has.
 */
export function readModelMessage(bytes: Uint8Array): OnnxModel {
  return new MessageReader(bytes).read('model') as OnnxModel;
}
