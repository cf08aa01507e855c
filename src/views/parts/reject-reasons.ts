/** What each reason for rejecting a frame means. */
export const reasonSentences: ReadonlyMap<string, string> = new Map([
  ['not-json', 'This is no JSON.'],
  ['binary', 'These are bytes (shown as base64) where text was expected.'],
  ['no-type', 'Nothing in it says in words which type of event it is.'],
  ['too-deep', 'It is nested too deep to be read safely.'],
  ['too-large', 'It is larger than what is read of one frame.'],
  ['bad-number', 'It holds a number that JSON cannot carry.'],
  ['broken-chunks', 'It is a piece of a larger message whose pieces do not fit together.'],
]);
