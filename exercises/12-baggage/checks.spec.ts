import {
  answer,
  check,
  countWithVariant,
  expectNoneInvented,
  expectNothingElseSent,
  expectNothingKept,
  expectNothingToThirdParty,
  expectPublishedInPage,
  expectStrangersIgnored,
  expectVariantInApi,
  expectVariantInPage,
  expectVariantInWorker,
  expectVariantSent,
  tell,
} from '@workshop/grader/checks';

const AT_ONCE = 'at once';
const STRANGERS = "a stranger's";

check('sent', 'the page says its variant to the API with each request, as baggage', () => {
  expectVariantSent();
});

check('nothing-else', 'its baggage holds nothing else', { needs: ['sent'] }, () => {
  expectNothingElseSent();
});

check('third-party', 'no tracing header goes to a server of somebody else', { needs: ['sent'] }, () => {
  expectNothingToThirdParty();
});

check('page', 'every span of a request in the page has murmur.ui.variant', { needs: ['sent'] }, () => {
  expectVariantInPage();
});

check('api', 'every span of a request in the API has it, too', () => {
  expectVariantInApi(AT_ONCE);
});

check('worker', 'every span of a message in the worker has that of its request', { needs: ['api'] }, () => {
  expectPublishedInPage();
  expectVariantInWorker(['alone', 'from the page']);
});

check('batch', 'in a batch, each message has that of its own request', { needs: ['worker'] }, () => {
  expectVariantInWorker(['together']);
});

check('absent', 'where no variant came, no span has one', { needs: ['api', 'worker'] }, () => {
  expectNoneInvented(AT_ONCE);
});

check('stranger', 'nothing else that a stranger puts into baggage is on a span', { needs: ['api'] }, () => {
  expectStrangersIgnored(STRANGERS);
});

check('kept', 'nor is it kept in the outbox', { needs: ['worker'] }, () => {
  expectNothingKept('strangers');
});

answer('12', 'which variant is late, and with which request', { needs: ['api'] }, () => {
  for (const [service, spans] of Object.entries(countWithVariant())) tell(service, spans);
  return {
    form: 'a variant and a request',
    accepted: ['B GET /users', 'B, GET /users', 'B: GET /users', 'GET /users B'],
    nearMisses: [
      { value: 'B', because: 'The variant alone is half of it. Which request of its visitors comes late?' },
      { value: 'GET /users', because: 'And which variant sends it, once more than the other?' },
      { value: 'B /users', because: 'Write the method, too.' },
      { value: 'A GET /users', because: 'Both send it as somebody signs in. Which one sends it again?' },
      { value: 'B GET /feed', because: 'Both send that, as soon as they can.' },
    ],
    look: 'COUNT of the SERVER spans by http.route and murmur.ui.variant: where do the two variants differ?',
  };
});
