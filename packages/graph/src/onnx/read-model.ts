import { graphError } from '../graph-error.ts';
import { UnlikelyError } from '../error.ts';
import { apply, makeNode } from '../make-node.ts';
import { makeGraph } from '../graph.ts';
import type {
  Graph,
  OperatorKind,
  OperatorParameters,
  DataType,
  Dimension,
  Tensor,
  TensorData,
} from '../tensor.ts';
import { elementCount } from '../tensor.ts';
import { readModelMessage } from './message.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './message.ts';
import { dataTypeOfElement, onnxRules, operatorKindOf } from './operator-rules.ts';
import type { FoundNode, OnnxRule } from './operator-rules.ts';
import { bodyScope, onnxIrVersion, onnxOperatorSet } from './write-model.ts';

export interface ReadModel {
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

function corrupt(message: string, cause?: unknown): UnlikelyError {
  return graphError('onnx/corrupt', message, {
    help: 'The file is damaged, was cut short or comes from another program; copy it again from its source.',
    cause,
  });
}

function unsupported(message: string): UnlikelyError {
  return graphError('onnx/unsupported', message, {
    help: 'Only programs that were written by Unlikely can be read.',
  });
}

/**
 * The bytes of an ONNX model → its graph. Reads what `writeModel` writes and names anything else;
 * nothing is executed, and external data is refused.
 *
 * @throws UnlikelyError `onnx/corrupt` for bytes that are no model, `onnx/unsupported` for a model
 *   with operators, types or versions outside of ours.
 */
export function readModel(bytes: Uint8Array): ReadModel {
  const model = parse(bytes);
  requireVersions(model);
  try {
    return { graph: raiseGraph(model.graph!, ''), metadata: metadataOf(model) };
  } catch (cause) {
    if (cause instanceof UnlikelyError && cause.code.startsWith('onnx/')) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw corrupt(`expected a graph that fits together, got: ${message}`, cause);
  }
}

/** Only the metadata of a model, for a look that need not build the graph. */
export function readMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return metadataOf(parse(bytes));
}

/** A tensor that stands in the file by its name. */
export interface StoredConstant {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/**
 * The named constants of a model, by name, for a look that need not build the graph. What is refused
 * is what `readModel` refuses of operators, versions and external data; whether the nodes fit together
 * is not looked at.
 *
 * @throws UnlikelyError `onnx/corrupt`, `onnx/unsupported`.
 */
export function readConstants(bytes: Uint8Array): ReadonlyMap<string, StoredConstant> {
  const model = parse(bytes);
  requireVersions(model);
  requireOwnParts(model.graph!);
  const constants = new Map<string, StoredConstant>();
  for (const tensor of model.graph!.initializer ?? []) {
    const { name = '' } = tensor;
    if (name.startsWith('__')) continue;
    if (constants.has(name)) throw corrupt(`expected one constant ${name}, got two`);
    constants.set(name, storedConstant(tensor));
  }
  return constants;
}

function requireVersions({ opsetImport, irVersion = 0 }: OnnxModel): void {
  const operatorSet = opsetImport?.find(({ domain }) => (domain ?? '') === '')?.version;
  if (operatorSet === onnxOperatorSet && irVersion <= onnxIrVersion) return;
  throw unsupported(
    `expected an ONNX model of operator set ${onnxOperatorSet} and IR version ${onnxIrVersion}, got ${operatorSet} and ${irVersion}`,
  );
}

/** Operators of ours and data in the file, in the bodies of scans as well. */
function requireOwnParts({ node: nodes = [], initializer = [] }: OnnxGraph): void {
  initializer.forEach(requireOwnData);
  for (const node of nodes) {
    if (node.opType !== 'Identity') operatorOf(node);
    for (const { g } of node.attribute ?? []) if (g !== undefined) requireOwnParts(g);
  }
}

function operatorOf({
  opType,
  domain = '',
}: OnnxNode): Exclude<OperatorKind, 'input' | 'constant'> {
  const kind = operatorKindOf.get(opType ?? '');
  if (kind !== undefined && domain === '') return kind;
  throw unsupported(`expected operators of ours, got ${domain} ${opType}`.trim());
}

function parse(bytes: Uint8Array): OnnxModel {
  let model: OnnxModel;
  try {
    model = readModelMessage(bytes);
  } catch (cause) {
    throw corrupt('expected an ONNX model, got bytes that cannot be parsed as one', cause);
  }
  if (model.graph === undefined) throw corrupt('expected an ONNX model, got bytes without a graph');
  return model;
}

function metadataOf(model: OnnxModel): Record<string, string> {
  const properties = model.metadataProps ?? [];
  return Object.fromEntries(properties.map(({ key = '', value = '' }) => [key, value]));
}

function raiseGraph(source: OnnxGraph, scope: string): Graph {
  const tensors = new Map<string, Tensor>();
  const constants = new Map<string, OnnxTensor>();
  let bodies = 0;
  const raiseBody = (body: OnnxGraph): Graph => raiseGraph(body, bodyScope(scope, bodies++));
  for (const tensor of source.initializer ?? []) {
    requireOwnData(tensor);
    constants.set(tensor.name ?? '', tensor);
  }
  const inputs = (source.input ?? []).map((info) => {
    const tensor = raiseInput(info, scope);
    tensors.set(info.name ?? '', tensor);
    return tensor;
  });
  const find = (name: string): Tensor => {
    const known = tensors.get(name);
    if (known !== undefined) return known;
    const stored = constants.get(name);
    if (stored === undefined) throw corrupt(`a node reads ${name}, which nothing produces`);
    const tensor = raiseConstant(stored, scope);
    tensors.set(name, tensor);
    return tensor;
  };
  for (const node of source.node ?? []) raiseNode(node, find, constants, tensors, raiseBody);
  const outputs = (source.output ?? []).map(({ name = '' }) => [
    withoutScope(name, scope),
    find(name),
  ]);
  return makeGraph(
    source.name ?? '',
    inputs,
    Object.fromEntries(outputs) as Record<string, Tensor>,
  );
}

function withoutScope(name: string, scope: string): string {
  return name.startsWith(scope) ? name.slice(scope.length) : name;
}

/** A path into the file system is no part of a program. */
function requireOwnData({ name = '', dataLocation = 0 }: OnnxTensor): void {
  if (dataLocation === 0) return;
  throw unsupported(`expected the values of ${name} in the file, got a reference to another file`);
}

function raiseNode(
  node: OnnxNode,
  find: (name: string) => Tensor,
  constants: ReadonlyMap<string, OnnxTensor>,
  tensors: Map<string, Tensor>,
  raiseBody: (body: OnnxGraph) => Graph,
): void {
  const names = node.input ?? [];
  const outputs = node.output ?? [];
  if (node.opType === 'Identity') {
    tensors.set(outputs[0] ?? '', find(names[0] ?? ''));
    return;
  }
  const kind = operatorOf(node);
  const rule = onnxRules[kind] as OnnxRule<OperatorKind>;
  const attribute = (name: string) => node.attribute?.find((entry) => entry.name === name);
  const inputs = names.slice(0, rule.tensorInputs).map(find);
  const found: FoundNode = {
    inputs,
    integer: (name, fallback) => attribute(name)?.i ?? fallback,
    integers: (name, fallback) => attribute(name)?.ints ?? fallback,
    constantInput: (index) => integersOf(constants.get(names[index] ?? '')),
    graph: (name) => raiseBody(attribute(name)?.g ?? {}),
  };
  const parameters = rule.read(found);
  requireKnownForm(node, rule, parameters, inputs);
  const raised = makeNode(kind, inputs, parameters as never);
  raised.outputs.forEach((tensor, index) => tensors.set(outputs[index] ?? '', tensor));
}

/** An attribute or input that we do not know would change what the node computes. */
function requireKnownForm(
  { opType, attribute = [], input = [] }: OnnxNode,
  rule: OnnxRule<OperatorKind>,
  parameters: OperatorParameters[OperatorKind],
  inputs: readonly Tensor[],
): void {
  const known = Object.keys(rule.attributes?.(parameters) ?? {});
  const foreign = attribute.find(({ name = '' }) => !known.includes(name));
  if (foreign !== undefined) {
    throw unsupported(`expected ${opType} without the attribute ${foreign.name}`);
  }
  const constants = rule.constants?.(parameters, inputs[0]!) ?? [];
  if (input.length !== inputs.length + constants.length) {
    throw unsupported(
      `expected ${opType} with ${inputs.length + constants.length} inputs, got ${input.length}`,
    );
  }
}

function raiseInput({ name = '', type }: OnnxValueInfo, scope: string): Tensor {
  const element = dataTypeOfElement(type?.tensorType?.elemType);
  if (element === undefined) {
    throw unsupported(
      `expected input ${name} of a type of ours, got ${type?.tensorType?.elemType}`,
    );
  }
  const shape = (type?.tensorType?.shape?.dim ?? []).map(
    ({ dimValue, dimParam }): Dimension => dimValue ?? dimParam ?? '',
  );
  return apply('input', [], { name: withoutScope(name, scope), type: element, shape });
}

function raiseConstant(tensor: OnnxTensor, scope: string): Tensor {
  const { type, shape, data } = storedConstant(tensor);
  // Names that the writer made up carry nothing; those that a program gave are kept.
  const own = withoutScope(tensor.name ?? '', scope);
  const given = own.startsWith('__') ? undefined : own;
  return apply('constant', [], { type, shape, data, name: given });
}

function storedConstant(tensor: OnnxTensor): StoredConstant {
  const { name = '', dims = [], rawData = new Uint8Array() } = tensor;
  const data = typedData(tensor, rawData);
  const isShape = dims.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!isShape || elementCount(dims) !== data.length) {
    throw corrupt(`expected ${dims.join(' × ')} values in ${name}, got ${data.length}`);
  }
  return { type: dataTypeOfElement(tensor.dataType) ?? 'float32', shape: dims, data };
}

function typedData({ name, dataType }: OnnxTensor, raw: Uint8Array): TensorData {
  const type = dataTypeOfElement(dataType);
  if (type === undefined) throw unsupported(`expected ${name} of a type of ours, got ${dataType}`);
  const size = { float32: 4, float64: 8, int64: 8, uint8: 1, bool: 1 }[type];
  if (raw.byteLength % size !== 0) throw corrupt(`${name} holds a part of a value`);
  // A copy of its own: `slice` of a Buffer would share memory with the file.
  const buffer = new Uint8Array(raw).buffer;
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
  }
}

/** More than any index or shape of ours; every node that reads them keeps them. */
const mostIntegers = 65_536;
const integers = new WeakMap<OnnxTensor, readonly number[]>();

/** Many nodes may share them: they are converted once. */
function integersOf(tensor: OnnxTensor | undefined): readonly number[] {
  if (tensor === undefined) throw unsupported('expected a constant input, got a computed one');
  const known = integers.get(tensor);
  if (known !== undefined) return known;
  const { name, rawData = new Uint8Array() } = tensor;
  if (rawData.byteLength > 8 * mostIntegers) {
    throw unsupported(`expected at most ${mostIntegers} integers in ${name}`);
  }
  const data = typedData(tensor, rawData);
  if (!(data instanceof BigInt64Array)) throw unsupported(`expected ${name} of type int64`);
  const converted = Array.from(data, Number);
  integers.set(tensor, converted);
  return converted;
}
