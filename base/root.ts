import { dirname, join } from 'node:path';

/** The checkout that this code belongs to: an absolute path. */
export const repositoryRoot = dirname(import.meta.dirname);

/** Where the workshop keeps what it makes itself: never committed. */
export const workshopDirectory = join(repositoryRoot, '.workshop');
