/** What can be done with the stored values of a column. */
export type StorageClass = 'number' | 'boolean' | 'text' | 'timestamp' | 'other';

const numberTypes =
  /^(U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|U?HUGEINT|FLOAT|DOUBLE|DECIMAL\([^)]*\))$/;

/** The class of one of the engine's types; nested, binary and duration types are `other`. */
export function storageClass(type: string): StorageClass {
  if (numberTypes.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'VARCHAR' || /^ENUM\([^[]*\)$/.test(type)) return 'text';
  if (type === 'DATE' || /^TIMESTAMP(_S|_MS|_NS)?( WITH TIME ZONE)?$/.test(type)) {
    return 'timestamp';
  }
  return 'other';
}
