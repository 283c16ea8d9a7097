import { HttpErrorResponse } from '@angular/common/http';
import { explainError } from './explain-error';

describe('explainError', () => {
  it.each([
    [0, /cannot be reached/],
    [400, /did not accept/],
    [401, /sign in again/],
    [404, /not here any more/],
    [500, /^Something went wrong/],
  ])('explains status %i', (status, text) => {
    expect(explainError(new HttpErrorResponse({ status }))).toMatch(text);
  });

  it('explains what is not an answer of the API', () => {
    expect(explainError(new TypeError('x is undefined'))).toMatch(/^Something went wrong/);
  });
});
