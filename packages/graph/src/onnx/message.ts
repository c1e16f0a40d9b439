import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * The part of the ONNX format (onnx.proto, IR version 8) that programs use, as a table of field
 * numbers, on the wire reader and writer of the protobuf library. Fields that are not listed are
 * skipped on reading, as protobuf prescribes.
 */
interface FieldRule {
  readonly number: number;
  readonly kind: 'int64' | 'float' | 'string' | 'bytes' | MessageName;
  readonly repeated?: true;
}

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
    opsetImport: { number: 8, kind: 'operatorSet', repeated: true },
    metadataProps: { number: 14, kind: 'property', repeated: true },
    // Last, so that a file that was cut short lacks its graph or has a broken one.
    graph: { number: 7, kind: 'graph' },
  },
  graph: {
    node: { number: 1, kind: 'node', repeated: true },
    name: { number: 2, kind: 'string' },
    initializer: { number: 5, kind: 'tensor', repeated: true },
    input: { number: 11, kind: 'valueInfo', repeated: true },
    output: { number: 12, kind: 'valueInfo', repeated: true },
  },
  node: {
    input: { number: 1, kind: 'string', repeated: true },
    output: { number: 2, kind: 'string', repeated: true },
    name: { number: 3, kind: 'string' },
    opType: { number: 4, kind: 'string' },
    attribute: { number: 5, kind: 'attribute', repeated: true },
    domain: { number: 7, kind: 'string' },
  },
  attribute: {
    name: { number: 1, kind: 'string' },
    f: { number: 2, kind: 'float' },
    i: { number: 3, kind: 'int64' },
    s: { number: 4, kind: 'bytes' },
    g: { number: 6, kind: 'graph' },
    floats: { number: 7, kind: 'float', repeated: true },
    ints: { number: 8, kind: 'int64', repeated: true },
    type: { number: 20, kind: 'int64' },
  },
  tensor: {
    dims: { number: 1, kind: 'int64', repeated: true },
    dataType: { number: 2, kind: 'int64' },
    name: { number: 8, kind: 'string' },
    rawData: { number: 9, kind: 'bytes' },
    dataLocation: { number: 14, kind: 'int64' },
  },
  valueInfo: { name: { number: 1, kind: 'string' }, type: { number: 2, kind: 'type' } },
  type: { tensorType: { number: 1, kind: 'tensorType' } },
  tensorType: { elemType: { number: 1, kind: 'int64' }, shape: { number: 2, kind: 'shape' } },
  shape: { dim: { number: 1, kind: 'dimension', repeated: true } },
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

function readMessage(reader: BinaryReader, name: MessageName, end: number): Loose {
  const byNumber = new Map(rulesOf(name).map(([key, rule]) => [rule.number, { key, rule }]));
  const message: Loose = {};
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = byNumber.get(number);
    if (field === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    const { key, rule } = field;
    const values = readField(reader, rule, wireType);
    if (rule.repeated) (message[key] ??= [] as unknown[]) as unknown[];
    if (rule.repeated) (message[key] as unknown[]).push(...values);
    else message[key] = values[0];
  }
  if (reader.pos !== end) throw new RangeError('a message runs over its end');
  return message;
}

function readField(reader: BinaryReader, { kind }: FieldRule, wireType: WireType): unknown[] {
  if (kind === 'int64' || kind === 'float') {
    const one = (): number => (kind === 'float' ? reader.float() : Number(reader.int64()));
    if (wireType !== WireType.LengthDelimited) return [one()];
    const end = reader.uint32() + reader.pos;
    const values: number[] = [];
    while (reader.pos < end) values.push(one());
    return values;
  }
  if (wireType !== WireType.LengthDelimited)
    throw new RangeError('a field has the wrong wire type');
  if (kind === 'string') return [reader.string()];
  if (kind === 'bytes') return [reader.bytes()];
  const size = reader.uint32();
  if (reader.pos + size > reader.len)
    throw new RangeError('a message runs over the end of the file');
  return [readMessage(reader, kind, reader.pos + size)];
}

/** A model as the bytes of an `.onnx` file. */
export function writeModelMessage(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, 'model', model as Loose);
  return writer.finish();
}

/** @throws RangeError or another error of the wire reader where the bytes are no protobuf message. */
export function readModelMessage(bytes: Uint8Array): OnnxModel {
  const reader = new BinaryReader(bytes);
  return readMessage(reader, 'model', reader.len) as OnnxModel;
}
