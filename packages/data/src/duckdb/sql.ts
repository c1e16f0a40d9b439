/** A text as an SQL literal. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // The engine takes the character 0 for the end of the query.
  return quoted.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Texts as an SQL list of literals, without brackets. */
export function literals(texts: readonly string[]): string {
  return texts.map(literal).join(', ');
}

/** A finite number as an SQL double literal that keeps all its bits. */
export function doubleLiteral(value: number): string {
  return `${literal(String(value))}::DOUBLE`;
}

/** The path as a pattern that matches only itself, for functions that expand globs. */
export function exactPath(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

/** The name that the engine knows a column by: names in files may differ in case alone, or be empty. */
export function physicalName(index: number): string {
  return `c${index}`;
}
