import { useState, type FormEvent } from 'react';
import { Sheet } from './parts/sheet.tsx';
import './value-form.css';

interface ValueFormProps {
  readonly environmentName: string;
  /** The `${NAME}` placeholders that have no value yet. */
  readonly names: readonly string[];
  readonly onGive: (values: Readonly<Record<string, string>>) => void;
  readonly onClose: () => void;
}

/** Asks for the values that an environment's file leaves open. They stay in this page's memory and go nowhere but to the target. */
export function ValueForm({ environmentName, names, onGive, onClose }: ValueFormProps) {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const complete = names.every((name) => (values.get(name) ?? '') !== '');
  const give = (event: FormEvent): void => {
    event.preventDefault();
    if (complete) onGive(Object.fromEntries(names.map((name) => [name, values.get(name) ?? ''])));
  };
  return (
    <Sheet title={`Values for ${environmentName}`} onClose={onClose}>
      <form className="value-form" onSubmit={give} autoComplete="off">
        <p>
          The environments file leaves {names.length === 1 ? 'this value' : 'these values'} open. What you enter goes to the target alone. It is kept in memory only, and asked for again after a disconnect or a reload.
        </p>
        {names.map((name) => (
          <label key={name}>
            <span className="mono">{`\${${name}}`}</span>
            <input type="password" name={name} autoComplete="off" spellCheck={false} value={values.get(name) ?? ''} onChange={(event) => setValues(new Map(values).set(name, event.target.value))} />
          </label>
        ))}
        <div className="value-actions">
          <button type="submit" className="control primary" disabled={!complete}>
            Connect
          </button>
          <button type="button" className="control" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Sheet>
  );
}
