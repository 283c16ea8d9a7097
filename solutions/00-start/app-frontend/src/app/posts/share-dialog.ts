import {
  afterNextRender,
  Component,
  computed,
  DOCUMENT,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';

/** Shows a link that lets anybody read a post, and copies it. */
@Component({
  selector: 'app-share-dialog',
  template: `
    <dialog #dialog aria-labelledby="share-title" (close)="closed.emit()">
      <h2 id="share-title">Share this post</h2>
      <p>Anybody with this link can read it, without signing in.</p>
      <label class="field">
        <span>Link</span>
        <input #link type="text" readonly [value]="url()" (focus)="link.select()" />
      </label>
      <div class="buttons">
        <p class="copied" role="status">{{ copied() }}</p>
        <button type="button" class="button quiet" (click)="dialog.close()">Close</button>
        <button type="button" class="button" autofocus (click)="copy()">Copy link</button>
      </div>
    </dialog>
  `,
  styleUrl: './share-dialog.css',
})
export class ShareDialog {
  private readonly router = inject(Router);
  private readonly document = inject(DOCUMENT);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly link = viewChild.required<ElementRef<HTMLInputElement>>('link');

  readonly postId = input.required<string>();
  readonly token = input.required<string>();
  readonly closed = output();

  protected readonly url = computed(() => {
    const tree = this.router.createUrlTree(['/shared', this.postId()], {
      queryParams: { token: this.token() },
    });
    return new URL(this.router.serializeUrl(tree), this.document.baseURI).href;
  });
  protected readonly copied = signal('');

  constructor() {
    afterNextRender(() => this.dialog().nativeElement.showModal());
  }

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.url());
      this.copied.set('Copied.');
    } catch {
      this.link().nativeElement.select();
      this.copied.set('The link is selected. Please copy it by hand.');
    }
  }
}
