// @badgateway/oauth2-client, which finds everything by metadata: as the public demo-spa, demo-web, demo-service and the resource server demo-api.
import { load } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

const { OAuth2Client, OAuth2Fetch, generateCodeVerifier } = await load('@badgateway/oauth2-client');
const issuer = new URL(process.env.ISSUER);
const callback = 'http://127.0.0.1:18766/callback';
const client = (clientId, clientSecret) => new OAuth2Client({
  server: issuer.href,
  discoveryEndpoint: `/.well-known/oauth-authorization-server${issuer.pathname}`,
  clientId,
  clientSecret,
});
const api = client('demo-api', 'demo-api-secret-0123456789abcdefgh');

const flow = async (who, more) => {
  const codeVerifier = await generateCodeVerifier();
  const parameters = { redirectUri: callback, state: 'xyz', codeVerifier };
  const address = await who.authorizationCode.getAuthorizeUri({ ...parameters, scope: ['invoices.read', 'invoices.create'], ...more });
  const answer = await new Browser().authorize(address, callback, 'carol');
  return who.authorizationCode.getTokenFromCodeRedirect(answer, parameters);
};

const spa = client('demo-spa');
const first = await flow(spa, { resource: 'https://api.demo.example' });
const second = await spa.refreshToken(first, { scope: ['invoices.read'] });
const before = await api.introspect(second);
await spa.revoke(second, 'refresh_token');
const after = await api.introspect(second);
const late = await spa.refreshToken(second).catch(error => [error.httpCode, error.oauth2Code]);

const web = await flow(client('demo-web', 'demo-web-secret-0123456789abcdefgh'), { extraParams: { organization: 'acme' } });
const service = await client('demo-service', 'demo-service-secret-0123456789abcdef')
  .clientCredentials({ scope: ['invoices.create'], extraParams: { organization: 'acme' } });
const denied = await client('demo-service', 'wrong').clientCredentials().catch(error => [error.httpCode, error.oauth2Code]);
const fetched = await new OAuth2Fetch({ client: spa, getNewToken: () => flow(spa), scheduleRefresh: false })
  .fetch(`${issuer.href}/.well-known/oauth-authorization-server`);

report({
  sub: claims(first.accessToken).sub,
  aud: claims(first.accessToken).aud,
  refreshed: second.accessToken !== first.accessToken && second.refreshToken !== first.refreshToken,
  before: [before.active, before.scope, before.client_id, before.sub],
  after,
  late,
  web: [claims(web.accessToken).client_id, claims(web.accessToken).organization_id],
  service: [claims(service.accessToken).sub, claims(service.accessToken).scope],
  denied,
  fetched: fetched.status,
});
