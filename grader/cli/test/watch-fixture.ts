import type { TreePlace } from '../../tree/index.ts';
import { watch } from '../watch.ts';

/** `npm run watch -- 1` for the learner's folder of a test, with its place as JSON. */
process.exit(await watch('1', { place: JSON.parse(process.argv[2]!) as TreePlace }));
