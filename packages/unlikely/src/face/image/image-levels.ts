import { basename } from 'node:path';

/** A name without folders and ending, of letters that every file system takes. */
export function plainName(name: string): string {
  return basename(name)
    .replace(/\.[a-z]+$/i, '')
    .replaceAll(/[^\w.-]+/g, '_')
    .slice(0, 60);
}

/** `00017-cat_3`: a file's name for the image at a place, in the order of the places. */
export function pictureName(row: number, total: number, name: string = ''): string {
  const number = String(row).padStart(String(Math.max(0, total - 1)).length, '0');
  const plain = plainName(name);
  return plain === '' ? number : `${number}-${plain}`;
}
