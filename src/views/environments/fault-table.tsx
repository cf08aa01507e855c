import type { FileCheck } from '#environment/file-check.ts';
import './fault-table.css';

interface FaultTableProps {
  readonly faults: FileCheck['faults'];
  /** Brings a line of the text into view. */
  readonly onShow: (line: number) => void;
}

/** Where each fault is, what stands there, and what should; its path leads to its line. */
export function FaultTable({ faults, onShow }: FaultTableProps) {
  return (
    <table className="fault-table">
      <caption className="visually-hidden">Faults of the file</caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Found</th>
          <th scope="col">Expected</th>
        </tr>
      </thead>
      <tbody>
        {faults.map(({ path, found, expected, line }) => (
          <tr key={path}>
            <th scope="row">
              <button type="button" className="fault-place mono" onClick={() => onShow(line)}>
                <Path text={path} />
              </button>
              <small>{`line ${line}`}</small>
            </th>
            <td className="mono fault-value">{found}</td>
            <td>{expected}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A long path breaks before its dots. */
function Path({ text }: { readonly text: string }) {
  let at = 0;
  return text.split(/(?=\.)/).map((part) => {
    at += part.length;
    return (
      <span key={at}>
        <wbr />
        {part}
      </span>
    );
  });
}
