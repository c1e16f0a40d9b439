import { imageParameters, tableParameters } from '@unlikely/detect/parameters';
import type { Parameter } from '@unlikely/detect/parameters';
import { Option } from 'commander';
import { wholeNumber } from './parse-option.ts';

/**
 * An option of `train` that is a parameter of the model: its sentence and its defaults are those of the
 * parameter, of tables and of images.
 *
 * @param minimum In place of the parameter's own.
 */
export function parameterOption(name: keyof typeof tableParameters, minimum?: number): Option {
  const parameter: Parameter = tableParameters[name];
  const ofImages = (imageParameters as Readonly<Record<string, Parameter>>)[name];
  if (!('minimum' in parameter)) throw new Error(`internal: ${name} is no number`);
  const { description, default: usual } = parameter;
  const sentence = `${description[0]!.toLowerCase()}${description.slice(1, -1)}`;
  const images =
    ofImages === undefined || ofImages.default === usual
      ? ''
      : `; images: ${String(ofImages.default)}`;
  return new Option(
    `--${name} <number>`,
    `${sentence} (default: ${String(usual)}${images})`,
  ).argParser(wholeNumber(minimum ?? parameter.minimum));
}
