// Types of the Node binding of libsekisho. Meanings, units and limits are those of sekisho.h.

export const version: string;
export const engines: string;
export function formats(): { name: string; ja: string; en: string; readable: boolean }[];

/** Why a call was refused. A hostile, damaged or encrypted file is no error: it is a state of the result. */
export interface SekishoError extends Error {
  name: 'SekishoError';
  code: 'SEKI_E_USAGE' | 'SEKI_E_RULES' | 'SEKI_E_IO' | 'SEKI_E_MEMORY' | 'SEKI_E_CANCELLED' | 'SEKI_E_INTERNAL';
  /** What happened, where, and what to do. */
  ja: string;
  en: string;
  /** errno, 0 when none. */
  system: number;
  /** Every mistake of a file written by people; line and column are 1-based, 0 = the whole file. */
  problems: { file: string; line: number; column: number; ja: string; en: string }[];
}

export interface Tests {
  run: number;
  failed: number;
}

/** What to look for; may be shared by any number of scanners. */
export class Rules {
  private constructor();
  static load(options?: { directory?: string; cache?: string }): Promise<Rules>;
  readonly version: string;
  readonly digest: string;
  readonly items: { id: string; element: string; ja: string; en: string }[];
  test(): Promise<Tests>;
  /** What differs, a line each; with paths also what that means for the files there. */
  diff(newer: Rules, options?: { policy?: Policy; paths?: string[]; language?: Language }): Promise<{ changes: number; text: string }>;
}

export type Language = 'ja' | 'en';

/** How to judge. Without a file: the default policy beside the installed patterns. */
export class Policy {
  private constructor();
  static load(file?: string, options?: { rules?: Rules }): Promise<Policy>;
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly draft: boolean;
  render(options?: { html?: boolean; language?: Language }): Promise<string>;
  diff(newer: Policy, options?: { state?: string; language?: Language }): Promise<string>;
  coverage(paths: string[], options?: { language?: Language }): Promise<string>;
}

/** Where a person would look. */
export interface Place {
  /** Path inside containers, "!"-separated; "" for the file itself. */
  part: string;
  kind: 'bytes' | 'cell' | 'page' | 'slide' | 'paragraph' | 'part';
  /** Why a reader would not see it; missing when it is visible. */
  hidden?: string;
  offset?: number;
  length?: number;
  line?: number;
  column?: number;
  /** 0-based. */
  row?: number;
  col?: number;
  /** Page, slide or paragraph. */
  number?: number;
}

/** One kind of data that was found; never the data. `count` is exact, `places` are the first max_places. */
export interface Finding {
  element: string;
  confidence: 'high' | 'medium' | 'low';
  count: number;
  places: Place[];
}

export interface Judgement {
  grade: string;
  location: string;
  violations: { code: string; severity: string; ja: string; en: string }[];
}

export interface Result {
  /** Only "inspected" can be clean. */
  state: 'inspected' | 'partial' | 'uninspectable';
  format: string;
  sha256: string;
  persons: { min: number; max: number };
  /** Persons of the own register; only with an index. */
  ownPersons?: number;
  insurers: { number: string; min: number; max: number }[];
  reasons: { code: string; detail: string; part: string }[];
  findings: Finding[];
  judgement?: Judgement;
}

export interface JudgeOptions {
  path: string;
  group?: string;
  mtime?: number;
  worldReadable?: boolean;
  asOf?: string;
}

/** Works on one file at a time: calls wait for each other. Make several to scan several at once. */
export class Scanner {
  private constructor();
  static create(rules: Rules, policy?: Policy, options?: { asOf?: string; maxPlaces?: number; noHelpers?: boolean; index?: string; indexKey?: string }): Promise<Scanner>;
  /** input: a path, the number of an open file, or a Buffer that is left alone until the promise settles. */
  scan(input: string | number | Buffer, options?: { name?: string; judge?: JudgeOptions; signal?: AbortSignal }): Promise<Result>;
}

export interface Output {
  /** Exit status of the command: 0, 1, 2 or 3. */
  status: number;
  /** What was written; empty when `output` named a file. */
  output: Buffer;
  /** A check's JSON, which holds the receipt, whatever the format. */
  json?: Buffer;
}

export interface Progress {
  files: number;
  filesTotal: number;
  bytes: number;
  bytesTotal: number;
  seconds: number;
}

/** Whole trees in locked worker processes. Further options are the fields of seki_tree_options in camelCase. */
export function scanTree(
  rules: Rules,
  policy: Policy,
  options: {
    paths: string[];
    asPrefix?: string;
    state?: string;
    format?: 'text' | 'jsonl' | 'csv' | 'sarif' | 'html';
    output?: string;
    language?: Language;
    asOf?: string;
    jobs?: number;
    full?: boolean;
    verbose?: boolean;
    maxPlaces?: number;
    progress?: (p: Progress) => void;
    signal?: AbortSignal;
    [option: string]: unknown;
  },
): Promise<Output>;

/** May these files be sent? status: 0 送付可, 1 送付不可, 2 判定不能, 3 条件未達; output: the slip. */
export function check(
  rules: Rules,
  policy: Policy,
  options: {
    files: string[];
    /** Descriptors that are read instead; files then only name them. */
    fds?: number[];
    dest: string;
    recipients?: string[];
    approvals?: string[];
    contract?: string;
    requestedBy?: string;
    receipts?: string;
    key?: string;
    format?: 'text' | 'json' | 'html';
    output?: string;
    language?: Language;
    asOf?: string;
    state?: string;
    [option: string]: unknown;
  },
): Promise<Output>;

/** Labels for other tools; applyXattr writes them into files that the caller owns. */
export function label(
  rules: Rules,
  policy: Policy,
  options: { paths: string[]; format?: 'text' | 'csv' | 'json'; output?: string; applyXattr?: boolean; state?: string; signal?: AbortSignal; [option: string]: unknown },
): Promise<Output>;

/** The local page, on a thread of the pool until the signal is aborted; `started` is told the address with its token. */
export function serve(
  rules: Rules,
  policy: Policy,
  options: { started: (url: string) => void; signal: AbortSignal; port?: number; maxBytes?: number; language?: Language; state?: string; key?: string },
): Promise<void>;

export function report(options: {
  state?: string;
  /** Several stores told as one, with the policy they were scanned under. */
  states?: string[];
  policy?: Policy;
  kind: 'nightly' | 'audit' | 'trend' | 'inventory';
  format?: 'text' | 'html' | 'csv' | 'json';
  audience?: 'summary' | 'restricted';
  output?: string;
  language?: Language;
  sample?: number;
  seed?: number;
  [option: string]: unknown;
}): Promise<Output>;

export function evidence(state: string, finding: string, folder: string, options?: { known?: string; language?: Language }): Promise<void>;
/** The same with all options: drill (訓練 on every page), recipient (public key for whom the content is sealed). */
export function evidenceMake(options: {
  state: string;
  finding: string;
  folder: string;
  known?: string;
  language?: Language;
  drill?: boolean;
  recipient?: string;
}): Promise<void>;
/** Opens the sealed content of a bundle with the secret key into a new file. */
export function evidenceContent(folder: string, key: string, output: string): Promise<void>;
export function evidenceVerify(folder: string): Promise<void>;
export function logVerify(state: string): Promise<void>;
/** The site's signing key; keyShow gives the public half, 64 hex digits. */
export function keyCreate(file: string): Promise<void>;
export function keyShow(file: string): Promise<string>;
export interface IndexInfo {
  records: number;
  keys: number;
  without: number;
  made: string;
  digest: string;
}
/** The keyed index of the own insured persons; Individual Numbers are never taken. */
export function secretCreate(file: string): Promise<void>;
export function indexBuild(rules: Rules, people: string, output: string, secret: string): Promise<IndexInfo>;
export function indexShow(index: string, secret: string): Promise<IndexInfo>;
export function selftest(rules: Rules, policy: Policy): Promise<Tests>;
