interface TrustedTypes {
  /** What the platform calls a TrustedScriptURL, it takes where its types say text. */
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const hasTrustedTypes = (scope: object): scope is { readonly trustedTypes: TrustedTypes } => 'trustedTypes' in scope;

/** A policy can be made once. */
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Trusted Types let a page start only those scripts that a policy of its own vouches for: here the bundled workers. */
export function trustedScript(url: string): string {
  const scope: object = globalThis;
  if (!hasTrustedTypes(scope)) return url;
  policy ??= scope.trustedTypes.createPolicy('runwatch', { createScriptURL: (text) => text });
  return policy.createScriptURL(url);
}
