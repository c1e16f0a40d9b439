import type { Shape } from '@unlikely/detect';

/** Values just outside of a shape, and of other types. */
export function badValues(shape: Shape): unknown[] {
  if ('enum' in shape) return [...shape.enum.map((value) => `${value}s`), '', 0, null, [], true];
  switch (shape.type) {
    case 'integer':
    case 'number': {
      const { minimum, maximum } = shape;
      const step = (bound: number): number => Math.max(1, Math.abs(bound)) * 2 ** -40;
      const beyond =
        shape.type === 'integer'
          ? [minimum - 1, maximum + 1, minimum + 0.5]
          : [minimum - step(minimum), maximum + step(maximum)];
      return [...beyond, NaN, Infinity, -Infinity, `${minimum}`, null, true, [minimum], {}];
    }
    case 'array': {
      const good = goodValue(shape.items);
      const long = Array<unknown>(shape.maxItems + 1).fill(good);
      return [long, ...badValues(shape.items).map((value) => [good, value]), 'a', 1, null, {}];
    }
    case 'object': {
      const good = goodValue(shape) as Readonly<Record<string, unknown>>;
      const wrong = Object.entries(shape.properties).flatMap(([name, own]) =>
        badValues(own).map((value) => ({ ...good, [name]: value })),
      );
      return [...wrong, { ...good, another: 1 }, 'a', 1, null, []];
    }
    default:
      return shape satisfies never;
  }
}

/** A value of a shape. */
export function goodValue(shape: Shape): unknown {
  if ('enum' in shape) return shape.enum[0];
  switch (shape.type) {
    case 'integer':
    case 'number':
      return shape.minimum;
    case 'array':
      return [goodValue(shape.items)];
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties).map(([name, own]) => [name, goodValue(own)]),
      );
    default:
      return shape satisfies never;
  }
}
