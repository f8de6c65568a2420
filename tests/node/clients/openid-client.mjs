// openid-client, which registers itself (RFC 7591), logs a user in with what it was given, and then manages and ends its registration (RFC 7592).
import { load } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

const client = await load('openid-client');
const issuer = new URL(process.env.ISSUER);
const callback = 'http://127.0.0.1:18767/callback';

const config = await client.dynamicClientRegistration(
  issuer,
  {
    client_name: 'Openid',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'invoices.read invoices.create',
    // Its own choice where it is given a secret.
    token_endpoint_auth_method: 'client_secret_post',
  },
  undefined,
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
);
const metadata = config.clientMetadata();

const verifier = client.randomPKCECodeVerifier();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope: 'invoices.read',
  state: 'xyz',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
const answer = await new Browser().authorize(address.href, callback, 'carol');
const tokens = await client.authorizationCodeGrant(config, new URL(answer), { pkceCodeVerifier: verifier, expectedState: 'xyz' });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);

// RFC 7592, for which it has no functions.
let token = metadata.registration_access_token;
const manage = async (method, body) => {
  const response = await fetch(metadata.registration_client_uri, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const json = response.status === 200 ? await response.json() : {};
  token = json.registration_access_token ?? token;
  return { status: response.status, json };
};
const read = await manage('GET');
const { registration_access_token, registration_client_uri, client_secret_expires_at, client_id_issued_at, ...own } = read.json;
const updated = await manage('PUT', { ...own, client_name: 'Renamed', scope: 'invoices.read' });
const refused = await manage('PUT', { ...own, redirect_uris: ['http://app.example/callback'] });
const ended = await manage('DELETE');
const late = await client.refreshTokenGrant(config, refreshed.refresh_token).catch(error => error.status);

report({
  method: metadata.token_endpoint_auth_method,
  registered: metadata.scope,
  sub: claims(tokens.access_token).sub,
  client: claims(tokens.access_token).client_id === metadata.client_id,
  refreshed: refreshed.access_token !== tokens.access_token,
  read: [read.status, read.json.client_name, read.json.client_secret ?? null],
  updated: [updated.status, updated.json.client_name, updated.json.scope],
  refused: refused.status,
  ended: ended.status,
  late,
});
