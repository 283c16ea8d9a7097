import { afterNextRender, Component, type ElementRef, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type IsActiveMatchOptions,
  NavigationEnd,
  Router,
  RouterLink,
  RouterLinkActive,
  RouterOutlet,
} from '@angular/router';
import { distinctUntilChanged, filter, firstValueFrom, map, skip } from 'rxjs';
import { NotificationsApi } from '../notifications/notifications-api';
import { Session } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Brand } from '../ui/brand';
import { Notices } from '../ui/notices';

/** What stands around every page of somebody who is signed in. */
@Component({
  selector: 'app-shell',
  imports: [Avatar, Brand, RouterLink, RouterLinkActive, RouterOutlet],
  templateUrl: './shell.html',
  styleUrl: './shell.css',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);
  private readonly notifications = inject(NotificationsApi);
  private readonly main = viewChild<ElementRef<HTMLElement>>('main');

  protected readonly user = this.session.user;
  protected readonly unread = this.notifications.unread;
  protected readonly samePath: IsActiveMatchOptions = {
    paths: 'exact',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  };

  constructor() {
    // The number in the menu is a nicety: without it the page works, so a failure is not told.
    firstValueFrom(this.notifications.refresh()).catch(() => undefined);

    // Somebody who comes from signing in has left the button that had the focus. Who loads the page begins at its top.
    if (this.router.navigated) {
      afterNextRender(() => this.focusMain());
    }

    // Once another page has come, old news is gone, and the keyboard and the screen reader go on in it.
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.split('?')[0]),
        distinctUntilChanged(),
        skip(1),
        takeUntilDestroyed(),
      )
      .subscribe(() => {
        this.notices.close();
        this.focusMain();
      });
  }

  protected skipToMain(event: Event): void {
    event.preventDefault();
    this.focusMain();
  }

  protected signOut(): void {
    this.session.signOut();
    void this.router.navigate(['/sign-in']);
  }

  private focusMain(): void {
    this.main()?.nativeElement.focus({ preventScroll: true });
  }
}
