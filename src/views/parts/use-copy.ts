import { useCallback, useEffect, useState } from 'react';

/** Copies what `text` gives at that moment; `said` tells for two seconds whether it worked. */
export function useCopy(text: () => string): { readonly copy: () => void; readonly said: string | undefined } {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = useCallback(() => {
    void copyText(text()).then((done) => setSaid(done ? 'Copied' : 'Not allowed here'));
  }, [text]);
  return { copy, said };
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS there is no clipboard object; the older way still works there.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
