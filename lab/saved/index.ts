export { QueryHistoryFile } from './query-history.ts';
export { SavedQueryConflict, SavedQueryFolder } from './saved-query-folder.ts';
