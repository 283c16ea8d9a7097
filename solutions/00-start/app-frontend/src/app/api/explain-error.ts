import { HttpErrorResponse } from '@angular/common/http';

/** One or two sentences that tell a visitor what a failed request means for them. */
export function explainError(error: unknown): string {
  if (!(error instanceof HttpErrorResponse)) {
    return 'Something went wrong. Please try again.';
  }
  switch (error.status) {
    case 0:
      return 'Murmur cannot be reached right now. Please try again in a moment.';
    case 400:
      return 'Murmur did not accept this. Please check what you wrote.';
    case 401:
      return 'Your session has ended. Please sign in again.';
    case 404:
      return 'This is not here any more.';
    default:
      return 'Something went wrong. Please try again.';
  }
}
