import { HttpClient } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import { map, type Observable, tap } from 'rxjs';
import type { User } from './user';

interface StoredSession {
  readonly token: string;
  readonly user: User;
}

const STORAGE_KEY = 'murmur.session';

/** Who is signed in. It lasts as long as the browser's tab. */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly current = signal(restore());

  readonly user = computed(() => this.current()?.user ?? null);
  readonly token = computed(() => this.current()?.token ?? null);

  /** Asks the API for a session and keeps it. */
  signIn(userId: string): Observable<User> {
    return this.http.post<StoredSession>('/sessions', { userId }).pipe(
      tap(({ token, user }) => {
        sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ token, user }));
        this.current.set({ token, user });
      }),
      map(({ user }) => user),
    );
  }

  signOut(): void {
    sessionStorage.removeItem(STORAGE_KEY);
    this.current.set(null);
  }
}

/** What an earlier load of the page has kept; null when that is nothing, or not a session. */
function restore(): StoredSession | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null');
    return isSession(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isSession(value: unknown): value is StoredSession {
  const { token, user } = (value ?? {}) as Partial<StoredSession>;
  return [token, user?.id, user?.name, user?.handle].every((text) => typeof text === 'string');
}
