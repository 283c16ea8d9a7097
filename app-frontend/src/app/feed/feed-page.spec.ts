import { HttpTestingController } from '@angular/common/http/testing';
import { DeferBlockBehavior, DeferBlockState, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { PostsApi } from '../posts/posts-api';
import { Session } from '../session/session';
import { API, aPost, BEN, IRIS, provideTestApi, signInAsIris } from '../testing/murmur';
import { FeedPage } from './feed-page';

describe('FeedPage', () => {
  beforeEach(() => {
    signInAsIris();
    localStorage.setItem('murmur.layout', 'A');
    TestBed.configureTestingModule({
      providers: [provideTestApi(), provideRouter([])],
      deferBlockBehavior: DeferBlockBehavior.Manual,
    });
  });

  function open() {
    const fixture = TestBed.createComponent(FeedPage);
    fixture.detectChanges();
    const page = fixture.nativeElement as HTMLElement;
    const http = TestBed.inject(HttpTestingController);
    const answer = async (posts: unknown[]) => {
      for (const request of http.match(`${API}/feed`)) request.flush({ posts });
      await fixture.whenStable();
    };
    return { fixture, page, http, answer };
  }

  it('shows that the posts are on their way', () => {
    expect(open().page.querySelector('.posts')?.getAttribute('aria-busy')).toBe('true');
  });

  it('shows the posts in the order of the API', async () => {
    const { page, answer } = open();
    await answer([aPost({ id: '2', text: 'Second' }), aPost({ id: '1', text: 'First' })]);
    const texts = [...page.querySelectorAll('article .text')].map((element) => element.textContent);
    expect(texts).toEqual(['Second', 'First']);
  });

  it('greets the reader and says what waits', async () => {
    const { page, answer } = open();
    await answer([aPost({ id: '2' }), aPost({ id: '1' })]);
    expect(page.querySelector('h1')?.textContent).toMatch(/^Good (night|morning|afternoon|evening), Iris$/);
    expect(page.querySelector('app-feed-headline p')?.textContent).toBe('2 posts from 1 person');
  });

  it('says when there is nothing to read', async () => {
    const { page, answer } = open();
    await answer([]);
    expect(page.querySelector('.posts')?.textContent).toContain('No posts yet.');
    expect(page.querySelector('app-feed-headline p')?.textContent).toBe(
      'It is quiet here. Write the first post.',
    );
  });

  describe('after the reader has published', () => {
    function signInAsBen() {
      const session = TestBed.inject(Session);
      session.signOut();
      session.signIn(BEN.id).subscribe();
      TestBed.inject(HttpTestingController).expectOne(`${API}/sessions`).flush({ token: 't', user: BEN });
    }

    async function publish(...ids: string[]) {
      const opened = open();
      await opened.answer([aPost()]);
      const { fixture, page, http } = opened;
      const text = page.querySelector('textarea') as HTMLTextAreaElement;
      for (const id of ids) {
        text.value = `Post ${id}`;
        text.dispatchEvent(new Event('input'));
        page.querySelector('form')?.dispatchEvent(new Event('submit'));
        http.expectOne(`${API}/posts`).flush(aPost({ id, text: `Post ${id}`, author: IRIS, likeCount: 0 }));
        await vi.waitFor(() => http.expectOne(`${API}/feed`).flush({ posts: [aPost()] }));
        await vi.waitFor(() => http.expectOne(`${API}/notifications`).flush({ notifications: [] }));
      }
      await fixture.whenStable();
      const shown = (element: HTMLElement) =>
        [...element.querySelectorAll('article .text')].map(({ textContent }) => textContent);
      return { ...opened, shown };
    }

    it('shows their posts above the others, the newest first', async () => {
      const { page, shown } = await publish('900', '901');
      expect(shown(page)).toEqual(['Post 901', 'Post 900', 'The swifts are back.']);
    });

    it('still shows them when the reader comes back, with the like that they gave', async () => {
      const { fixture, page, http } = await publish('900');
      page.querySelector<HTMLButtonElement>('article .like')?.click();
      http.expectOne(`${API}/posts/900/likes`).flush({});
      fixture.destroy();

      const back = open();
      await back.answer([aPost()]);
      const like = back.page.querySelector('article .like');
      expect(like?.getAttribute('aria-label')).toBe('Like, 1 like');
      expect(like?.getAttribute('aria-pressed')).toBe('true');
    });

    it('does not show them to the next who signs in', async () => {
      const { fixture } = await publish('900');
      fixture.destroy();
      signInAsBen();
      const next = open();
      await next.answer([aPost()]);
      expect(next.page.querySelectorAll('article')).toHaveLength(1);
    });

    it('does not show them either when they were saved after that', async () => {
      TestBed.inject(PostsApi).publish('Late').subscribe();
      const late = TestBed.inject(HttpTestingController).expectOne(`${API}/posts`);
      signInAsBen();
      late.flush(aPost({ id: '900', author: IRIS }));

      const next = open();
      await next.answer([aPost()]);
      expect(next.page.querySelectorAll('article')).toHaveLength(1);
    });
  });

  it('offers to try again when the API is away', async () => {
    const { fixture, page, http, answer } = open();
    for (const request of http.match(`${API}/feed`)) request.error(new ProgressEvent('error'));
    await fixture.whenStable();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('cannot be reached');

    page.querySelector<HTMLButtonElement>('[role=alert] button')?.click();
    fixture.detectChanges();
    await answer([aPost()]);
    expect(page.querySelector('[role=alert]')).toBeNull();
    expect(page.querySelectorAll('article')).toHaveLength(1);
  });

  it('has no people to read in layout A', async () => {
    const { fixture, answer } = open();
    await answer([aPost()]);
    expect(await fixture.getDeferBlocks()).toHaveLength(0);
  });

  it('shows people to read in layout B, without the reader', async () => {
    localStorage.setItem('murmur.layout', 'B');
    const { fixture, page, http, answer } = open();
    await answer([aPost()]);
    const [block] = await fixture.getDeferBlocks();
    await block.render(DeferBlockState.Complete);
    http.expectOne(`${API}/users`).flush([IRIS, BEN]);
    await fixture.whenStable();

    const names = [...page.querySelectorAll('aside strong')].map((link) => link.textContent);
    expect(names).toEqual(['Ben Okafor']);
  });
});
