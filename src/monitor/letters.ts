/** The types that have a letter of their own (visual.md §4), in the order in which a healthy run brings them. */
export const letteredTypes: readonly string[] = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed', 'agent_error'];
const order = 'STERCX';

/** The letter of the type at this place among `letteredTypes`; `?` for any that is not there. */
export const letterAt = (place: number): string => order[place] ?? '?';

/** The letter of an event type; `?` for any that has none of its own. */
export const letterOf = (type: string): string => letterAt(letteredTypes.indexOf(type));

/**
 * A run in letters: what came in its order, and a dot where something expected never came. `STE·C`
 * @param letters what came, a letter each
 * @param missing the types that lack, each as often as it lacks
 */
export function spell(letters: string, missing: readonly string[]): string {
  const lacking = missing.map((type) => rank(letterOf(type))).sort((a, b) => b - a);
  let spelt = letters;
  for (const wanted of lacking) {
    // Behind the last letter that comes no later in a healthy run. Later ones go in first, so that equal places keep their order.
    let place = 0;
    for (let index = 0; index < letters.length; index += 1) if (rank(letters.charAt(index)) <= wanted) place = index + 1;
    spelt = `${spelt.slice(0, place)}·${spelt.slice(place)}`;
  }
  return spelt;
}

const rank = (letter: string): number => {
  const place = order.indexOf(letter);
  return place < 0 ? order.length : place;
};
