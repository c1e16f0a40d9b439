import type { Manifest } from '@unlikely/detect';
import type { Noun } from '@unlikely/report/words';

/** What a model file keeps of the rows that trained it. */
export function storedWords(
  { knownRows }: Pick<Manifest, 'knownRows'>,
  noun: Noun = 'row',
): string {
  return knownRows === undefined
    ? `nothing of single ${noun}s (--no-stored-rows)`
    : `${noun}s of the training to compare others with, codes, and by what it knows them again`;
}
