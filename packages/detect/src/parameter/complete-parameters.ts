import { detectError } from '../detect-error.ts';
import { isOf, isPlainObject, wordsOf } from './parameter.ts';
import type { Parameter, Parameters } from './parameter.ts';

/**
 * The defaults with what was chosen in their place, and parts of an object in the place of its parts.
 *
 * @param what It is of, with its article: `a model`.
 * @throws UnlikelyError `detect/configuration` for an unknown name or a value out of its range.
 */
export function completeParameters<Configuration extends object>(
  parameters: Parameters<Configuration>,
  chosen: Partial<Configuration>,
  what: string,
): Configuration {
  for (const name of Object.keys(chosen)) {
    if (Object.hasOwn(parameters, name)) continue;
    throw detectError('detect/configuration', `expected a parameter of ${what}, got ${name}`, {
      help: `The parameters are ${Object.keys(parameters).join(', ')}.`,
    });
  }
  const complete: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries<Parameter>(parameters)) {
    const usual = parameter.default;
    const given: unknown = chosen[name as keyof Configuration];
    const value = isPlainObject(usual) && isPlainObject(given) ? { ...usual, ...given } : given;
    if (value === undefined) {
      if (usual !== undefined) complete[name] = usual;
      continue;
    }
    complete[name] = value;
    if (isOf(parameter, value)) continue;
    throw detectError(
      'detect/configuration',
      `expected ${name} to be ${wordsOf(parameter)}, got ${shown(value)}`,
      { help: `The default is ${usual === undefined ? 'none' : shown(usual)}.` },
    );
  }
  return complete as Configuration;
}

/** JSON knows neither NaN nor integers of any size. */
function shown(value: unknown): string {
  return typeof value === 'object' || typeof value === 'string'
    ? JSON.stringify(value)
    : String(value);
}
