/** What stands where a secret stood. */
export const redacted = '[redacted]';

/** What fields are called that hold a secret. */
export const secretWords = 'token|secret|password|passwd|pwd|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credentials?|ticket(?:_?id)?|jwt|signature';

/**
 * A pattern, what is put in the place of what it finds, and a text without which it can find nothing: to look for that takes next to no
 * time. Each pattern is read once and goes over no text twice: whatever a target makes up takes no longer than its length. A class is
 * repeated by `*` and not by `{16,}`, which overflows on a run of megabytes.
 */
export interface SecretForm {
  readonly pattern: RegExp;
  readonly instead: string | ((found: string) => string);
  readonly needs?: string;
}

/** Secrets that are told by their form alone, wherever they stand, in the JSON of a capture too: what is left is JSON as it was. */
export const secretForms: readonly SecretForm[] = [
  // A JSON web token has three parts.
  { pattern: /eyJ[\w.-]*/g, instead: (run) => (/\.[^.]*\./.test(run) ? redacted : run), needs: 'eyJ' },
  { pattern: /\b(Bearer|Basic)\s+[\w~+/.=-]{8}[\w~+/.=-]*/gi, instead: `$1 ${redacted}` },
  // Keys in the forms that their makers gave them so that they are recognised.
  { pattern: /\b(?:(?:sk|rk|pk)[-_][\w-]{16}[\w-]*|gh[pousr]_\w{16}\w*|github_pat_\w{16}\w*|glpat-[\w-]{16}[\w-]*|xox[a-z]-[\w-]{10}[\w-]*|ya29\.[\w-]{16}[\w-]*|npm_\w{16}\w*|hf_\w{16}\w*|whsec_\w{16}\w*|dop_v1_\w{16}\w*|shpat_\w{16}\w*)/g, instead: redacted },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{12}[A-Z0-9]*/g, instead: redacted, needs: 'IA' },
  { pattern: /\bAIza[\w-]{20}[\w-]*/g, instead: redacted, needs: 'AIza' },
  { pattern: /\bSG\.[\w-]{8}[\w-]*\.[\w-]{8}[\w-]*/g, instead: redacted, needs: 'SG.' },
  // https://user:password@host
  { pattern: /:\/\/[^\s/?#"'\\@]{1,512}@/g, instead: `://${redacted}@`, needs: '://' },
  // ?access_token=…
  { pattern: /([?&;][\w-]{0,32}(?:token|key|secret|password|passwd|sig|signature|auth|code|jwt|ticket|session|sid|credential)=)[^&#\s"'\\<>]+/gi, instead: `$1${redacted}`, needs: '=' },
  // JSON in a string of JSON, with its quotes escaped.
  { pattern: new RegExp(`((?:${secretWords})\\\\+"\\s*:\\s*\\\\+")[^"\\\\]+`, 'gi'), instead: `$1${redacted}`, needs: '\\"' },
];

export function withoutForms(text: string, forms: readonly SecretForm[] = secretForms): string {
  let clean = text;
  for (const { pattern, instead, needs } of forms) {
    if (needs !== undefined && !clean.includes(needs)) continue;
    clean = typeof instead === 'string' ? clean.replace(pattern, instead) : clean.replace(pattern, instead);
  }
  return clean;
}
