import type { Words } from '../words.ts';

/** How images are spoken of. */
export const imageWords: Words = {
  one: 'image',
  many: 'images',
  indefinite: 'an image',
  unit: '',
};
