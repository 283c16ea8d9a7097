import { Component, computed, inject, output, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { firstValueFrom, type Observable } from 'rxjs';
import { withVariant } from '../../ui-variant';
import { explainError } from '../api/explain-error';
import { LayoutVariant } from '../layout/layout-variant';
import { NotificationsApi } from '../notifications/notifications-api';
import type { Post } from '../posts/post';
import { PostsApi } from '../posts/posts-api';
import { Notices } from '../ui/notices';
import { FeedApi } from './feed-api';

const MAX_LENGTH = 280;

const tracer = trace.getTracer('murmur.composer');

/** Where a new post is written. */
@Component({
  selector: 'app-composer',
  imports: [ReactiveFormsModule],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  private readonly postsApi = inject(PostsApi);
  private readonly feedApi = inject(FeedApi);
  private readonly notificationsApi = inject(NotificationsApi);
  private readonly notices = inject(Notices);
  private readonly variant = inject(LayoutVariant).name;

  /** The feed as it is after a post was published. */
  readonly published = output<Post[]>();

  protected readonly form = new FormGroup({
    text: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(MAX_LENGTH), Validators.pattern(/\S/)],
    }),
  });
  private readonly text = toSignal(this.form.controls.text.valueChanges, { initialValue: '' });
  protected readonly left = computed(() => MAX_LENGTH - this.text().length);
  protected readonly underWay = signal(0);

  protected async publish(): Promise<void> {
    if (this.form.invalid) return;
    const text = this.form.getRawValue().text.trim();
    this.form.reset();
    this.underWay.update((n) => n + 1);
    const here = withVariant(context.active(), this.variant());
    const span = tracer.startSpan('publish post', {}, here);
    // A page has no memory of the active span behind an await: each request is told anew whose it is.
    const journey = trace.setSpan(here, span);
    const within = <T>(request: Observable<T>) => context.with(journey, () => firstValueFrom(request));
    let post: Post | undefined;
    try {
      post = await within(this.postsApi.publish(text));
      this.published.emit(await within(this.feedApi.posts$));
      await within(this.notificationsApi.refresh());
      this.notices.news('Published.', { label: 'See your post', to: ['/posts', post.id] });
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'publishing was not finished' });
      if (post) {
        this.notices.problem('Your post is published, but the feed could not be loaded again.');
      } else {
        this.giveBack(text);
        this.notices.problem(explainError(error));
      }
    } finally {
      span.end();
      this.underWay.update((n) => n - 1);
    }
  }

  /** Puts a text that could not be published back, before what was written since. */
  private giveBack(text: string): void {
    const { text: control } = this.form.controls;
    control.setValue([text, control.value].filter(Boolean).join('\n'));
  }
}
