/** `user.id` to `userId`, `rank feed` to `rankFeed`: how many a learner would have named it. */
export function camelCase(name: string): string {
  return name.replace(/[.\s_-]+(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
