import * as valibot from 'valibot';

/**
 * What a value out of a file may be: closed objects, bounded numbers, lists and texts. One definition
 * gives the check, the words of its errors and the document; the only place that knows the library.
 */
export type Validator<Value> = valibot.GenericSchema<unknown, Value>;

/** What a validator is, for a document of it. */
export interface Described {
  /** What is expected, as an error says it. */
  readonly words: string;
  /** What it means. */
  readonly about?: string;
  /** Of an object. */
  readonly entries?: Readonly<Record<string, valibot.GenericSchema>>;
  /** Of a list or of a record of named values. */
  readonly item?: valibot.GenericSchema;
  /** The forms that an object may have, told apart by one of its entries. */
  readonly forms?: readonly valibot.GenericSchema[];
  readonly isOptional?: boolean;
}

const described = new WeakMap<object, Described>();

/** What was said of a validator where it was made. */
export function describe(validator: valibot.GenericSchema): Described {
  return described.get(validator) ?? { words: 'a value' };
}

function noted<Schema extends object>(
  schema: Schema,
  words: string,
  about: string | undefined,
  more: Partial<Described> = {},
): Schema {
  described.set(schema, { words, ...(about === undefined ? {} : { about }), ...more });
  return schema;
}

/** A whole number between two bounds, both included. */
export function whole(minimum: number, maximum: number, about?: string): Validator<number> {
  const words = `a whole number from ${minimum} to ${maximum}`;
  return noted(
    valibot.pipe(
      valibot.number(words),
      valibot.integer(words),
      valibot.minValue(minimum, words),
      valibot.maxValue(maximum, words),
    ) as unknown as Validator<number>,
    words,
    about,
  );
}

/** A finite number. */
export function finite(about?: string): Validator<number> {
  return noted(
    valibot.pipe(
      valibot.number('a finite number'),
      valibot.finite('a finite number'),
    ) as unknown as Validator<number>,
    'a finite number',
    about,
  );
}

/** A finite number above 0. */
export function positive(about?: string): Validator<number> {
  const words = 'a finite number above 0';
  return noted(
    valibot.pipe(
      valibot.number(words),
      valibot.finite(words),
      valibot.gtValue(0, words),
    ) as unknown as Validator<number>,
    words,
    about,
  );
}

/** A number from 0 to 1. */
export function share(about?: string): Validator<number> {
  const words = 'a number from 0 to 1';
  return noted(
    valibot.pipe(
      valibot.number(words),
      valibot.minValue(0, words),
      valibot.maxValue(1, words),
    ) as unknown as Validator<number>,
    words,
    about,
  );
}

export function text(about?: string): Validator<string> {
  return noted(valibot.string('a text') as Validator<string>, 'a text', about);
}

export function truth(about?: string): Validator<boolean> {
  return noted(valibot.boolean('true or false') as Validator<boolean>, 'true or false', about);
}

/** One of a few texts or numbers. */
export function oneOf<const Values extends readonly (string | number)[]>(
  values: Values,
  about?: string,
): valibot.PicklistSchema<Values, string> {
  const words = values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
  return noted(valibot.picklist(values, words), words, about);
}

export function list<Item>(item: Validator<Item>, most: number, about?: string): Validator<Item[]> {
  const words = `a list of at most ${most}`;
  return noted(
    valibot.pipe(
      valibot.array(item, words),
      valibot.maxLength(most, words),
    ) as unknown as Validator<Item[]>,
    words,
    about,
    { item },
  );
}

/** Values by names that the file chooses. */
export function named<Item>(
  item: Validator<Item>,
  about?: string,
): Validator<Record<string, Item>> {
  const words = 'an object';
  // The library's own record leaves out keys such as `constructor`.
  const check = valibot.rawCheck<unknown>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    if (
      typeof dataset.value !== 'object' ||
      dataset.value === null ||
      Array.isArray(dataset.value)
    ) {
      addIssue({ message: words });
      return;
    }
    for (const [key, value] of Object.entries(dataset.value)) {
      const fault = firstFault(item, value);
      if (fault === undefined) continue;
      const path = [key, ...fault.path].map((place) => placeOf(place));
      addIssue({ message: fault.expected, input: fault.came, path: path as never });
      return;
    }
  });
  return noted(
    valibot.pipe(valibot.unknown(), check) as unknown as Validator<Record<string, Item>>,
    words,
    about,
    { item },
  );
}

const placeOf = (key: PropertyKey): object => ({
  type: 'unknown',
  origin: 'value',
  input: undefined,
  key,
  value: undefined,
});

/** An object with these entries and no others. */
export function object<Entries extends valibot.ObjectEntries>(
  entries: Entries,
  about?: string,
): valibot.StrictObjectSchema<Entries, (issue: valibot.StrictObjectIssue) => string> {
  // Without a prototype, or `constructor` would be an entry that is known.
  const own = Object.assign(Object.create(null) as object, entries) as Entries;
  return noted(valibot.strictObject(own, wordsOf), 'an object', about, { entries });
}

function wordsOf({ expected, received }: valibot.StrictObjectIssue): string {
  if (expected === 'never') return 'no entry of this name';
  return received === 'undefined' && expected !== 'Object' ? 'an entry of this name' : 'an object';
}

/** Objects of several forms, told apart by their `kind`. */
export function byKind<const Forms extends valibot.VariantOptions<'kind'>>(
  forms: Forms,
  about?: string,
): valibot.VariantSchema<'kind', Forms, string> {
  const words = 'an object of a kind that is known';
  return noted(valibot.variant('kind', forms, words), words, about, { forms: [...forms] });
}

export type Optional<Schema extends valibot.GenericSchema> = valibot.ExactOptionalSchema<
  Schema,
  undefined
>;

/** An entry that may be absent. */
export function optional<Schema extends valibot.GenericSchema>(schema: Schema): Optional<Schema> {
  const { words, about, ...more } = describe(schema);
  return noted(valibot.exactOptional(schema), words, about, { ...more, isOptional: true });
}

/** A value in whose place `null` may stand. */
export function nullable<Value>(schema: Validator<Value>): Validator<Value | null> {
  const { words, about, ...more } = describe(schema);
  return noted(
    valibot.nullable(schema) as Validator<Value | null>,
    `${words}, or null`,
    about,
    more,
  );
}

/** A test of its own. */
export function that<Value>(
  words: string,
  holds: (value: unknown) => boolean,
  about?: string,
): Validator<Value> {
  return noted(valibot.custom<Value>(holds, words) as unknown as Validator<Value>, words, about);
}

export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly came: unknown;
}

/** The first thing that is not as it should be; it is the same for the same value. */
export function firstFault(validator: valibot.GenericSchema, value: unknown): Fault | undefined {
  const { issues } = valibot.safeParse(validator, value, { abortEarly: true });
  if (issues === undefined) return undefined;
  const { path = [], message, input } = issues[0];
  return { path: path.map(({ key }) => key as PropertyKey), expected: message, came: input };
}

type ReadonlyDeep<Type> = Type extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : Type extends object
    ? { readonly [Key in keyof Type]: ReadonlyDeep<Type[Key]> }
    : Type;
type Same<A, B> =
  (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** `true` where a validator lets through exactly what a type says; the compiler holds them together. */
export type Proves<Schema extends valibot.GenericSchema, Type> = Same<
  ReadonlyDeep<valibot.InferOutput<Schema>>,
  ReadonlyDeep<Type>
>;
