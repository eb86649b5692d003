/** The progress page: words beside the marks, export, import with its report, erasure with its question. */
import {
  allKatas,
  allLessons,
  attempts,
  beats,
  eraseAll,
  exportAll,
  importAll,
  subscribe,
  type Beat,
  type ImportReport,
} from '../../store/progress.ts';

const page = document.querySelector<HTMLElement>('.b-progress')!;
const report = page.querySelector<HTMLElement>('[data-report]')!;
const beatTitles = JSON.parse(page.dataset['beats'] ?? '{}') as Record<Beat, string>;

async function show(): Promise<void> {
  const [lessons, katas] = await Promise.all([allLessons(), allKatas()]);
  for (const row of page.querySelectorAll<HTMLElement>('[data-lesson]')) {
    const done = lessons.get(row.dataset['lesson'] ?? '');
    const names = beats.filter((beat) => done?.has(beat)).map((beat) => beatTitles[beat]);
    row.querySelector('[data-words]')!.textContent =
      names.length === 0 ? 'nothing yet' : names.length === beats.length ? 'all six' : names.join(', ');
  }
  for (const row of page.querySelectorAll<HTMLElement>('[data-kata-row]')) {
    const kata = row.dataset['kataRow'] ?? '';
    const count = (await attempts(kata)).length;
    row.querySelector('[data-words]')!.textContent = (katas.get(kata) ?? 'new').replaceAll('-', ' ');
    row.querySelector('[data-attempts]')!.textContent = count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;
  }
}

async function saveFile(): Promise<void> {
  const file = new Blob([await exportAll()], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `ballast-progress-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Exported to ${link.download}.`);
}

async function readFile(file: File): Promise<void> {
  try {
    tell(file.name, await importAll(await file.text()));
  } catch (error) {
    say(`${file.name} could not be read (${(error as Error).message}). Nothing was changed; choose it again.`);
  }
}

function tell(name: string, { kept, alreadyHere, refused }: ImportReport): void {
  const parts = [
    kept > 0 && `${entries(kept)} kept`,
    alreadyHere > 0 && `${entries(alreadyHere)} already here, as new or newer`,
    refused.length > 0 &&
      (kept + alreadyHere > 0 ? `${entries(refused.length)} could not be kept` : 'nothing could be kept'),
  ].filter((part) => part !== false);
  say(`${name}: ${parts.length > 0 ? parts.join('; ') : 'it holds no entries'}.`, refused);
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function say(words: string, reasons: readonly string[] = []): void {
  const notice = document.createElement('div');
  notice.className = reasons.length > 0 ? 'b-notice b-notice--broken' : 'b-notice';
  const sentence = document.createElement('p');
  sentence.textContent = words;
  notice.append(sentence);
  if (reasons.length > 0) {
    const list = document.createElement('ul');
    list.append(
      ...reasons.map((reason) => {
        const item = document.createElement('li');
        item.textContent = reason;
        return item;
      }),
    );
    notice.append(list);
  }
  report.replaceChildren(notice);
}

const input = page.querySelector<HTMLInputElement>('[data-import]')!;
const dialog = page.querySelector<HTMLDialogElement>('[data-erase-dialog]')!;

page.querySelector('[data-export]')!.addEventListener('click', () => void saveFile());
input.addEventListener('change', () => {
  const file = input.files?.[0];
  input.value = '';
  if (file) void readFile(file);
});
page.querySelector('[data-erase]')!.addEventListener('click', () => dialog.showModal());
dialog.addEventListener('close', () => {
  if (dialog.returnValue !== 'erase') return;
  dialog.returnValue = '';
  void eraseAll().then(() => say('All progress in this browser is erased.'));
});

void show();
subscribe(() => void show());
