'use strict';
// An HTTP upload filter: PUT a file, get 200 when it holds nothing above L1, 403 with the reasons when it does, 422 when it could not be
// inspected whole. Nothing is stored.
//
//   node upload_filter.js [PORT] [POLICY]
const http = require('node:http');
const sekisho = require('..');

const LIMIT = 64 << 20;

async function body(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LIMIT) throw Object.assign(new Error('larger than 64 MiB'), { http: 413 });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function main(port = 8080, policyFile) {
  const rules = await sekisho.Rules.load();
  const policy = await sekisho.Policy.load(policyFile, { rules });
  // One scanner for each thread of libuv's pool that may work at once.
  const scanners = await Promise.all([0, 1].map(() => sekisho.Scanner.create(rules, policy)));
  let turn = 0;

  const server = http.createServer(async (request, response) => {
    const answer = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value) + '\n');
    try {
      const name = decodeURIComponent(request.url.slice(1));
      const result = await scanners[turn++ % scanners.length].scan(await body(request), { name, judge: { path: '/' + name } });
      const grade = result.judgement.grade;
      const found = result.findings.map((f) => ({ element: f.element, count: f.count }));
      if (grade > 'L1') answer(403, { grade, persons: result.persons, found });
      else if (result.state !== 'inspected') answer(422, { state: result.state, reasons: result.reasons });
      else answer(200, { grade });
    } catch (e) {
      answer(e.http || 500, { error: e.ja || e.message });
    }
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(server)));
}

module.exports = main;
if (require.main === module) {
  main(Number(process.argv[2] || 8080), process.argv[3]).then((s) => console.log('http://127.0.0.1:%d/', s.address().port));
}
