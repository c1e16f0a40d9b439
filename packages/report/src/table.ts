import { html, type Html, type HtmlValue } from './html.ts';

export interface TableColumn {
  readonly heading: string;
  /** Numbers align at the right. */
  readonly number?: boolean;
}

/**
 * A table with its caption; the first cell of a row is its heading. It scrolls by itself where the
 * screen is too narrow. `emphasised` rows are printed bold.
 */
export function table(
  caption: HtmlValue,
  columns: readonly TableColumn[],
  rows: readonly (readonly HtmlValue[])[],
  emphasised: (row: number) => boolean = () => false,
): Html {
  const classOf = (column: number): Html | false =>
    columns[column]?.number === true && html` class="number"`;
  return html`<div class="scroll" tabindex="0">
    <table>
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${columns.map(
            ({ heading }, column) => html`<th scope="col" ${classOf(column)}>${heading}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells, row) =>
            html`<tr${emphasised(row) && html` class="emphasised"`}>${cells.map(
              (content, column) =>
                column === 0
                  ? html`<th scope="row" ${classOf(column)}>${content}</th>`
                  : html`<td${classOf(column)}>${content}</td>`,
            )}</tr>\n`,
        )}
      </tbody>
    </table>
  </div>`;
}
