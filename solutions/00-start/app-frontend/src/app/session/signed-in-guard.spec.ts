import { TestBed } from '@angular/core/testing';
import { type ActivatedRouteSnapshot, provideRouter, type RouterStateSnapshot } from '@angular/router';
import { provideTestApi, signInAsIris } from '../testing/murmur';
import { signedInGuard } from './signed-in-guard';

describe('signedInGuard', () => {
  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  function guard(url: string): string {
    const state = { url } as RouterStateSnapshot;
    return String(TestBed.runInInjectionContext(() => signedInGuard({} as ActivatedRouteSnapshot, state)));
  }

  it('lets signed-in people pass', () => {
    signInAsIris();
    expect(guard('/notifications')).toBe('true');
  });

  it('sends others to the sign-in page, which knows the way back', () => {
    expect(guard('/posts/12')).toBe('/sign-in?returnTo=%2Fposts%2F12');
  });

  it('needs no way back to the first page', () => {
    expect(guard('/')).toBe('/sign-in');
  });
});
