// oauth4webapi with DPoP (RFC 9449): as the public demo-spa, whose pushed request, code and refresh token are bound to its key, and as demo-service.
import { load } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

const oauth = await load('oauth4webapi');
const issuer = new URL(process.env.ISSUER);
const callback = 'http://127.0.0.1:8765/callback';
const insecure = { [oauth.allowInsecureRequests]: true };
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));

const spa = { client_id: 'demo-spa' };
const key = await oauth.generateKeyPair('ES256', { extractable: true });
const DPoP = oauth.DPoP(spa, key);
const other = oauth.DPoP(spa, await oauth.generateKeyPair('ES256'));
const thumbprint = await DPoP.calculateThumbprint();
const none = oauth.None();
const refusal = error => [error.status, error.error];

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const pushed = await oauth.processPushedAuthorizationResponse(server, spa, await oauth.pushedAuthorizationRequest(server, spa, none, {
  redirect_uri: callback,
  response_type: 'code',
  scope: 'invoices.read',
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
}, { DPoP, ...insecure }));
const address = new URL(server.authorization_endpoint);
address.searchParams.set('client_id', spa.client_id);
address.searchParams.set('request_uri', pushed.request_uri);
const answer = oauth.validateAuthResponse(server, spa, new URL(await new Browser().authorize(address.href, callback, 'carol')), state);

const redeem = async proof => oauth.processAuthorizationCodeResponse(server, spa,
  await oauth.authorizationCodeGrantRequest(server, spa, none, answer, callback, verifier, { DPoP: proof, ...insecure }));
const stolen = await redeem(other).catch(refusal);
const tokens = await redeem(DPoP);

const refresh = async proof => oauth.processRefreshTokenResponse(server, spa,
  await oauth.refreshTokenGrantRequest(server, spa, none, tokens.refresh_token, { DPoP: proof, ...insecure }));
const without = await refresh(undefined).catch(refusal);
const refreshed = await refresh(DPoP);

const service = { client_id: 'demo-service' };
const serviceSecret = oauth.ClientSecretBasic('demo-service-secret-0123456789abcdef');
const machine = oauth.DPoP(service, key);
let proof;
const response = await oauth.clientCredentialsGrantRequest(server, service, serviceSecret, { organization: 'acme' }, {
  DPoP: machine,
  ...insecure,
  // Keeps the proof that the library made, to present it again.
  [oauth.customFetch]: (url, options) => {
    proof = new Headers(options.headers).get('dpop');
    return fetch(url, options);
  },
});
const own = await oauth.processClientCredentialsResponse(server, service, response);
const replayed = await oauth.clientCredentialsGrantRequest(server, service, serviceSecret, {}, {
  ...insecure,
  [oauth.customFetch]: (url, options) => fetch(url, { ...options, headers: [...new Headers(options.headers), ['dpop', proof]] }),
}).then(again => oauth.processClientCredentialsResponse(server, service, again)).catch(refusal);

const api = { client_id: 'demo-api' };
const introspected = await oauth.processIntrospectionResponse(server, api, await oauth.introspectionRequest(
  server, api, oauth.ClientSecretBasic('demo-api-secret-0123456789abcdefgh'), own.access_token, insecure));

report({
  pushed: pushed.request_uri.startsWith('urn:ietf:params:oauth:request_uri:'),
  sub: claims(tokens.access_token).sub,
  type: tokens.token_type,
  bound: claims(tokens.access_token).cnf.jkt === thumbprint,
  refreshed: refreshed.refresh_token !== tokens.refresh_token && claims(refreshed.access_token).cnf.jkt === thumbprint,
  stolen,
  without,
  replayed,
  introspected: [introspected.active, introspected.token_type, introspected.cnf.jkt === thumbprint],
  service: [claims(own.access_token).sub, own.token_type, claims(own.access_token).cnf.jkt === thumbprint],
});
