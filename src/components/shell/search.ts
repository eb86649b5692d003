/** The search dialog: Pagefind finds, this shows. */

/** What this uses of the module that Pagefind writes beside its index. */
interface Pagefind {
  options(options: { baseUrl: string }): Promise<void>;
  /** Null when a newer search has overtaken this one. */
  debouncedSearch(
    term: string,
    options: object,
    debounceMs: number,
  ): Promise<{ results: { data(): Promise<Found> }[] } | null>;
}

interface Found {
  readonly url: string;
  readonly meta: { readonly title?: string };
  /** HTML: text with `<mark>` round the words found. */
  readonly excerpt: string;
  /** The page's sections with the words in them; the first may be the page before its first heading. */
  readonly sub_results: readonly { readonly title: string; readonly url: string }[];
}

const shown = 12;
const shownSections = 3;

class SearchDialog extends HTMLElement {
  readonly #dialog = this.querySelector('dialog')!;
  readonly #input = this.querySelector('input')!;
  readonly #status = this.querySelector<HTMLElement>('[role="status"]')!;
  readonly #results = this.querySelector('ol')!;
  #pagefind: Promise<Pagefind> | undefined;

  connectedCallback(): void {
    this.querySelector('.b-search__open')?.addEventListener('click', () => this.#open());
    this.#input.addEventListener('input', () => void this.#search());
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#results.querySelector('a')?.click();
    });
    this.querySelector('form button')?.addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    addEventListener('keydown', (event) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (this.#dialog.open) this.#dialog.close();
      else this.#open();
    });
    const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
    if (isApple) this.querySelector('kbd')!.textContent = '⌘ K';
  }

  #open(): void {
    this.#dialog.showModal();
    this.#input.select();
    void this.#load();
  }

  #load(): Promise<Pagefind> {
    this.#pagefind ??= this.#import().catch((error: unknown) => {
      this.#pagefind = undefined;
      throw error;
    });
    return this.#pagefind;
  }

  async #import(): Promise<Pagefind> {
    const base = this.dataset['base']!.replace(/\/?$/, '/');
    const pagefind = (await import(/* @vite-ignore */ `${base}pagefind/pagefind.js`)) as Pagefind;
    await pagefind.options({ baseUrl: base });
    return pagefind;
  }

  async #search(): Promise<void> {
    const term = this.#input.value.trim();
    if (term === '') {
      this.#show('', []);
      return;
    }
    this.#status.textContent = 'Searching';
    try {
      const pagefind = await this.#load();
      const answer = await pagefind.debouncedSearch(term, {}, 120);
      if (answer === null || this.#input.value.trim() !== term) return;
      const found = await Promise.all(answer.results.slice(0, shown).map((result) => result.data()));
      this.#show(summary(term, answer.results.length), found);
    } catch (error) {
      this.#show(
        `The search index could not be loaded (${(error as Error).message}). Reload the page and try again.`,
        [],
      );
    }
  }

  #show(status: string, found: readonly Found[]): void {
    this.#status.textContent = status;
    this.#results.replaceChildren(...found.map(resultItem));
  }
}

function summary(term: string, count: number): string {
  if (count === 0) return `No lesson or kata matches “${term}”.`;
  if (count > shown) return `${count} pages, the first ${shown}:`;
  return count === 1 ? '1 page' : `${count} pages`;
}

function resultItem({ url, meta, excerpt, sub_results: parts }: Found): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = url;
  link.textContent = meta.title ?? url;
  const text = document.createElement('p');
  text.innerHTML = excerpt;
  item.append(link, text);
  const sections = parts.filter(({ url: at }) => at.includes('#') && !at.endsWith('#_top')).slice(0, shownSections);
  if (sections.length > 0) item.append(sectionLinks(sections));
  return item;
}

function sectionLinks(sections: Found['sub_results']): HTMLElement {
  const list = document.createElement('p');
  for (const { title, url } of sections) {
    const link = document.createElement('a');
    link.href = url;
    link.textContent = title;
    list.append(link, ' ');
  }
  list.className = 'b-search__sections';
  return list;
}

customElements.define('b-search', SearchDialog);
