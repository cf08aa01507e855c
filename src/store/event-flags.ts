/** What may be said of an event beside its type: bits of one byte. */
export const eventFlags = {
  duplicate: 1,
  late: 2,
  crossTalk: 4,
  echo: 8,
  orphan: 16,
  /** Re-sent after a reconnect. */
  recovered: 32,
} as const;

/** The flags that ask for attention. Echoes and recovered events are what a healthy target sends too. */
export const flaggedMask = eventFlags.duplicate | eventFlags.late | eventFlags.crossTalk | eventFlags.orphan;
