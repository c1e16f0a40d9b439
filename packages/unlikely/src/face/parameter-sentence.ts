import { imageParameters, tableParameters } from '@unlikely/detect/parameters';
import type { Parameter } from '@unlikely/detect/parameters';

/** What a flag of `train` says that is a parameter of models: its sentence and its defaults, for every kind. */
export function parameterSentence(name: string): string {
  const [ofTables, ofImages] = [tableParameters, imageParameters].map(
    (parameters: Readonly<Record<string, Parameter>>) => parameters[name],
  );
  const { description, default: usual } = ofTables!;
  const sentence = `${description[0]!.toLowerCase()}${description.slice(1, -1)}`;
  const images =
    ofImages === undefined || ofImages.default === usual
      ? ''
      : `; images: ${String(ofImages.default)}`;
  return `${sentence} (default: ${String(usual)}${images})`;
}
