import {
  completeConfiguration,
  completeImageConfiguration,
  imageParameters,
  isOf,
  jsonSchemaOf,
  tableParameters,
  wordsOf,
} from '@unlikely/detect';
import type { Parameter } from '@unlikely/detect';
import { describe, expect, it } from 'vitest';
import { badValues, goodValue } from './support/bad-values.ts';
import { expectError } from './support/expect-error.ts';

const kinds = {
  table: { parameters: tableParameters, complete: completeConfiguration as Complete },
  image: { parameters: imageParameters, complete: completeImageConfiguration as Complete },
};
type Complete = (chosen: object) => object;

const every = Object.entries(kinds).flatMap(([kind, { parameters, complete }]) =>
  Object.entries<Parameter>(parameters).map(
    ([name, parameter]) => [`${name} of ${kind}s`, name, parameter, complete] as const,
  ),
);

describe('parameters', () => {
  it.each(every)(
    '%s: a value just outside is refused in words',
    async (_, name, parameter, complete) => {
      for (const value of badValues(parameter)) {
        expect(isOf(parameter, value), String(value)).toBe(false);
        const error = await expectError(() => complete({ [name]: value }), 'detect/configuration');
        expect(error.message).toContain(`expected ${name} to be ${wordsOf(parameter)}, got `);
      }
    },
  );

  it.each(every)(
    '%s: its bounds, its default and one sentence at least',
    (_, name, parameter, complete) => {
      expect(isOf(parameter, goodValue(parameter))).toBe(true);
      if (parameter.default !== undefined) {
        expect(isOf(parameter, parameter.default)).toBe(true);
        expect(complete({})).toMatchObject({ [name]: parameter.default });
      }
      expect(parameter.description).toMatch(/^[A-Z`].*\.$/);
    },
  );

  it.each(Object.entries(kinds))('of %ss are a JSON Schema', (_, { parameters }) => {
    const schema = jsonSchemaOf(parameters) as {
      properties: Record<string, { description: string; default?: unknown }>;
    };
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(schema.properties)).toEqual(Object.keys(parameters));
    for (const [name, parameter] of Object.entries<Parameter>(parameters)) {
      const own = schema.properties[name]!;
      expect([own.description, own.default]).toEqual([parameter.description, parameter.default]);
    }
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
