/**
 * The symbols of `using` and `await using` for browsers that do not have them yet. Imported before
 * the modules that use them, since a class reads its names when it is defined.
 */
const symbols: { -readonly [Name in 'dispose' | 'asyncDispose']?: symbol } = Symbol;
symbols.dispose ??= Symbol.for('Symbol.dispose');
symbols.asyncDispose ??= Symbol.for('Symbol.asyncDispose');
