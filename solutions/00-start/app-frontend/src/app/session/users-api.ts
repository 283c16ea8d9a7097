import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { Observable } from 'rxjs';
import type { UserProfile } from './user';

@Service()
export class UsersApi {
  private readonly http = inject(HttpClient);

  /** Everybody on Murmur. */
  list(): Observable<UserProfile[]> {
    return this.http.get<UserProfile[]>('/users');
  }
}
