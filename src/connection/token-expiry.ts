import { isJsonObject, type JsonValue } from '#base/json.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import { bytesOfBase64 } from '#protocol/base64.ts';

/** When a token says that it ends (`exp` of a JSON Web Token, RFC 7519); undefined where it is no such token or says nothing. Its signature is not looked at. */
export function expiryOf(token: string): EpochMs | undefined {
  const [, payload] = token.split('.', 3);
  const bytes = payload === undefined ? undefined : bytesOfBase64(payload.replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes === undefined) return undefined;
  try {
    const claims: JsonValue = JSON.parse(new TextDecoder().decode(bytes));
    const seconds = isJsonObject(claims) ? claims['exp'] : undefined;
    // What lies beyond the calendar cannot be written as a date.
    return typeof seconds === 'number' && Math.abs(seconds) <= 8.64e12 ? epochMs(seconds * 1000) : undefined;
  } catch {
    return undefined;
  }
}
