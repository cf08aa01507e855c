/** Greetings of targets, under all the names that were seen. By themselves: they are looked for before any dialect but the canonical one is loaded. */
export const welcomeTypes: ReadonlySet<string> = new Set([
  'connection_established',
  'factory_connection_established',
  'isolated_connection_established',
  'legacy_connection_established',
  'connected',
  'connect',
  'connection_ack',
  'welcome',
  'authentication_success',
]);
