import {
  answer,
  check,
  expectAllTellingBelow,
  expectBatchConnected,
  expectBoundedMessageNames,
  expectConnected,
  expectDelivery,
  expectMessageIds,
  expectMessages,
  expectNoOrphans,
  expectOldDelivered,
  expectOneConsumer,
  expectProducer,
  expectProducerEnded,
  expectTellingBelow,
  expectTries,
  expectWorkerTraced,
  tell,
} from '@workshop/grader/checks';

const PUBLISHED = ['alone', 'together', 'tried twice'];

check('worker', 'the worker sends spans to the collector, as service murmur-worker', () => {
  expectWorkerTraced();
});

check('producer', 'each publish has one PRODUCER span of yours inside its request', () => {
  for (const what of PUBLISHED)
    for (const message of expectMessages(expectDelivery(what))) expectProducer(message);
});

check('producer-ends', 'it ends when the outbox cannot be written, too', { needs: ['producer'] }, () => {
  expectProducerEnded('failing');
});

check('consumer', 'the worker makes one CONSUMER span of yours for a message', { needs: ['worker'] }, () => {
  expectOneConsumer(expectDelivery('alone'));
});

check('connected', 'it is a child of the publish, or linked to it', { needs: ['consumer'] }, () => {
  const part = expectDelivery('alone');
  for (const message of expectMessages(part)) expectConnected(message, part);
});

check('below', 'all notifications that the worker writes are below it', { needs: ['consumer'] }, () => {
  const part = expectDelivery('alone');
  for (const message of expectMessages(part)) expectTellingBelow(message, part);
  expectAllTellingBelow(expectDelivery('together'));
});

check('batch', 'in a batch, each message leads back to its own publish', { needs: ['connected'] }, () => {
  expectBatchConnected(expectDelivery('together'));
});

check(
  'message-id',
  'both ends of a message say its id in messaging.message.id',
  { needs: ['producer', 'batch'] },
  () => {
    expectMessageIds(['alone', 'together'].map(expectDelivery));
  },
);

check(
  'tries',
  'a message that fails and is tried again has a span for each try',
  { needs: ['connected'] },
  () => {
    const part = expectDelivery('tried twice');
    for (const message of expectMessages(part)) expectTries(message, part);
  },
);

check('old', 'a message without a context is delivered, and leads nowhere', { needs: ['consumer'] }, () => {
  expectOldDelivered();
});

check('idle', 'a worker that finds no message makes no spans', { needs: ['consumer'] }, () => {
  expectNoOrphans();
});

check(
  'names',
  'the names of these spans are the same for every message',
  { needs: ['producer', 'batch'] },
  () => {
    expectBoundedMessageNames(PUBLISHED.map(expectDelivery));
  },
);

answer('11', 'whose post held up the others in its batch', { needs: ['batch'] }, () => {
  const messages = expectBatchConnected(expectDelivery('together')).toSorted(
    (a, b) => b.followers - a.followers,
  );
  const [longest, ...others] = messages;
  if (!longest) throw new Error('no messages were worked on together');
  tell('followers', longest.followers);
  tell('messages', messages.length);
  return {
    form: 'a user id',
    accepted: [String(longest.request.userId)],
    nearMisses: others.map(({ request }) => ({
      value: String(request.userId),
      because: 'That one was in the batch, too, and was done in no time. Which bar is the widest?',
    })),
    look: 'the widest CONSUMER span of a batch. Follow it back to its publish: whose request is that?',
  };
});
