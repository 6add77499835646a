'use strict';

const base = process.env.API_URL || 'http://localhost:5000';

// An answer of the api that is no success; its message is meant for customers.
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// call sends a request to the api and returns the JSON that it answers.
async function call(path, { method = 'GET', token, body } = {}) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  const answer = await fetch(base + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, json.error);
  return json;
}

// forward passes what a browser asks for under /api on to the api. Only in
// development: in production the ingress does.
async function forward(request, response) {
  const answer = await fetch(base + request.url);
  response.status(answer.status);
  response.type(answer.headers.get('content-type') || 'application/octet-stream');
  response.send(Buffer.from(await answer.arrayBuffer()));
}

module.exports = { call, forward, Refusal };
