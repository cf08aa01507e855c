import { redacted, secretForms, secretWords, withoutForms, type SecretForm } from './secret-forms.ts';

/** Whether a field of this name holds a secret, whatever stands in it. */
export const isSecretName = (name: string): boolean => name.length <= 128 && secretEnding.test(name);
const secretEnding = new RegExp(`(?:${secretWords})$`, 'i');

/** In a text there are no ids that somebody needs, and so more is taken for a secret than in a capture. */
const textForms: readonly SecretForm[] = [
  ...secretForms,
  // password=…, "token": "…", also in JSON that stands in a string. What was taken out already is not taken out again.
  { pattern: new RegExp(`((?:${secretWords})\\\\*["']?\\s*[:=]\\s*\\\\*["']?)[^\\s"'\\\\,;&{}[\\]]{3,}`, 'gi'), instead: `$1${redacted}` },
  // Long runs of what keys are written in.
  { pattern: /[\w+/-]{20,}={0,2}/g, instead: (run) => (isBlob(run) ? redacted : run) },
];

/** Longer texts are not looked through, and not shown: no matter what is in them, it is done in a few milliseconds. */
export const longestText = 256 * 1024;

/**
 * A text of people or programs without what may be a secret, and without e-mail addresses. It takes out rather too much than too little;
 * of a text that is longer than `longestText` all of it.
 */
export const withoutSecrets = (text: string): string => (text.length > longestText ? redacted : withoutAddresses(withoutForms(withoutPrivateKeys(unescaped(text)), textForms)));

const keyHead = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g;
const keyEnd = 'PRIVATE KEY-----';

/** Keys in PEM, from their first line to their last; one that is cut short is taken to go on to the end. */
function withoutPrivateKeys(text: string): string {
  if (!text.includes(keyEnd)) return text;
  let clean = '';
  let from = 0;
  for (const { 0: head, index } of text.matchAll(keyHead)) {
    if (index < from) continue;
    const end = text.indexOf(keyEnd, index + head.length);
    clean += text.slice(from, index) + redacted;
    from = end < 0 ? text.length : end + keyEnd.length;
  }
  return clean + text.slice(from);
}

/** A text that was JSON may spell a secret so that nobody sees it. */
const unescaped = (text: string): string =>
  text.includes('\\u') ? text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;

/** A word has no digits in it, and a path no capitals and digits mixed. */
function isBlob(run: string): boolean {
  if (!/\d/.test(run) || !/[A-Za-z]/.test(run)) return false;
  return !run.includes('/') || (run.length >= 40 && /[A-Z]/.test(run) && /[a-z]/.test(run));
}

const isLocal = (unit: string | undefined): boolean => unit !== undefined && /[\w.+%-]/.test(unit);
const domain = /^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/;
const longestLocal = 64;
const longestDomain = 255;

/** Takes e-mail addresses out. By hand, from each @ to both sides: a pattern would try every letter as the beginning of one. */
function withoutAddresses(text: string): string {
  let clean = '';
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const host = domain.exec(text.slice(at + 1, at + 1 + longestDomain))?.[0];
    let begin = at;
    while (begin > from && at - begin < longestLocal && isLocal(text[begin - 1])) begin -= 1;
    if (host === undefined || begin === at) continue;
    clean += `${text.slice(from, begin)}[e-mail]`;
    from = at + 1 + host.length;
    at = from - 1;
  }
  return from === 0 ? text : clean + text.slice(from);
}
