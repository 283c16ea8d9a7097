import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { API, IRIS, provideTestApi, signInAsIris } from '../testing/murmur';
import { Session } from './session';

describe('Session', () => {
  beforeEach(() => {
    sessionStorage.clear();
    TestBed.configureTestingModule({ providers: [provideTestApi()] });
  });

  it('begins with nobody', () => {
    expect(TestBed.inject(Session).user()).toBeNull();
  });

  it('asks the API for a session', () => {
    TestBed.inject(Session).signIn(IRIS.id).subscribe();
    const { request } = TestBed.inject(HttpTestingController).expectOne(`${API}/sessions`);
    expect(request.method).toBe('POST');
    expect(request.body).toEqual({ userId: IRIS.id });
  });

  it('knows the user and the token after signing in', () => {
    const session = TestBed.inject(Session);
    session.signIn(IRIS.id).subscribe();
    TestBed.inject(HttpTestingController).expectOne(`${API}/sessions`).flush({ token: 't1', user: IRIS });

    expect(session.user()?.name).toBe(IRIS.name);
    expect(session.token()).toBe('t1');
    expect(JSON.parse(sessionStorage.getItem('murmur.session') ?? '').token).toBe('t1');
  });

  it('goes on after the page was loaded again', () => {
    signInAsIris();
    const session = TestBed.inject(Session);
    expect(session.user()?.id).toBe(IRIS.id);
    expect(session.token()).toBe('token-of-iris');
  });

  it.each([
    '{"token":',
    'null',
    '"Iris"',
    '{"token":"t1"}',
    '{"token":"t1","user":{"id":4711,"name":"Iris","handle":"iris"}}',
    '{"user":{"id":"4711","name":"Iris","handle":"iris"}}',
  ])('begins anew when what was kept is not a session: %s', (kept) => {
    sessionStorage.setItem('murmur.session', kept);
    expect(TestBed.inject(Session).user()).toBeNull();
  });

  it('forgets everything on signing out', () => {
    signInAsIris();
    const session = TestBed.inject(Session);
    session.signOut();
    expect(session.user()).toBeNull();
    expect(session.token()).toBeNull();
    expect(sessionStorage.getItem('murmur.session')).toBeNull();
  });
});
