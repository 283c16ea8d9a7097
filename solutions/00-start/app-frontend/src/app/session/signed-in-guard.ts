import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

/** Lets signed-in people pass and sends everybody else to the sign-in page, and back afterwards. */
export const signedInGuard: CanActivateFn = (_route, state) => {
  if (inject(Session).user()) {
    return true;
  }
  const queryParams = state.url === '/' ? {} : { returnTo: state.url };
  return inject(Router).createUrlTree(['/sign-in'], { queryParams });
};
