/** A person on Murmur, as the API describes them. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
}

/** A person with the number of people they follow. */
export interface UserProfile extends User {
  readonly followingCount: number;
}
