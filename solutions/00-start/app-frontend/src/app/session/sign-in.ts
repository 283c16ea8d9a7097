import { Component, computed, inject, input, signal } from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { Router } from '@angular/router';
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
  imports: [Avatar, Brand, LoadProblem, ReactiveFormsModule, Skeleton],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.css',
})
export class SignIn {
  private readonly usersApi = inject(UsersApi);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);

  /** Where to go afterwards, from the address. */
  readonly returnTo = input<string>();

  protected readonly users = rxResource({ stream: () => this.usersApi.list() });
  protected readonly filter = new FormControl('', { nonNullable: true });
  private readonly wanted = toSignal(this.filter.valueChanges, { initialValue: '' });
  protected readonly found = computed(() =>
    this.users.hasValue() ? matching(this.users.value(), this.wanted()) : [],
  );
  protected readonly signingInAs = signal<string | null>(null);
  protected readonly problem = signal<string | null>(null);

  protected signIn(user: UserProfile): void {
    if (this.signingInAs()) {
      return;
    }
    this.signingInAs.set(user.id);
    this.problem.set(null);
    this.session.signIn(user.id).subscribe({
      next: () => {
        this.notices.close();
        void this.router.navigateByUrl(this.returnTo() ?? '/');
      },
      error: (error: unknown) => {
        this.signingInAs.set(null);
        this.problem.set(explainError(error));
      },
    });
  }
}

/** The users whose name or handle holds the text, whatever its case. */
function matching(users: UserProfile[], text: string): UserProfile[] {
  const wanted = text.trim().toLowerCase();
  return users.filter((user) => `${user.name} @${user.handle}`.toLowerCase().includes(wanted));
}
