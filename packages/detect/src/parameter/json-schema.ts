import type { Parameter, Shape } from './parameter.ts';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of what `--config` takes: any of the parameters. Units are an annotation, `unit`. */
export function jsonSchemaOf(parameters: Readonly<Record<string, Parameter>>): JsonSchema {
  const properties = Object.entries(parameters).map(([name, { description, unit, ...shape }]) => {
    const { default: usual, ...own } = shape;
    const annotations = {
      ...(unit === undefined ? {} : { unit }),
      ...(usual === undefined ? {} : { default: usual }),
    };
    return [name, { description, ...schemaOf(own as Shape), ...annotations }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(properties) as object,
    additionalProperties: false,
  };
}

/** Parts of an object may be left out: the defaults complete it. */
function schemaOf(shape: Shape): JsonSchema {
  if ('enum' in shape) return { type: 'string', enum: shape.enum };
  if (shape.type === 'array') return { ...shape, items: schemaOf(shape.items) };
  if (shape.type !== 'object') return shape;
  const properties = Object.entries(shape.properties).map(([name, own]) => [name, schemaOf(own)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as object,
    additionalProperties: false,
  };
}
