import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from '../json.ts';

test('a value is read, also behind a byte order mark', () => {
  assert.deepEqual(readJson('\uFEFF{"01": 165}'), { value: { '01': 165 } });
  assert.deepEqual(readJson('null'), { value: null });
});

const BROKEN: [what: string, text: string, problem: string][] = [
  ['a comma too many', '{\n  "01": 165,\n}\n', 'line 2, column 12: a comma too many, or nothing after it'],
  ['one in a list', '{ "in": [1, 2,] }', 'line 1, column 14: a comma too many, or nothing after it'],
  ['no comma between lines', '{\n  "01": 165\n  "02": null\n}', 'line 2, column 12: a comma is missing here'],
  [
    'Windows line ends',
    '{\r\n  "01": 165\r\n  "02": null\r\n}',
    'line 2, column 12: a comma is missing here',
  ],
  ['no comma in a list', '[1 2]', 'line 1, column 3: a comma is missing here'],
  ['no colon', '{ "01" 165 }', 'line 1, column 7: a colon is missing here'],
  ['no closing quote', '{\n  "02": "0984\n}', 'line 2, column 9: this text has no closing quote'],
  [
    'no opening quote',
    '{ "04": abc }',
    'line 1, column 9: abc is not JSON: texts and names stand in double quotes',
  ],
  [
    'single quotes',
    "{ '01': 165 }",
    "line 1, column 3: '01' is not JSON: texts and names stand in double quotes",
  ],
  ['no closing brace', '{\n  "01": 165\n', 'line 2, column 12: the closing } is missing'],
  ['no closing bracket', '[1, 2', 'line 1, column 6: the closing ] is missing'],
  ['no value', '{ "01": , "02": 1 }', 'line 1, column 9: a value is missing here'],
  ['a comment', '{ "01": 165 } // Iris', 'line 1, column 15: JSON has no comments'],
  ['two values', '{} {}', 'line 1, column 4: something stands behind the end'],
  ['nothing', ' \n', 'it is empty'],
];

for (const [what, text, problem] of BROKEN) {
  test(`broken, ${what}: ${problem}`, () => {
    assert.deepEqual(readJson(text), { problem });
  });
}
