// Global types of the scripts of a page, for type checking only, like `protocol.d.ts`.

type Control = import('./form.js').Control;

/** The controls of a demo, by name. */
type Controls = Map<string, Control>;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The code editor of a control for WGSL. */
type Editor = ReturnType<typeof import('./editor.js').createEditor>;

/** The file input of a control for long texts. */
type FilePicker = import('./files.js').FilePicker;

type ChosenFile = InputFile & {
  /** Whether a run has started with it: the worker could read it as text. */
  readable: boolean;
};

/** Called with an empty text for a new file or none, else with why a file cannot be used. */
type OnFileChange = (error: string) => void;

type FileDragEvent = DragEvent & { dataTransfer: DataTransfer };

type StorageName = 'localStorage' | 'sessionStorage';

/** A run for the page's worker, which loads the WebAssembly module of the lesson. */
type PageRequest = RunRequest & { lesson: string };

/** What the runner tells a demo: updates of its run, and the state of the worker. */
type RunnerMessage =
  | RunUpdate
  /** The run waits for the WebAssembly to be loaded, which takes a while. */
  | { type: 'loading' }
  /** The run waits for the worker, which is ready. */
  | { type: 'waiting' }
  /** No message from the worker for a while. */
  | { type: 'silent'; loading: boolean };

type Notify = (message: RunnerMessage) => void;

interface Job {
  run: number;
  /** The demo; at most one run of an owner is in the worker. */
  owner: object;
  request: PageRequest;
  notify: Notify;
  /** A newer run of the same owner, which starts when this one has ended. */
  next: Job | null;
}

/** What a scrubber is set to, and whether the reader has moved it. */
interface ScrubberState {
  at: number;
  moved: boolean;
}

// The scripts look for HTML elements only, never for SVG.
interface Element {
  closest<E extends HTMLElement = HTMLElement>(selector: string): E | null;
}

interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selector: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends HTMLElement = HTMLElement>(selector: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selector: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends HTMLElement = HTMLElement>(selector: string): NodeListOf<E>;
}
