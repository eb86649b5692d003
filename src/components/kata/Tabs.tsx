import type { TabId } from './layout.ts';

/** The row of tabs that narrow screens have. Arrow keys move, as in any list of tabs. */
export function Tabs({
  tabs,
  chosen,
  choose,
}: {
  tabs: readonly { id: TabId; name: string }[];
  chosen: TabId;
  choose: (id: TabId) => void;
}) {
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const { id } = tabs[(to + tabs.length) % tabs.length]!;
    choose(id);
    document.getElementById(`tab-${id}`)?.focus();
  };
  return (
    <div class="b-kata-tabs" role="tablist" aria-label="Parts of the kata" onKeyDown={move}>
      {tabs.map(({ id, name }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          aria-controls={`pane-${id}`}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => choose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
