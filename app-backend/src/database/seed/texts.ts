import { Random } from './random';

/** What people did. */
const DEEDS = [
  'baked a rye loaf',
  'mended a bicycle bell',
  'planted radishes',
  'drew a lighthouse',
  'finished a jigsaw of Lisbon',
  'learnt a waltz',
  'cooked lentil soup',
  'tuned the ukulele',
  'painted a fence blue',
  'wrote a letter by hand',
  'swam forty lengths',
  'repotted the basil',
  'watched a kingfisher dive',
  'folded paper cranes',
  'knitted half a sock',
  'fixed a leaky tap',
  'read about glaciers',
  'played chess and lost',
  'pickled cucumbers',
  'photographed a hedgehog',
  'climbed to the castle',
  'sorted buttons by colour',
  'roasted chestnuts',
  'built a birdhouse',
  'sketched the market hall',
  'practised the accordion',
  'polished a brass lamp',
  'picked blackberries',
  'sewed a patch on my jacket',
  'translated a poem',
  'visited the planetarium',
  'counted fourteen swans',
  'carved a wooden spoon',
  'tried a cartwheel',
  'labelled every spice jar',
  'found a four-leaf clover',
  'rode the ferry twice',
  'collected sea glass',
  'brewed ginger tea',
  'ironed six shirts',
  'recorded a thunderstorm',
  'taught the parrot hello',
  'borrowed a novel',
  'oiled the squeaky gate',
  'flew a kite',
  'grilled halloumi',
  'sharpened thirty pencils',
  'untangled fairy lights',
  'restored a typewriter',
  'mapped an anthill',
];

/** Where, or with whom. */
const PLACES = [
  'at the harbour',
  'with my neighbour',
  'under the chestnut trees',
  'on the balcony',
  'before breakfast',
  'in the rain',
  'with two cousins',
  'beside the canal',
  'after the meeting',
  'at the village library',
  'on platform nine',
  'in the kitchen',
  'with grandmother on the phone',
  'during lunch',
  'behind the bakery',
  'on a borrowed tandem',
  'at the allotment',
  'between three showers',
  'near the fountain',
  'in complete silence',
  'with the radio on',
  'on the night bus',
  'at the youth club',
  'by candlelight',
  'in the museum garden',
  'next to a sleeping cat',
  'with cold fingers',
  'on the roof terrace',
  'at the laundrette',
  'in the old tram depot',
  'with a stranger',
  'below the viaduct',
  'on the way to Ghent',
  'in my slippers',
  'with the choir',
  'at sunrise',
  'in the basement workshop',
  'opposite the cinema',
  'with a head cold',
  'along the towpath',
  'in the school yard',
  'at my desk',
  'on the hill',
  'with the twins',
  'inside a tent',
  'around the pond',
  'at the station',
  'with the window open',
  'on tiptoe',
  'in the waiting room',
];

/** What they made of it. */
const REMARKS = [
  'Nobody laughed.',
  'My back disagrees.',
  'Would recommend.',
  'The dog was not impressed.',
  'Pictures follow.',
  'It took three attempts.',
  'I regret nothing.',
  'Next stop: the Olympics.',
  'Who wants one?',
  'The instructions were wrong.',
  'It smells wonderful.',
  'Small victory.',
  'Send help, or biscuits.',
  'The secret is patience.',
  'My sister keeps score.',
  'Everything is sticky.',
  'It almost worked.',
  'The postman applauded.',
  'Time flew.',
  'Ask me anything.',
  'Cheaper than therapy.',
  'The kettle deserves credit.',
  'I surprised myself.',
  'Worth every minute.',
  'No ducks were harmed.',
  'It rhymes with orange.',
  'Expectations exceeded.',
  'Beginner luck, surely.',
  'Please clap.',
  'Dinner is saved.',
  'The curtains survived.',
  'Plans are overrated.',
  'Calm at last.',
  'It is an art form.',
  'Mistakes included.',
  'The recipe lied.',
  'Progress, slowly.',
  'Gravity won.',
  'Simple pleasures.',
  'The crowd went mild.',
  'Tomorrow: a nap.',
  'Science is satisfied.',
  'Highly unscientific.',
  'It glows a bit.',
  'The squirrels noticed.',
  'Bring a towel.',
  'Applications are open.',
  'Results may vary.',
  'Luckily I had gloves.',
  'Mum called it modern.',
];

/** Seldom seen, so that a search for one of them finds a handful of posts. */
const SIGHTINGS = [
  'saw an otter',
  'spotted a comet',
  'met a beekeeper',
  'heard a nightingale',
  'followed a marmot',
  'touched a meteorite',
  'discovered a sundial',
  'drove a steamroller',
];

/** One sighting in so many posts. */
const SIGHTING_EVERY = 125;

export function postText(random: Random, index: number): string {
  const deed =
    index % SIGHTING_EVERY === 7
      ? SIGHTINGS[Math.floor(index / SIGHTING_EVERY) % SIGHTINGS.length]
      : pick(random, DEEDS);
  const place = pick(random, PLACES);
  const remark = pick(random, REMARKS);
  switch (random.integer(0, 9)) {
    case 0:
      return `${capitalised(deed)} ${place}. ${remark}`;
    case 1:
    case 2:
    case 3:
      return `I ${deed} ${place} today. ${remark}`;
    case 4:
    case 5:
      return `${capitalised(place)} I ${deed}. A good day today. ${remark}`;
    default:
      return `Today I ${deed} ${place}. ${remark} A good day.`;
  }
}

function pick(random: Random, items: readonly string[]): string {
  return items[random.integer(0, items.length - 1)];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
