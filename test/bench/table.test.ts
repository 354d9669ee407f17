import { renderTable } from '../../bench/table.ts';

describe('the table', () => {
  it('makes each column as wide as its widest cell, with numbers to the right', () => {
    expect(
      renderTable(
        ['K', 'whole/s', 'begin'],
        [
          ['1', '7.5', '1 / 2 / 3'],
          ['16', '12.25', '100 / 200 / 300'],
        ],
      ),
    ).toEqual([
      ' K  whole/s            begin',
      '--  -------  ---------------',
      ' 1      7.5        1 / 2 / 3',
      '16    12.25  100 / 200 / 300',
    ]);
  });
});
