import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Post } from '../posts/post';
import { API, aPost, IRIS, provideTestApi, signInAsIris } from '../testing/murmur';
import { Notices } from '../ui/notices';
import { Composer } from './composer';

describe('Composer', () => {
  beforeEach(() => {
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  async function open() {
    const fixture = TestBed.createComponent(Composer);
    const published: Post[][] = [];
    fixture.componentInstance.published.subscribe((posts) => published.push(posts));
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const text = element.querySelector('textarea') as HTMLTextAreaElement;
    const button = element.querySelector('button') as HTMLButtonElement;
    const write = async (value: string) => {
      text.value = value;
      text.dispatchEvent(new Event('input'));
      await fixture.whenStable();
    };
    return { fixture, element, text, button, write, published, http: TestBed.inject(HttpTestingController) };
  }

  it.each([
    ['', true],
    ['   ', true],
    ['Hello', false],
    ['x'.repeat(280), false],
    ['x'.repeat(281), true],
  ])('with "%s" written, Publish is disabled: %s', async (value, disabled) => {
    const { button, write } = await open();
    await write(value);
    expect(button.disabled).toBe(disabled);
  });

  it('says how many characters are left', async () => {
    const { element, write } = await open();
    const left = () => element.querySelector('#characters-left')?.textContent?.trim();
    await write('Hello');
    expect(left()).toBe('275 characters left');
    await write('x'.repeat(283));
    expect(left()).toBe('3 too many');
  });

  it('saves the post and brings the feed with it', async () => {
    const { fixture, text, button, write, published, http } = await open();
    await write(' Hello ');
    button.click();
    expect(text.value).toBe('');

    const post = aPost({ id: '900', text: 'Hello', author: IRIS });
    const save = http.expectOne(`${API}/posts`);
    expect(save.request.body).toEqual({ text: 'Hello' });
    save.flush(post);
    await vi.waitFor(() => http.expectOne(`${API}/feed`).flush({ posts: [aPost()] }));
    await vi.waitFor(() => http.expectOne(`${API}/notifications`).flush({ notifications: [] }));
    await fixture.whenStable();

    expect(published).toEqual([[post, aPost()]]);
    expect(TestBed.inject(Notices).current()?.link?.to).toEqual(['/posts', '900']);
    TestBed.inject(Notices).close();
  });

  it('gives the text back when it could not be saved', async () => {
    const { text, button, write, http } = await open();
    await write('Hello');
    button.click();
    await write('A second thought');
    http.expectOne(`${API}/posts`).error(new ProgressEvent('error'));

    await vi.waitFor(() => expect(text.value).toBe('Hello\nA second thought'));
    expect(TestBed.inject(Notices).current()?.text).toContain('cannot be reached');
  });

  it('keeps the field empty when only the feed could not be loaded', async () => {
    const { text, button, write, http } = await open();
    await write('Hello');
    button.click();
    http.expectOne(`${API}/posts`).flush(aPost());
    await vi.waitFor(() => http.expectOne(`${API}/feed`).error(new ProgressEvent('error')));

    await vi.waitFor(() =>
      expect(TestBed.inject(Notices).current()?.text).toContain('Your post is published'),
    );
    expect(text.value).toBe('');
  });

  it('lets the next post begin while the first is on its way', async () => {
    const { button, write, http } = await open();
    await write('One');
    button.click();
    await write('Two');
    button.click();
    const bodies = http.match(`${API}/posts`).map(({ request }) => request.body);
    expect(bodies).toEqual([{ text: 'One' }, { text: 'Two' }]);
  });
});
