import { useEffect, useRef, useState } from 'preact/hooks';
import { recallFrom, type Recalled } from './history.ts';
import type { Shell } from './shell.ts';
import { clean, type Block, type Span } from './text.ts';
import type { Entry, Transcript } from './transcript.ts';

interface Props {
  readonly shell: Shell;
  readonly transcript: Transcript;
}

/** The same shell as a text field and a log: real tables, real selection, and a screen reader reads on as it will. */
export function PlainTerminal({ shell, transcript }: Props) {
  const entries = useEntries(transcript);
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    log.current!.scrollTop = log.current!.scrollHeight;
  }, [entries]);
  return (
    <div class="b-plain-terminal">
      <div class="b-plain-log" role="log" aria-label="Output" tabIndex={0} ref={log}>
        {entries.map((entry) => (
          <EntryView key={entry.key} entry={entry} />
        ))}
      </div>
      <CommandLine shell={shell} />
    </div>
  );
}

function CommandLine({ shell }: { readonly shell: Shell }) {
  const [text, setText] = useState('');
  const [recalled, setRecalled] = useState<Recalled>({ back: 0, draft: '' });

  const submit = (event: Event): void => {
    event.preventDefault();
    setText('');
    setRecalled({ back: 0, draft: '' });
    void shell.type(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = recallFrom(shell.history.entries, recalled, text, step);
    setText(next.text);
    setRecalled(next);
  };
  return (
    <form class="b-plain-line" onSubmit={submit}>
      <label>
        <span class="b-visually-hidden">Command</span>
        <span class="b-plain-prompt" aria-hidden="true">
          lb$
        </span>
        <input
          class="b-field"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          autocapitalize="off"
          autocomplete="off"
          autocorrect="off"
          spellcheck={false}
          enterkeyhint="send"
        />
      </label>
      <button class="b-figure-button" type="submit">
        Enter
      </button>
      <button class="b-figure-button" type="button" onClick={() => void shell.interrupt()}>
        Stop
      </button>
    </form>
  );
}

/** Output comes in bursts; the log is drawn once for each. */
function useEntries(transcript: Transcript): readonly Entry[] {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    let planned = false;
    const refresh = (): void => {
      if (planned) return;
      planned = true;
      queueMicrotask(() => {
        planned = false;
        setEntries([...transcript.entries]);
      });
    };
    return transcript.read({ add: refresh, clear: refresh, busy: () => undefined });
  }, [transcript]);
  return entries;
}

function EntryView({ entry }: { readonly entry: Entry }) {
  if (entry.kind === 'output') return <BlockView block={entry.block} />;
  return (
    <p class="b-plain-input">
      <b>lb$ {clean(entry.text)}</b>
    </p>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.kind === 'line') {
    return (
      <p>
        {block.spans.map((span, index) => (
          <SpanView key={index} span={span} />
        ))}
      </p>
    );
  }
  return (
    <div class="b-table-scroll" tabIndex={0} role="group" aria-label={block.caption}>
      <table>
        <caption class="b-visually-hidden">{block.caption}</caption>
        <thead>
          <tr>
            {block.columns.map(({ head, number }) => (
              <th key={head} scope="col" class={number ? 'b-plain-number' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => {
                const content = <SpanView span={cell} />;
                return column === 0 ? (
                  <th key={column} scope="row">
                    {content}
                  </th>
                ) : (
                  <td key={column} class={block.columns[column]!.number ? 'b-plain-number' : undefined}>
                    {content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SpanView({ span }: { readonly span: Span }) {
  const text = clean(span.text);
  if (span.tone !== undefined) return <span class={`b-tone-${span.tone}`}>{text}</span>;
  if (span.strong === true) return <b>{text}</b>;
  return span.quiet === true ? <span class="b-plain-quiet">{text}</span> : <>{text}</>;
}
