import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Session } from '../session/session';
import { API, aNotification, BEN, provideTestApi, signInAsIris } from '../testing/murmur';
import { NotificationsApi } from './notifications-api';

describe('NotificationsApi', () => {
  const first = aNotification({ id: '1', createdAt: '2026-11-20T08:00:00Z' });
  const second = aNotification({ id: '2', createdAt: '2026-11-20T09:00:00Z' });

  beforeEach(() => {
    localStorage.clear();
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  function refresh(notifications = [first]) {
    const api = TestBed.inject(NotificationsApi);
    api.refresh().subscribe();
    TestBed.inject(HttpTestingController).expectOne(`${API}/notifications`).flush({ notifications });
    return api;
  }

  it('counts all of them as new at first', () => {
    expect(refresh([second, first]).unread()).toBe(2);
  });

  it('counts none once they were seen', () => {
    const api = refresh([second, first]);
    api.markSeen();
    expect(api.unread()).toBe(0);
  });

  it('counts only those that came since', () => {
    refresh([first]).markSeen();
    expect(refresh([second, first]).unread()).toBe(1);
  });

  describe('after somebody else has signed in', () => {
    function signInAsBen() {
      const session = TestBed.inject(Session);
      session.signOut();
      session.signIn(BEN.id).subscribe();
      TestBed.inject(HttpTestingController).expectOne(`${API}/sessions`).flush({ token: 't', user: BEN });
    }

    it('counts none of those of the reader before', () => {
      const api = refresh([second, first]);
      signInAsBen();
      expect(api.unread()).toBe(0);
    });

    it('counts none that were asked for by the reader before', () => {
      const api = TestBed.inject(NotificationsApi);
      api.refresh().subscribe();
      const late = TestBed.inject(HttpTestingController).expectOne(`${API}/notifications`);
      signInAsBen();
      late.flush({ notifications: [second, first] });
      expect(api.unread()).toBe(0);
    });

    it('knows what each of them has seen', () => {
      refresh([second, first]).markSeen();
      signInAsBen();
      expect(refresh([second, first]).unread()).toBe(2);
    });
  });

  it('counts nothing when there is nothing', () => {
    const api = refresh([]);
    api.markSeen();
    expect(api.unread()).toBe(0);
  });
});
