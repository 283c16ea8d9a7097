import { Component, type ElementRef, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { filter } from 'rxjs';
import { LayoutVariant } from '../layout/layout-variant';
import { NotificationsApi } from '../notifications/notifications-api';
import { Session } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Brand } from '../ui/brand';

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
  private readonly notifications = inject(NotificationsApi);
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');

  protected readonly user = this.session.user;
  protected readonly unread = this.notifications.unread;
  protected readonly variant = inject(LayoutVariant).name;

  constructor() {
    // The number in the menu is a nicety: without it the page works, so a failure is not told.
    this.notifications.refresh().subscribe({ error: () => undefined });

    // After a link was followed, the keyboard and the screen reader go on in the new page.
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.main().nativeElement.focus({ preventScroll: true }));
  }

  protected skipToMain(event: Event): void {
    event.preventDefault();
    this.main().nativeElement.focus();
  }

  protected signOut(): void {
    this.session.signOut();
    void this.router.navigate(['/sign-in']);
  }
}
