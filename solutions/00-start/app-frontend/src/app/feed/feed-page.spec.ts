import { HttpTestingController } from '@angular/common/http/testing';
import { DeferBlockBehavior, DeferBlockState, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
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
