import { type HttpResourceRef, httpResource } from '@angular/common/http';
import { Service } from '@angular/core';
import type { UserProfile } from './user';

@Service()
export class UsersApi {
  /** Everybody on Murmur, for as long as the component lives that calls this in its constructor. */
  list(): HttpResourceRef<UserProfile[] | undefined> {
    return httpResource<UserProfile[]>(() => '/users');
  }
}
