type Defined<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

/** Without the members that are undefined, so that defaults stay in force. */
export function defined<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<Values>;
}
