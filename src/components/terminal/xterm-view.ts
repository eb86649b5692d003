import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { paint, toAnsi } from './ansi.ts';
import { edit, EMPTY, keysOf, type Editing, type Key } from './line-editor.ts';
import type { Shell } from './shell.ts';
import { line, strong } from './text.ts';
import type { Entry, Reader, Transcript } from './transcript.ts';

const PROMPT = 'lb$ ';
const NARROW = 480;
const RESET = '\x1bc';

export interface XtermOptions {
  readonly screenReader: boolean;
  /** Escape was pressed: from now on Tab leaves. False: something else was pressed since. */
  readonly onLeaving: (leaving: boolean) => void;
  /** Takes the terminal down. */
  readonly signal: AbortSignal;
}

/** Puts a terminal emulator into `element`, with a line editor at its foot. */
export async function openXterm(
  element: HTMLElement,
  shell: Shell,
  transcript: Transcript,
  options: XtermOptions,
): Promise<void> {
  const fontSize = element.clientWidth < NARROW ? 13 : 14;
  // A terminal measures its cells once, so the font must be there before.
  await document.fonts.load(`${fontSize}px "Source Code Pro Variable"`);
  options.signal.throwIfAborted();
  const terminal = new Terminal({
    screenReaderMode: options.screenReader,
    theme: themeOf(element),
    minimumContrastRatio: 4.5,
    fontFamily: getComputedStyle(element).getPropertyValue('--b-mono'),
    fontSize,
    fontWeightBold: 600,
    lineHeight: 1.4,
    drawBoldTextInBrightColors: false,
    scrollback: 2000,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  fit.fit();
  terminal.attachCustomKeyEventHandler(keyboard(terminal, options.onLeaving));

  const view = new XtermView(terminal, shell, transcript);
  const stopReading = transcript.read(view);
  const resize = new ResizeObserver(() => fit.fit());
  resize.observe(element);
  const theme = new MutationObserver(() => (terminal.options.theme = themeOf(element)));
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  options.signal.addEventListener('abort', () => {
    stopReading();
    resize.disconnect();
    theme.disconnect();
    terminal.dispose();
  });
}

/** Keeps what was typed on the last line of the terminal, below everything that is printed. */
class XtermView implements Reader {
  private readonly terminal: Terminal;
  private readonly shell: Shell;
  private readonly transcript: Transcript;
  private editing: Editing = EMPTY;
  private isBusy = true;
  /** Where the prompt is drawn: the row of the cursor, counted from the row of the prompt. Undefined: it is not. */
  private cursorRow: number | undefined;

  constructor(terminal: Terminal, shell: Shell, transcript: Transcript) {
    this.terminal = terminal;
    this.shell = shell;
    this.transcript = transcript;
    terminal.onData((data) => {
      for (const key of keysOf(data)) this.press(key);
    });
    let columns = terminal.cols;
    terminal.onResize(({ cols }) => {
      if (cols !== columns) this.repeat();
      columns = cols;
    });
  }

  add(entry: Entry): void {
    this.erase();
    this.write(entry);
    this.draw();
  }

  clear(): void {
    this.repeat();
  }

  busy(busy: boolean): void {
    this.isBusy = busy;
    if (busy) this.erase();
    else this.draw();
  }

  /** Prints everything again: tables and long lines are laid out for a width. */
  private repeat(): void {
    // In the stream, because what was written before may still be on its way.
    this.terminal.write(RESET);
    this.cursorRow = undefined;
    for (const entry of this.transcript.entries) this.write(entry);
    this.draw();
  }

  private write(entry: Entry): void {
    const typed = entry.kind === 'input' ? line(strong(PROMPT), entry.text) : entry.block;
    this.terminal.write(toAnsi(typed, this.columns));
  }

  private get columns(): number {
    return this.terminal.cols;
  }

  private press(key: Key): void {
    if (key.kind === 'enter') this.enter();
    else if (key.kind === 'interrupt') this.interrupt();
    else if (key.kind === 'tab') this.completeLine();
    else if (key.kind === 'clear-screen') this.transcript.clear();
    else this.show(edit(this.editing, key, this.shell.history.entries));
  }

  private enter(): void {
    const { text } = this.editing;
    this.erase();
    this.editing = EMPTY;
    void this.shell.type(text);
  }

  private interrupt(): void {
    const { text } = this.editing;
    this.editing = EMPTY;
    this.transcript.echo(`${text}^C`);
    void this.shell.interrupt();
  }

  private completeLine(): void {
    const { text, cursor, choices } = this.shell.complete(this.editing.text, this.editing.cursor);
    if (choices.length > 0) {
      this.transcript.echo(text);
      this.transcript.print([line(choices.join('  '))]);
    }
    this.show({ ...this.editing, text, cursor });
  }

  private show(next: Editing): void {
    const last = this.editing;
    this.editing = next;
    if (this.cursorRow === undefined) return;
    const typedAtEnd = last.cursor === last.text.length && next.cursor === next.text.length;
    if (typedAtEnd && next.text.startsWith(last.text)) {
      // Only what is new: a screen reader hears each character once.
      this.terminal.write(next.text.slice(last.text.length) + this.wrapIfFull());
      this.cursorRow = this.layout().cursorRow;
    } else {
      this.erase();
      this.draw();
    }
  }

  private erase(): void {
    if (this.cursorRow === undefined) return;
    this.terminal.write(`${up(this.cursorRow)}\r\x1b[J`);
    this.cursorRow = undefined;
  }

  private draw(): void {
    if (this.isBusy || this.cursorRow !== undefined) return;
    const { lastRow, cursorRow, cursorColumn } = this.layout();
    const back = `${up(lastRow - cursorRow)}\r${cursorColumn === 0 ? '' : `\x1b[${cursorColumn}C`}`;
    this.terminal.write(prompt() + this.editing.text + this.wrapIfFull() + back);
    this.cursorRow = cursorRow;
  }

  /** A terminal leaves its cursor behind the last column of a full row; this takes it to the next one. */
  private wrapIfFull(): string {
    return cellsOf(PROMPT + this.editing.text) % this.columns === 0 ? ' \b' : '';
  }

  private layout(): { readonly lastRow: number; readonly cursorRow: number; readonly cursorColumn: number } {
    const { text, cursor } = this.editing;
    const toCursor = cellsOf(PROMPT + text.slice(0, cursor));
    return {
      lastRow: Math.floor(cellsOf(PROMPT + text) / this.columns),
      cursorRow: Math.floor(toCursor / this.columns),
      cursorColumn: toCursor % this.columns,
    };
  }
}

function prompt(): string {
  return paint(strong(PROMPT));
}

function up(rows: number): string {
  return rows === 0 ? '' : `\x1b[${rows}A`;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** How many columns a text takes, as the terminal counts: East Asian wide characters two, combining marks none. */
function cellsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => {
    if (/\p{Mn}|\p{Me}|\u200b/u.test(character)) return sum;
    return sum + (WIDE.test(character) ? 2 : 1);
  }, 0);
}

/** Keys that must not end in the terminal: those that leave it, and copy and paste. */
function keyboard(terminal: Terminal, onLeaving: (leaving: boolean) => void): (event: KeyboardEvent) => boolean {
  let leaving = false;
  return (event) => {
    if (event.type !== 'keydown' || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return true;
    if (event.key === 'Tab') return !(leaving || event.shiftKey);
    leaving = event.key === 'Escape';
    onLeaving(leaving);
    if (leaving) return false;
    const control = event.ctrlKey && !event.altKey && !event.metaKey;
    if (control && event.key === 'c' && terminal.hasSelection()) return false;
    return !(control && event.key.toLowerCase() === 'v');
  };
}

/** Ink on plate; a hue is a state's (tokens.css). */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--b-${name}`).trim();
  const ink = token('ink');
  return {
    background: token('plate'),
    foreground: ink,
    cursor: ink,
    cursorAccent: token('plate'),
    selectionBackground: `${ink}33`,
    brightBlack: token('ink3'),
    green: token('well-t'),
    yellow: token('wait-t'),
    red: token('broken-t'),
    blue: token('moving-t'),
    magenta: token('aside-t'),
  };
}
