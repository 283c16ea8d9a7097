import { HttpClient } from '@angular/common/http';
import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { provideTestApi, signInAsIris } from '../testing/murmur';
import { Notices } from '../ui/notices';
import { Session } from './session';

describe('sessionInterceptor', () => {
  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  function request(url: string) {
    TestBed.inject(HttpClient)
      .get(url)
      .subscribe({ error: () => undefined });
    return TestBed.inject(HttpTestingController).expectOne(() => true);
  }

  it('sends the token to the API', () => {
    signInAsIris();
    expect(request('/feed').request.headers.get('Authorization')).toBe('Bearer token-of-iris');
  });

  it('sends no token to anybody else', () => {
    signInAsIris();
    expect(request('https://elsewhere.test/x').request.headers.has('Authorization')).toBe(false);
  });

  it('sends nothing when nobody is signed in', () => {
    expect(request('/users').request.headers.has('Authorization')).toBe(false);
  });

  it('signs out and asks to sign in again once the token is refused', () => {
    signInAsIris();
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);

    request('/feed').flush({ statusCode: 401 }, { status: 401, statusText: 'Unauthorized' });

    expect(TestBed.inject(Session).user()).toBeNull();
    expect(navigate).toHaveBeenCalledExactlyOnceWith(['/sign-in'], { queryParams: { returnTo: '/' } });
    expect(TestBed.inject(Notices).current()?.text).toContain('sign in again');
  });

  it('keeps the session when something else fails', () => {
    signInAsIris();
    request('/feed').flush({ statusCode: 500 }, { status: 500, statusText: 'Internal Server Error' });
    expect(TestBed.inject(Session).user()).not.toBeNull();
  });
});
