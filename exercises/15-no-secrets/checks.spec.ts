import {
  answer,
  check,
  expectLinkHidden,
  expectLinkHiddenInPage,
  expectNeededKept,
  expectNothingPlanted,
  expectOutboxHidden,
  fact,
} from '@workshop/grader/checks';

type Secrets = { what: string; text: string }[];

check('link', 'the token of a shared link does not leave the API', () => {
  expectLinkHidden('shared link', fact<Secrets>('link secrets'));
});

check('link-in-page', 'nor does it leave the page', () => {
  expectLinkHiddenInPage(fact<Secrets>('page secrets'));
});

check('outbox', 'no secret that came through the outbox leaves the worker', () => {
  expectOutboxHidden(fact<Secrets>('outbox secrets'));
});

check('attributes', 'no secret leaves in an attribute, whichever library wrote it', () => {
  expectNothingPlanted('attribute');
});

check('events', 'no secret leaves in an event: not in the message, nor the stack, of an exception', () => {
  expectNothingPlanted('event');
});

check('elsewhere', 'no secret leaves in a name, a status or a link', () => {
  expectNothingPlanted('other');
});

check('needed', 'what holds no secret arrives as it was', () => {
  expectNeededKept();
});

answer('15', "in which attribute of the API's SERVER span was the token", { needs: ['link'] }, () => ({
  form: 'a name',
  accepted: ['url.query'],
  nearMisses: [
    { value: 'url.full', because: "That is the page's. The question asks for the SERVER span of the API." },
    {
      value: 'http.url',
      because: 'That is of loading the page. The question asks for the SERVER span of the API.',
    },
    { value: 'url.path', because: 'The path ends where the token begins.' },
    { value: 'http.target', because: 'Older libraries call it so. Which one has this span?' },
  ],
  look: 'a trace of GET /shared/:id from before your change: which attribute of its SERVER span holds the token?',
}));
