'use strict';
// Sekisho (関所) for Node: promises over libsekisho; the work is done on libuv's threads. sekisho.h is the manual.
const path = require('node:path');

const native = require(process.env.SEKISHO_ADDON || path.join(__dirname, 'build/Release/sekisho.node'));

// JavaScript's names for the header's: asOf -> as_of, paths stay paths.
const snake = (options = {}) =>
  Object.fromEntries(Object.entries(options).map(([k, v]) => [k.replace(/[A-Z]/g, (c) => '_' + c.toLowerCase()), v]));

const OWN = Symbol('made by load()');

class Rules {
  constructor(key, handle) {
    if (key !== OWN) throw new TypeError('use Rules.load()');
    this.handle = handle;
    Object.assign(this, native.rulesInfo(handle));
  }
  static async load(options) {
    return new Rules(OWN, await native.rules(snake(options)));
  }
  test() {
    return native.rulesTest(this.handle);
  }
  diff(newer, { policy, paths = [], language } = {}) {
    return native.rulesDiff(this.handle, newer.handle, policy && policy.handle, paths, language);
  }
}

class Policy {
  constructor(key, handle) {
    if (key !== OWN) throw new TypeError('use Policy.load()');
    this.handle = handle;
    Object.assign(this, native.policyInfo(handle));
  }
  static async load(file, { rules } = {}) {
    return new Policy(OWN, await native.policy(file, rules && rules.handle));
  }
  render({ html = false, language } = {}) {
    return native.policyRender(this.handle, language, html);
  }
  diff(newer, { state, language } = {}) {
    return native.policyDiff(this.handle, language, newer.handle, state);
  }
  coverage(paths, { language } = {}) {
    return native.policyCoverage(this.handle, language, paths);
  }
}

// A scanner works on one file at a time: calls wait for each other. Make several to scan several at once.
class Scanner {
  constructor(key, handle, policy) {
    if (key !== OWN) throw new TypeError('use Scanner.create()');
    this.handle = handle;
    this.policy = policy;
    this.last = Promise.resolve();
  }
  static async create(rules, policy, options) {
    return new Scanner(OWN, await native.scanner(rules.handle, policy && policy.handle, snake(options)), policy);
  }
  // input: a path, the number of an open file, or a Buffer (left alone until the promise settles).
  scan(input, { name, judge, signal } = {}) {
    const turn = this.last.then(async () => {
      if (signal) signal.throwIfAborted();
      if (judge && !this.policy) throw new TypeError('judge: the scanner has no policy');
      const stop = () => native.cancelScanner(this.handle);
      const scanned = native.scan(this.handle, input, name, judge ? this.policy.handle : undefined, snake(judge));
      if (signal) signal.addEventListener('abort', stop, { once: true });
      try {
        return await scanned;
      } finally {
        if (signal) signal.removeEventListener('abort', stop);
      }
    });
    this.last = turn.catch(() => {});
    return turn;
  }
}

// Runs a call that a token can stop, for as long as the signal lets it.
async function stoppable(signal, start) {
  if (signal) signal.throwIfAborted();
  const token = native.token();
  const stop = () => native.cancel(token);
  const running = start(token);
  if (signal) signal.addEventListener('abort', stop, { once: true });
  try {
    return await running;
  } finally {
    if (signal) signal.removeEventListener('abort', stop);
  }
}

function scanTree(rules, policy, { progress, signal, ...options }) {
  return stoppable(signal, (token) => native.scanTree(rules.handle, policy.handle, snake(options), progress, token));
}

function label(rules, policy, { signal, ...options }) {
  return stoppable(signal, (token) => native.label(rules.handle, policy.handle, snake(options), token));
}

// Settles when the signal is aborted.
function serve(rules, policy, { started, signal, ...options }) {
  return stoppable(signal, (token) => native.serve(rules.handle, policy.handle, snake(options), started, token));
}

async function check(rules, policy, options) {
  if (options.fds && options.fds.length !== options.files.length) throw new TypeError('fds: one for each of files is wanted');
  return native.check(rules.handle, policy.handle, snake(options));
}

module.exports = {
  ...native.version(),
  formats: native.formats,
  Rules,
  Policy,
  Scanner,
  scanTree,
  label,
  serve,
  check,
  report: ({ policy, ...options }) => native.report(snake(options), policy && policy.handle),
  evidence: (state, finding, folder, { known, language } = {}) => native.evidence(state, finding, folder, known, language),
  evidenceMake: (options) => native.evidenceMake(snake(options)),
  evidenceContent: native.evidenceContent,
  evidenceVerify: native.evidenceVerify,
  logVerify: native.logVerify,
  keyCreate: native.keyCreate,
  keyShow: native.keyShow,
  secretCreate: native.secretCreate,
  indexBuild: (rules, people, output, secret) => native.indexBuild(rules.handle, people, output, secret),
  indexShow: native.indexShow,
  selftest: (rules, policy) => native.selftest(rules.handle, policy.handle),
};
