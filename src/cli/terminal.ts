/**
 * Characters that a terminal obeys instead of showing, that show nothing, or that turn the direction of what follows.
 * A target chooses its names, so any text of its may hold them.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const unseenInText = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const longestName = 60;

/** A line that may quote a target: nothing in it moves the cursor, hides or turns text. */
export const plainLine = (line: string): string => line.replace(unseen, '\u{fffd}');

/** A target's name: plain, and short enough to leave room for others. */
export function plainName(name: string): string {
  const visible = plainLine(name);
  return visible.length > longestName ? `${visible.slice(0, longestName - 1)}…` : visible;
}

/** The same for a text of several lines. */
export const plainText = (text: string): string => text.replace(unseenInText, '\u{fffd}');

/** JSON as people and machines read it: the same value, with every character that a terminal might obey escaped. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(unseenInText, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(''),
  );
