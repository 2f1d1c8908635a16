// The Node binding: the golden cases, errors, cancelling, and that every function of the header is reachable.
// Usage: SEKISHO_ADDON=… SEKISHO_PATTERNS=… node --test node_test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const sekisho = require(path.join(here, '../../bindings/node/index.js'));
const cases = JSON.parse(fs.readFileSync(path.join(here, 'cases.json'), 'utf8'));
const roster = Buffer.from(cases[0].base64, 'base64');

const rules = await sekisho.Rules.load({ cache: '' });
const policy = await sekisho.Policy.load(undefined, { rules });

function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'sekisho-node-'));
}

function same(case_, result) {
  const want = case_.expect;
  assert.equal(result.state, want.state, case_.name);
  assert.deepEqual(result.reasons.map((r) => r.code), want.reasons);
  assert.deepEqual(Object.fromEntries(result.findings.map((f) => [f.element, [f.confidence, f.count]])), want.elements);
  if (want.format) assert.equal(result.format, want.format);
  if (want.persons) assert.deepEqual([result.persons.min, result.persons.max], want.persons);
  if (want.place) {
    const { element, ...fields } = want.place;
    const place = result.findings.find((f) => f.element === element).places[0];
    for (const k in fields) assert.equal(place[k], fields[k], k);
  }
}

test('golden cases: Buffer, path, descriptor', async () => {
  const dir = folder();
  const scanner = await sekisho.Scanner.create(rules, policy);
  for (const c of cases) {
    const bytes = Buffer.from(c.base64, 'base64');
    const file = path.join(dir, c.name);
    fs.writeFileSync(file, bytes);
    same(c, await scanner.scan(bytes, { name: c.name }));
    same(c, await scanner.scan(file));
    const fd = fs.openSync(file);
    same(c, await scanner.scan(fd, { name: c.name }));
    fs.closeSync(fd);
  }
  fs.rmSync(dir, { recursive: true });
});

test('calls of one scanner wait for each other, several run at once', async () => {
  const scanners = await Promise.all([1, 2, 3].map(() => sekisho.Scanner.create(rules, policy)));
  const results = await Promise.all(Array.from({ length: 60 }, (_, i) => scanners[i % 3].scan(roster, { name: 'a.csv' })));
  for (const r of results) assert.deepEqual(r.persons, { min: 2, max: 2 });
});

test('judging, and the same as the command', async () => {
  const dir = folder();
  fs.writeFileSync(path.join(dir, '名簿.csv'), roster);
  const steps = [];
  const { status, output } = await sekisho.scanTree(rules, policy, {
    paths: [dir], asPrefix: '/share/総務課/共有', format: 'jsonl', jobs: 1, progress: (p) => steps.push(p) });
  assert.equal(status, 1);
  const line = output.toString().trim().split('\n').map(JSON.parse).find((l) => l.record === 'file');
  const scanner = await sekisho.Scanner.create(rules, policy);
  const { judgement } = await scanner.scan(roster, { name: '名簿.csv', judge: { path: '/share/総務課/共有/名簿.csv' } });
  assert.deepEqual([judgement.grade, judgement.location], [line.label.grade, line.location]);
  const slip = await sekisho.check(rules, policy, { files: [path.join(dir, '名簿.csv')], dest: 'D-PUBLIC', format: 'json' });
  const verdict = JSON.parse(slip.output).verdict;
  assert.equal(slip.status, { allow: 0, deny: 1, undetermined: 2, conditions: 3 }[verdict]);
  fs.rmSync(dir, { recursive: true });
});

test('errors carry code, both languages and every mistake', async () => {
  const dir = folder();
  const file = path.join(dir, 'p.yaml');
  fs.writeFileSync(file, 'policy: {id: x, nonsense: 1}\nother: 2\n');
  const e = await sekisho.Policy.load(file).then(assert.fail, (x) => x);
  assert.equal(e.code, 'SEKI_E_RULES');
  assert.ok(e.ja && e.en && e.problems.length > 1 && e.problems.every((p) => p.line > 0));
  const scanner = await sekisho.Scanner.create(rules);
  assert.equal((await scanner.scan('/nonexistent/file').then(assert.fail, (x) => x)).code, 'SEKI_E_IO');
  await assert.rejects(sekisho.scanTree(rules, policy, { paths: [dir], noSuchOption: 1 }), TypeError);
  await assert.rejects(scanner.scan({}), TypeError);
  await assert.rejects(scanner.scan(roster, { judge: { path: '/' } }), TypeError);
  fs.rmSync(dir, { recursive: true });
});

test('objects of another kind are refused', () => {
  const native = require(process.env.SEKISHO_ADDON);
  for (const wrong of [{}, policy.handle, null, 1]) {
    assert.throws(() => native.rulesInfo(wrong), TypeError);
    assert.throws(() => native.scan(wrong, 'x'), TypeError);
  }
});

test('AbortSignal stops a scan and a tree', async () => {
  const big = Buffer.concat(Array(40000).fill(roster));
  const scanner = await sekisho.Scanner.create(rules, policy);
  const stop = new AbortController();
  const scanning = scanner.scan(big, { name: 'a.csv', signal: stop.signal });
  setTimeout(() => stop.abort(), 5);
  assert.equal((await scanning.then(assert.fail, (x) => x)).code, 'SEKI_E_CANCELLED');
  same(cases[0], await scanner.scan(roster, { name: cases[0].name })); // and the scanner goes on
});

test('the store: scan, log, report, evidence', async () => {
  const dir = folder();
  fs.mkdirSync(path.join(dir, 'share'));
  fs.writeFileSync(path.join(dir, 'share/名簿.csv'), roster);
  const state = path.join(dir, 'state.db');
  await sekisho.scanTree(rules, policy, { paths: [path.join(dir, 'share')], asPrefix: '/share/総務課/共有', state });
  await sekisho.logVerify(state);
  const { output } = await sekisho.report({ state, kind: 'inventory', format: 'json' });
  assert.ok(JSON.parse(output));
  fs.rmSync(dir, { recursive: true });
});

test('labels, the own register, descriptors, the local page', async () => {
  const dir = folder();
  const at = (n) => path.join(dir, n);
  fs.writeFileSync(at('people.csv'), '被保険者番号,氏名,生年月日\n1234567,山田太郎,1980/01/02\n');
  await sekisho.secretCreate(at('own.key'));
  const info = await sekisho.indexBuild(rules, at('people.csv'), at('own.idx'), at('own.key'));
  assert.equal(info.records, 1);
  assert.equal((await sekisho.indexShow(at('own.idx'), at('own.key'))).digest, info.digest);
  const scanner = await sekisho.Scanner.create(rules, policy, { index: at('own.idx'), indexKey: at('own.key') });
  assert.equal((await scanner.scan(roster, { name: '名簿.csv' })).ownPersons, 1);
  fs.writeFileSync(at('名簿.csv'), roster);
  assert.match((await sekisho.label(rules, policy, { paths: [at('名簿.csv')], format: 'json' })).output.toString(), /L2/);
  const fd = fs.openSync(at('名簿.csv'));
  const checked = await sekisho.check(rules, policy, { files: ['a.csv'], fds: [fd], dest: 'D-OTHER' });
  assert.equal(checked.status, 1);
  assert.equal(JSON.parse(checked.json).verdict, 'deny');
  fs.closeSync(fd);
  const stop = new AbortController();
  let url;
  await sekisho.serve(rules, policy, { signal: stop.signal, started: (u) => { url = u; stop.abort(); } });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\//);
  fs.rmSync(dir, { recursive: true });
});

test('rules, formats, render', async () => {
  assert.ok(rules.items.some((i) => i.element === 'personal_number'));
  assert.deepEqual((await rules.test()).failed, 0);
  assert.equal((await rules.diff(rules)).changes, 0);
  assert.ok(sekisho.formats().some((f) => f.name === 'xlsx' && f.readable));
  assert.match(await policy.render({ html: true }), /<table/);
});

test('the upload filter of the examples', async () => {
  const server = await require(path.join(here, '../../bindings/node/examples/upload_filter.js'))(0);
  const put = (name, bytes) => new Promise((done) => {
    const r = http.request({ port: server.address().port, host: '127.0.0.1', path: '/' + encodeURIComponent(name), method: 'PUT' }, (a) => {
      a.resume().on('end', () => done(a.statusCode));
    });
    r.end(bytes);
  });
  const at = (n) => Buffer.from(cases.find((c) => c.name === n).base64, 'base64');
  assert.equal(await put('名簿.csv', roster), 403);
  assert.equal(await put('議事録.txt', at('議事録.txt')), 200);
  assert.equal(await put('鍵付き.7z', at('鍵付き.7z')), 422);
  server.close();
});

test('every function of the header is used', () => {
  const header = fs.readFileSync(path.join(here, '../../include/sekisho/sekisho.h'), 'utf8');
  const source = ['addon.c', 'job.c', 'values.c'].map((f) => fs.readFileSync(path.join(here, '../../bindings/node/src', f), 'utf8')).join('');
  const names = [...header.matchAll(/SEKI_API[^;]*?\b(seki_\w+)\(/g)].map((m) => m[1]);
  assert.ok(names.length > 40);
  assert.deepEqual(names.filter((n) => !new RegExp('\\b' + n + '\\b').test(source)), []);
});
