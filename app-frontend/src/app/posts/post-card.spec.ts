import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { API, aPost, provideTestApi, signInAsIris } from '../testing/murmur';
import { Notices } from '../ui/notices';
import { PostCard } from './post-card';

describe('PostCard', () => {
  beforeEach(() => {
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
    // jsdom has dialogs, but cannot open them.
    HTMLDialogElement.prototype.showModal = vi.fn();
  });

  function open(post = aPost(), actions = true) {
    const fixture = TestBed.createComponent(PostCard);
    fixture.componentRef.setInput('post', post);
    fixture.componentRef.setInput('actions', actions);
    fixture.detectChanges();
    const card = fixture.nativeElement as HTMLElement;
    const button = (name: string) => card.querySelector<HTMLButtonElement>(`button.${name}`);
    return { fixture, card, button, http: TestBed.inject(HttpTestingController) };
  }

  it('shows who wrote what, and leads to the post', () => {
    const { card } = open();
    expect(card.textContent).toContain('Ben Okafor');
    expect(card.textContent).toContain('The swifts are back.');
    expect(card.querySelector('a')?.getAttribute('href')).toBe('/posts/100');
  });

  it('counts a like at once', () => {
    const { fixture, button, http } = open();
    button('like')?.click();
    fixture.detectChanges();
    expect(button('like')?.getAttribute('aria-label')).toBe('Like, 3 likes');
    expect(button('like')?.getAttribute('aria-pressed')).toBe('true');

    const { request } = http.expectOne(`${API}/posts/100/likes`);
    expect(request.method).toBe('POST');
  });

  it('takes a like back that failed, and says so', async () => {
    const { fixture, button, http } = open();
    button('like')?.click();
    http
      .expectOne(`${API}/posts/100/likes`)
      .flush({ statusCode: 500 }, { status: 500, statusText: 'Internal Server Error' });

    await vi.waitFor(() =>
      expect(TestBed.inject(Notices).current()).toMatchObject({
        kind: 'problem',
        text: expect.stringMatching(/^Something went wrong/),
      }),
    );
    fixture.detectChanges();
    expect(button('like')?.getAttribute('aria-label')).toBe('Like, 2 likes');
    expect(button('like')?.getAttribute('aria-pressed')).toBe('false');
  });

  it('makes a link to share', async () => {
    const { card, button, http } = open();
    button('share')?.click();
    http.expectOne(`${API}/posts/100/shares`).flush({ url: 'https://murmur.test/shared/100', token: 'a b' });
    await vi.waitFor(() => expect(card.querySelector('dialog')).not.toBeNull());

    const link = card.querySelector<HTMLInputElement>('dialog input')?.value ?? '';
    expect(link).toBe(new URL('/shared/100?token=a%20b', document.baseURI).href);
    expect(HTMLDialogElement.prototype.showModal).toHaveBeenCalledOnce();
  });

  it('can be read without being able to do anything', () => {
    const { card } = open(aPost(), false);
    expect(card.textContent).toContain('The swifts are back.');
    expect(card.querySelectorAll('button, a')).toHaveLength(0);
  });
});
