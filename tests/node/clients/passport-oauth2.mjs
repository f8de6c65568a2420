// passport-oauth2 in a small web application with sessions: demo-web.
import { createServer } from 'node:http';
import { require } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

const { Strategy } = require('passport-oauth2');
const issuer = process.env.ISSUER;
const session = {};
let callback;

const strategy = () => new Strategy(
  {
    authorizationURL: `${issuer}/oauth2/authorize`,
    tokenURL: `${issuer}/oauth2/token`,
    clientID: 'demo-web',
    clientSecret: 'demo-web-secret-0123456789abcdefgh',
    callbackURL: callback,
    scope: ['invoices.read', 'invoices.approve'],
    state: true,
    pkce: true,
  },
  (accessToken, refreshToken, parameters, profile, done) => done(null, { accessToken, refreshToken, parameters }));

// What passport does with a strategy: one of four things happens.
const authenticate = query => new Promise(resolve => {
  const attempt = strategy();
  attempt.redirect = address => resolve({ redirect: address });
  attempt.success = user => resolve({ user });
  attempt.fail = (challenge, status) => resolve({ failure: [challenge?.message, status] });
  attempt.error = error => resolve({ error: [error.name, error.code ?? error.oauthError?.statusCode] });
  attempt.authenticate({ query, session }, {});
});

const server = createServer(async (request, response) => {
  const result = await authenticate(Object.fromEntries(new URL(request.url, callback).searchParams));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
callback = `http://127.0.0.1:${server.address().port}/callback`;

const browser = new Browser();
const logIn = async (change = answer => answer, parameters = '') => {
  const { redirect } = await authenticate({});
  const answer = await browser.authorize(redirect + parameters, callback, 'carol');
  return (await fetch(change(answer))).json();
};
const oauth2 = () => strategy()._oauth2;
const exchange = (code, parameters) => new Promise(resolve => oauth2().getOAuthAccessToken(
  code, parameters, (error, accessToken, refreshToken) => resolve(error ? [error.statusCode, JSON.parse(error.data).error] : { accessToken, refreshToken })));

const { user } = await logIn();
const refreshed = await exchange(user.refreshToken, { grant_type: 'refresh_token' });
const machine = await exchange('', { grant_type: 'client_credentials' });
const forged = await logIn(answer => answer.replace(/state=[^&]*/, 'state=forged'));
const swapped = await logIn(answer => answer.replace(/code=[^&]*/, 'code=another'));
const declined = await logIn(answer => answer, '&prompt=none&max_age=0');
server.close();

report({
  sub: claims(user.accessToken).sub,
  scope: user.parameters.scope,
  type: user.parameters.token_type,
  refreshed: refreshed.accessToken !== user.accessToken && refreshed.refreshToken !== user.refreshToken && claims(refreshed.accessToken).sub,
  machine,
  forged: forged.failure,
  swapped: swapped.error,
  declined: declined.error,
});
