/** A user as Murmur shows them at GET /users. */
export interface Person {
  id: string;
  name: string;
  handle: string;
  followingCount: number;
}
