/** How one kind of input is spoken of: `1 row`, `2,000 rows`, nats `a row`. */
export interface Words {
  readonly one: string;
  readonly many: string;
  /** With its article, as in "how unlikely an image is". */
  readonly indefinite: string;
  /** Of a score; empty where it is a weighed sum without one. */
  readonly unit: 'nats' | '';
}
