import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import type { EnvironmentProviders, Provider } from '@angular/core';
import { apiInterceptor } from '../api/api-interceptor';
import { provideConfig } from '../config';
import type { Notification } from '../notifications/notification';
import type { Post } from '../posts/post';
import { sessionInterceptor } from '../session/session-interceptor';
import type { UserProfile } from '../session/user';

export const API = 'http://api.test';

export const IRIS: UserProfile = { id: '4711', name: 'Iris Lindqvist', handle: 'iris', followingCount: 163 };
export const BEN: UserProfile = { id: '0832', name: 'Ben Okafor', handle: 'ben', followingCount: 4 };

/** The page's own HTTP set-up over a network that the test answers for. */
export function provideTestApi(): (Provider | EnvironmentProviders)[] {
  return [
    provideConfig({ apiUrl: API, collectorUrl: 'http://collector.test' }),
    provideHttpClient(withInterceptors([sessionInterceptor, apiInterceptor])),
    provideHttpClientTesting(),
  ];
}

/** Makes Iris the person who is signed in. To be called before the session is first used. */
export function signInAsIris(): void {
  const { id, name, handle } = IRIS;
  sessionStorage.setItem(
    'murmur.session',
    JSON.stringify({ token: 'token-of-iris', user: { id, name, handle } }),
  );
}

export function aPost(changes: Partial<Post> = {}): Post {
  const { id, name, handle } = BEN;
  return {
    id: '100',
    text: 'The swifts are back.',
    createdAt: '2026-11-20T08:00:00.000Z',
    author: { id, name, handle },
    likeCount: 2,
    likedByMe: false,
    ...changes,
  };
}

export function aNotification(changes: Partial<Notification> = {}): Notification {
  return { id: '1', createdAt: '2026-11-20T08:00:05.000Z', post: aPost(), ...changes };
}
