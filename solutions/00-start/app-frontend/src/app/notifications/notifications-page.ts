import { Component, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { tap } from 'rxjs';
import { Avatar } from '../ui/avatar';
import { LoadProblem } from '../ui/load-problem';
import { RelativeTime } from '../ui/relative-time';
import { Skeleton } from '../ui/skeleton';
import { NotificationsApi } from './notifications-api';

/** Who has published lately. To open the page is to have seen them. */
@Component({
  selector: 'app-notifications-page',
  imports: [Avatar, LoadProblem, RelativeTime, RouterLink, Skeleton],
  templateUrl: './notifications-page.html',
  styleUrl: './notifications-page.css',
})
export class NotificationsPage {
  private readonly api = inject(NotificationsApi);

  protected readonly notifications = rxResource({
    stream: () => this.api.refresh().pipe(tap(() => this.api.markSeen())),
  });
}
