/** What a value may be, in words of JSON Schema. */
export type Shape =
  | { readonly type: 'integer' | 'number'; readonly minimum: number; readonly maximum: number }
  | { readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly items: Shape; readonly maxItems: number }
  | { readonly type: 'object'; readonly properties: Readonly<Record<string, Shape>> };

/**
 * A parameter of a model as data. Its type, the check, the words of errors, the settings page, the JSON
 * Schema and options of the command line are made of this.
 */
export type Parameter<Value = unknown> = Shape & {
  /** A sentence or two. */
  readonly description: string;
  readonly unit?: string;
  /** Absent where the parameter may be absent. */
  readonly default?: Value;
};

/** The parameters of a kind of model, by name. */
export type Parameters<Configuration> = {
  readonly [K in keyof Configuration]-?: Parameter<Configuration[K]>;
};

/** Parameters without defaults, which their kinds have. */
export type Shapes<Configuration> = {
  readonly [K in keyof Configuration]-?: Omit<Parameter, 'default'> & Shape;
};

/** Parameters with the defaults of a kind. */
export function withDefaults<Configuration extends object>(
  shapes: Shapes<Configuration>,
  defaults: Configuration,
): Parameters<Configuration> {
  const entries = Object.entries<Shape>(shapes).map(([name, shape]) => [
    name,
    Object.hasOwn(defaults, name)
      ? { ...shape, default: defaults[name as keyof Configuration] }
      : shape,
  ]);
  return Object.fromEntries(entries) as Parameters<Configuration>;
}

/** What is expected, as an error says it. */
export function wordsOf(shape: Shape): string {
  if ('enum' in shape) return `one of ${shape.enum.join(', ')}`;
  switch (shape.type) {
    case 'integer':
      return `a whole number from ${shape.minimum} to ${shape.maximum}`;
    case 'number':
      return `a number from ${shape.minimum} to ${shape.maximum}`;
    case 'array':
      return `a list of at most ${shape.maxItems}, each ${wordsOf(shape.items)}`;
    case 'object': {
      const entries = Object.entries(shape.properties);
      return `an object { ${entries.map(([name, own]) => `${name}: ${wordsOf(own)}`).join('; ')} }`;
    }
    default:
      return shape satisfies never;
  }
}

/** Whether a value is of a shape; objects have all of their properties and no others. */
export function isOf(shape: Shape, value: unknown): boolean {
  if ('enum' in shape) return typeof value === 'string' && shape.enum.includes(value);
  switch (shape.type) {
    case 'integer':
    case 'number': {
      if (typeof value !== 'number' || (shape.type === 'integer' && !Number.isInteger(value))) {
        return false;
      }
      return value >= shape.minimum && value <= shape.maximum;
    }
    case 'array':
      return (
        Array.isArray(value) &&
        value.length <= shape.maxItems &&
        value.every((item) => isOf(shape.items, item))
      );
    case 'object':
      return (
        isPlainObject(value) &&
        Object.keys(value).every((name) => Object.hasOwn(shape.properties, name)) &&
        Object.entries(shape.properties).every(([name, own]) => isOf(own, value[name]))
      );
    default:
      return shape satisfies never;
  }
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
