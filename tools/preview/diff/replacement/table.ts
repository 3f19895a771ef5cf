/** For each type, properties by their names, with blanks between them. */
export interface ReplacementTable {
  [type: string]: {
    /** A change makes a new resource and deletes the old one. */
    replaced: string;
    /** A change leaves the resource where it is. */
    inPlace: string;
  };
}
