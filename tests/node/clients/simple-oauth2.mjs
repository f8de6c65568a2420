// simple-oauth2 as the confidential demo-web, and as the service demo-service.
import { createHash, randomBytes } from 'node:crypto';
import { require } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

const { AuthorizationCode, ClientCredentials } = require('simple-oauth2');
const issuer = new URL(process.env.ISSUER);
const callback = 'http://127.0.0.1:18765/callback';

const configuration = (id, secret, more) => ({
  client: { id, secret },
  auth: {
    tokenHost: issuer.origin,
    tokenPath: `${issuer.pathname}/oauth2/token`,
    revokePath: `${issuer.pathname}/oauth2/revoke`,
    ...more,
  },
});

const web = new AuthorizationCode(
  configuration('demo-web', 'demo-web-secret-0123456789abcdefgh', { authorizePath: `${issuer.pathname}/oauth2/authorize` }));
const verifier = randomBytes(32).toString('base64url');
const state = 'a state & more';
const address = web.authorizeURL({
  redirect_uri: callback,
  scope: ['invoices.read', 'invoices.create'],
  state,
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});
const answer = new URL(await new Browser().authorize(address, callback, 'carol')).searchParams;
const token = await web.getToken({ code: answer.get('code'), redirect_uri: callback, code_verifier: verifier });
const refreshed = await token.refresh();
const narrowed = await refreshed.refresh({ scope: 'invoices.read' });
await narrowed.revoke('refresh_token');
const afterwards = await narrowed.refresh().catch(error => [error.output.statusCode, error.data.payload.error]);
const again = await web.getToken({ code: answer.get('code'), redirect_uri: callback, code_verifier: verifier })
  .catch(error => [error.output.statusCode, error.data.payload.error]);

const service = await new ClientCredentials(configuration('demo-service', 'demo-service-secret-0123456789abcdef'))
  .getToken({ scope: 'invoices.read', organization: 'acme' });

report({
  state: answer.get('state') === state,
  iss: answer.get('iss') === issuer.href,
  sub: claims(token.token.access_token).sub,
  scope: token.token.scope,
  type: token.token.token_type,
  expired: token.expired(),
  refreshed: refreshed.token.access_token !== token.token.access_token && refreshed.token.refresh_token !== token.token.refresh_token,
  narrowed: narrowed.token.scope,
  afterwards,
  again,
  service: [claims(service.token.access_token).sub, service.token.scope, claims(service.token.access_token).organization_id],
});
