import type { Manifest, Words } from '@unlikely/detect';

/** What a model file keeps of the rows that trained it. */
export function storedWords({ knownRows }: Pick<Manifest, 'knownRows'>, words: Words): string {
  return knownRows === undefined
    ? `nothing of single ${words.many} (--no-stored-rows)`
    : `${words.many} of the training to compare others with, codes, and by what it knows them again`;
}
