import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Notices } from './notices';

/** Shows the latest notice. Both live regions are always there, or screen readers miss the first message. */
@Component({
  selector: 'app-notice-bar',
  imports: [RouterLink],
  template: `
    <div class="edge">
      <div role="status">
        @if (news(); as notice) {
          <p class="notice">
            <span>{{ notice.text }}</span>
            @if (notice.link; as link) {
              <a [routerLink]="link.to" (click)="notices.close()">{{ link.label }}</a>
            }
            <button type="button" class="close" aria-label="Close this message" (click)="notices.close()">×</button>
          </p>
        }
      </div>
      <div role="alert">
        @if (problem(); as notice) {
          <p class="notice problem">
            <span>{{ notice.text }}</span>
            <button type="button" class="close" aria-label="Close this message" (click)="notices.close()">×</button>
          </p>
        }
      </div>
    </div>
  `,
  styleUrl: './notice-bar.css',
})
export class NoticeBar {
  protected readonly notices = inject(Notices);
  protected readonly news = computed(() => this.ofKind('news'));
  protected readonly problem = computed(() => this.ofKind('problem'));

  private ofKind(kind: 'news' | 'problem') {
    const notice = this.notices.current();
    return notice?.kind === kind ? notice : null;
  }
}
