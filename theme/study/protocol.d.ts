// Types of the messages between a page (`runner.js`) and its worker (`worker.js`), and of the data in
// them. Global, and only for type checking: the build does not copy this file into the site.

// Scores: the format of `cargo study grade --format json`, `crates/grading/src/report.rs`.

type Part = 'checks' | 'quiz';

type CheckStatus = 'passed' | 'failed' | 'unfinished' | 'timeout' | 'unavailable';

/** A line of a source file; lines count from 1. */
interface Place {
  file: string;
  line: number;
}

interface CheckResult {
  /** The check's name, or the question's id. */
  name: string;
  title: string;
  status: CheckStatus;
  /** Points reached: all or none. */
  points: number;
  /** Points to be had. */
  max_points: number;
  /** The anchor on the lesson's page. */
  section?: string;
  message?: string;
  place?: Place;
}

/** The scores of one part of one lesson. */
interface Sheet {
  lesson: string;
  part: Part;
  /** Hash of the checks or of the quiz, 16 hexadecimal digits. */
  hash: string;
  points: number;
  max_points: number;
  checks: CheckResult[];
}

interface Progress {
  format: 'genai-study-buddy/progress/2';
  sheets: Sheet[];
}

// What a demo reports: `Event` in `crates/demo/src/context.rs`.

interface ProgressReport {
  type: 'progress';
  what: string;
  done: number;
  /** 0 if unknown. */
  total: number;
}

/** A file to save. */
interface OfferedFile {
  type: 'offer';
  name: string;
  /** What it holds, in words. */
  label: string;
  bytes: Uint8Array<ArrayBuffer>;
}

type DemoEvent =
  | ProgressReport
  | OfferedFile
  | { type: 'views'; html: string; summary: string }
  | { type: 'score'; sheet: Sheet };

// Page → worker.

type Subject = 'reference' | 'yours';

/** What a run is to compute on; with `auto` the worker chooses. */
type WantedBackend = 'auto' | Backend;

type Backend = 'cpu' | 'gpu';

interface InputFile {
  /** Unique in the page, so that two files of the same name are told apart. */
  id: number;
  file: File;
  /** Whether it is read as it is, not as text. */
  binary: boolean;
}

interface RunRequest {
  demo: string;
  subject: Subject;
  backend: WantedBackend;
  /** Values of controls as text, by the controls' names. */
  inputs: Record<string, string>;
  /** Files of controls, or in place of the values of text controls, by the controls' names. */
  files: Record<string, InputFile>;
}

type RunMessage = { type: 'run'; run: number } & RunRequest;

type ToWorker = RunMessage | { type: 'cancel'; run: number } | { type: 'ping' };

// Worker → page.

/** The outcome or an intermediate result of a run. */
type RunUpdate =
  | { type: 'started'; backend: Backend; label: string }
  | { type: 'event'; event: DemoEvent }
  | { type: 'done'; ms: number }
  // `control` is the one with the bad value; `file` the id of a file that is not text.
  | { type: 'error'; message: string; control?: string | null; file?: number }
  | { type: 'cancelled' }
  | { type: 'panic'; message: string; place?: Place | null };

type FromWorker =
  | { type: 'ready' }
  | { type: 'broken'; message: string }
  | { type: 'pong' }
  | (RunUpdate & { run: number });

/** What the worker does for a module, as the global `studyHost`: `crates/demo/src/host.rs`. */
interface Host {
  /** A file of the book's models; rejected with a text, or with null if the run was cancelled. */
  asset(run: number, name: string): Promise<Uint8Array>;
  /** The bytes of the file of a control. */
  file(run: number, control: string): Uint8Array | undefined;
  /** Offers a file; its bytes lie in the memory of the module. */
  offer(run: number, name: string, label: string, bytes: Uint8Array): void;
}

/** The exports of a page's WebAssembly module: `crates/page/src/worker.rs`. */
interface DemosModule {
  default(init: { module_or_path: URL }): Promise<unknown>;
  /** `post` receives messages of type `RunUpdate & { run: number }` as JSON. */
  prepare(post: (json: string) => void): void;
  start(run: number, demo: string, subject: Subject, backend: WantedBackend, inputs: string): Promise<void>;
  cancel(run: number): void;
}
