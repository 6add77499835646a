'use strict';

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => String(text).replace(/[&<>"]/g, (character) => entities[character]);
const euros = (cents) => `${(cents / 100).toFixed(2)} €`;

function page(title, customer, body) {
  const account = customer
    ? `<a href="/account">${escape(customer)}</a>`
    : '<a href="/login">Log in</a>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(title)}</title>
</head>
<body>
<header><a href="/">The shop</a> ${account}</header>
<h1>${escape(title)}</h1>
${body}
</body>
</html>
`;
}

const photo = (product) =>
  product.photo ? `<img src="/api/uploads/${encodeURIComponent(product.photo)}" alt="">` : '';

const home = (customer, products) => page('Products', customer, `<ul>
${products.map((p) => `<li>${photo(p)}<a href="/products/${p.id}">${escape(p.name)}</a> ${euros(p.price_cents)}</li>`).join('\n')}
</ul>`);

const product = (customer, p) => page(p.name, customer, `${photo(p)}
<p>${euros(p.price_cents)}, ${p.stock > 0 ? `${p.stock} left` : 'sold out'}</p>
<form method="post" action="/products/${p.id}/buy"><button>Buy now</button></form>`);

const login = (message = '') => page('Log in', null, `<p>${escape(message)}</p>
<form method="post" action="/login">
<input name="name" autocomplete="username" required>
<input name="password" type="password" autocomplete="current-password" required>
<button>Log in</button>
</form>`);

const account = (me) => page(me.name, me.name, `<p>Orders so far: ${me.orders}</p>`);

const thanks = (customer, order) =>
  page('Thank you', customer, `<p>Your order has the number ${order.order}.</p>`);

const failed = (customer, message) => page('Sorry', customer, `<p>${escape(message)}</p>`);

module.exports = { home, product, login, account, thanks, failed };
