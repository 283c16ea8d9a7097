import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseTemplates, isTemplateOf } from '../diagnosis/latency/url-template.ts';
import { ids, traced } from './support/page.ts';

test('a template has something else in place of what differs, and the rest as it is', () => {
  const like = '/posts/:id/likes';
  for (const [template, path, route, right] of [
    ['/posts/{id}/likes', '/posts/4711/likes', like, true],
    ['/posts/:id/likes', '/posts/4711/likes', like, true],
    ['/posts/{id}/likes', '/posts/4711/likes', undefined, true],
    ['/posts/4711/likes', '/posts/4711/likes', like, false],
    ['/posts/4711/likes', '/posts/4711/likes', undefined, false],
    ['/posts/{4711}/likes', '/posts/4711/likes', like, false],
    ['/posts/{id}', '/posts/4711/likes', like, false],
    ['/posts/{id}', '/posts/4711', '/posts/:id', true],
    ['/search', '/search?q=word', '/search', true],
    ['/search?q={q}', '/search?q=word', '/search', true],
    ['/search?q=word', '/search?q=word', '/search', false],
    ['/{route}', '/search?q=word', '/search', false],
    ['/search', '/feed', '/feed', false],
  ] as const)
    assert.equal(isTemplateOf(template, path, route), right, `${template} for ${path}`);
});

test('what differs is named, and a path of another request is said to be that', () => {
  const found = (template: string) => {
    const { record, client } = traced(
      { path: '/posts/4711' },
      { ...ids(1, 2), attributes: { 'url.template': template } },
    );
    return diagnoseTemplates([{ record, client, route: '/posts/:id' }]);
  };
  assert.equal(found('/posts/{id}'), null);
  assert.match(found('/posts/4711')?.saw ?? '', /"4711" differs from request to request/);
  assert.match(found('/feed')?.saw ?? '', /not this request's path/);
  assert.equal(found('')?.reason, 'attribute-missing');
});
