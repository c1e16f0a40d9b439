import type { UnlikelyError } from '@unlikely/graph';
import { detectError } from '../detect-error.ts';
import { shiftedCodes } from './attribute.ts';
import type { Attribute } from './attribute.ts';

/** The attribute vectors of a model, by name. */
export type KeptAttributes = Readonly<Record<string, Attribute>>;

/**
 * The attributes with one more, in place of what had its name.
 *
 * @param size Numbers in a code of the model.
 * @throws UnlikelyError `detect/configuration` for no name, `detect/input` for a vector of another size.
 */
export function withAttribute(
  kept: KeptAttributes,
  name: string,
  attribute: Attribute,
  size: number,
): KeptAttributes {
  const attributes = { ...kept, [name]: attribute };
  // `__proto__` would not become a name.
  if (name.trim() === '' || !Object.hasOwn(attributes, name)) {
    throw unknownName(`expected a name for the attribute, got ${JSON.stringify(name)}`);
  }
  shiftedCodes({ data: new Float32Array(0), rows: 0, columns: size }, attribute.vector, 1);
  return attributes;
}

/**
 * The vector of an attribute by its name; a vector is its own.
 *
 * @throws UnlikelyError `detect/configuration` for a name that is not kept.
 */
export function attributeVectorOf(
  kept: KeptAttributes,
  attribute: string | ArrayLike<number>,
): ArrayLike<number> {
  if (typeof attribute !== 'string') return attribute;
  if (Object.hasOwn(kept, attribute)) return kept[attribute]!.vector;
  const known = Object.keys(kept);
  const came = known.length === 0 ? 'the model keeps none' : `the model keeps ${known.join(', ')}`;
  throw unknownName(
    `expected an attribute of the model, got ${JSON.stringify(attribute)}: ${came}`,
  );
}

function unknownName(message: string): UnlikelyError {
  return detectError('detect/configuration', message, {
    help: 'Make one with `unlikely attribute`; `unlikely inspect` lists them.',
  });
}
