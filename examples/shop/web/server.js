'use strict';

const express = require('express');
const session = require('express-session');
const api = require('./api');
const pages = require('./pages');

const production = process.env.NODE_ENV === 'production';
const port = process.env.PORT || 3000;

const app = express();
app.disable('x-powered-by');

app.get('/healthz', (request, response) => response.json({ status: 'ok' }));
if (!production) app.use('/api', api.forward);

app.use(express.urlencoded({ extended: false }));
app.use(session({
  secret: process.env.COOKIE_SECRET || 'changeme',
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: 'lax', secure: production },
}));

app.get('/', async (request, response) => {
  response.send(pages.home(request.session.name, await api.call('/products')));
});

app.get('/products/:id', async (request, response) => {
  const product = await api.call(`/products/${encodeURIComponent(request.params.id)}`);
  response.send(pages.product(request.session.name, product));
});

app.post('/products/:id/buy', async (request, response) => {
  const order = await api.call(`/products/${encodeURIComponent(request.params.id)}/buy`, {
    method: 'POST',
    token: request.session.token,
  });
  response.send(pages.thanks(request.session.name, order));
});

app.get('/login', (request, response) => response.send(pages.login()));

app.post('/login', async (request, response) => {
  const { name, password } = request.body;
  const customer = await api.call('/login', { method: 'POST', body: { name, password } });
  request.session.name = customer.name;
  request.session.token = customer.token;
  response.redirect(303, '/account');
});

app.get('/account', async (request, response) => {
  const me = await api.call('/me', { token: request.session.token });
  response.send(pages.account(me));
});

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof api.Refusal) {
    const page = error.status === 401 ? pages.login(error.message) : pages.failed(request.session.name, error.message);
    return response.status(error.status).send(page);
  }
  console.error(`${request.method} ${request.path}:`, error.message, error.cause?.code ?? '');
  response.status(502).send(pages.failed(null, 'The shop is closed for a moment. Please come back soon.'));
});

const server = app.listen(port, () => console.log(`web listens on :${port}`));
process.on('SIGTERM', () => server.close());
