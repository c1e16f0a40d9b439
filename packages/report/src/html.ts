/** Markup that may go into a page as it stands. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/** A template whose values are escaped unless they are `Html`; arrays are joined, nothing prints as nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeHtml(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attributes in either quote. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** More of one cell helps no reader. */
const longestCell = 160;

/**
 * Text that comes from the user's table. It keeps its own writing direction, control characters
 * become visible and what is longer than `limit` UTF-16 units is cut.
 */
export function cell(text: string, limit: number = longestCell): Html {
  return html`<bdi>${plainText(text, limit)}</bdi>`;
}

/** The same for where no element can stand, such as the title. */
export function plainText(text: string, limit: number): string {
  return shorten(text, limit).replace(/\p{Cc}/gu, controlPicture);
}

/** Cuts at `limit` UTF-16 units, never through a surrogate pair, and says so with an ellipsis. */
export function shorten(text: string, limit: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= limit) return whole;
  return `${whole.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : '\uFFFD';
}
