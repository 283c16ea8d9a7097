import { Component, computed, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { explainError } from '../api/explain-error';
import { Avatar } from '../ui/avatar';
import { Brand } from '../ui/brand';
import { LoadProblem } from '../ui/load-problem';
import { Notices } from '../ui/notices';
import { Skeleton } from '../ui/skeleton';
import { Session } from './session';
import type { UserProfile } from './user';
import { UsersApi } from './users-api';

/** Sign in by choosing who you are. Everybody here is invented, so there is no password. */
@Component({
  selector: 'app-sign-in',
  imports: [Avatar, Brand, LoadProblem, Skeleton],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.css',
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);

  /** Where to go afterwards, from the address. */
  readonly returnTo = input<string>();

  protected readonly users = inject(UsersApi).list();
  protected readonly filter = signal('');
  protected readonly found = computed(() =>
    this.users.hasValue() ? matching(this.users.value(), this.filter()) : [],
  );
  protected readonly signingInAs = signal<string | null>(null);
  protected readonly problem = signal<string | null>(null);

  protected async signIn(user: UserProfile): Promise<void> {
    if (this.signingInAs()) {
      return;
    }
    this.signingInAs.set(user.id);
    this.problem.set(null);
    try {
      await firstValueFrom(this.session.signIn(user.id));
    } catch (error) {
      this.signingInAs.set(null);
      this.problem.set(explainError(error));
      return;
    }
    this.notices.close();
    await this.router.navigateByUrl(this.returnTo() ?? '/');
  }
}

/** The users whose name or handle holds the text, whatever its case. */
function matching(users: UserProfile[], text: string): UserProfile[] {
  const wanted = text.trim().toLowerCase();
  return users.filter((user) => `${user.name} @${user.handle}`.toLowerCase().includes(wanted));
}
