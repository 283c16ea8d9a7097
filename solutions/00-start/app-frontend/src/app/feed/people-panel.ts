import { Component, computed, inject } from '@angular/core';
import { Session } from '../session/session';
import type { UserProfile } from '../session/user';
import { UsersApi } from '../session/users-api';
import { Avatar } from '../ui/avatar';

const SHOWN = 5;

/** A few people who are busy on Murmur. */
@Component({
  selector: 'app-people-panel',
  imports: [Avatar],
  templateUrl: './people-panel.html',
  styleUrl: './people-panel.css',
})
export class PeoplePanel {
  private readonly session = inject(Session);
  private readonly users = inject(UsersApi).list();

  /** Nobody until they are known, and nobody when that fails: the page works without them. */
  protected readonly people = computed(() =>
    this.users.hasValue() ? busiest(this.users.value(), this.session.user()?.id) : [],
  );
}

/** The people who follow most others, the reader left out. */
function busiest(users: UserProfile[], readerId: string | undefined): UserProfile[] {
  return users
    .filter((user) => user.id !== readerId)
    .sort((a, b) => b.followingCount - a.followingCount)
    .slice(0, SHOWN);
}
