// @openid/appauth as an application on a user's machine: the public demo-spa, at a loopback port of its own (RFC 8252).
import { register } from 'node:module';
import { require, load } from '../packages.mjs';
import { Browser, claims, report } from './browser.mjs';

// The package names its modules without .js, for bundlers.
register(`data:text/javascript,${encodeURIComponent(`
  export async function resolve(specifier, context, next) {
    try {
      return await next(specifier, context);
    } catch (error) {
      for (const ending of specifier.startsWith('.') ? ['.js', '/index.js'] : []) {
        try { return await next(specifier + ending, context); } catch {}
      }
      throw error;
    }
  }`)}`);
const appauth = await load('@openid/appauth');
const { NodeCrypto } = await import(new URL('node_support/crypto_utils.js', new URL(`file://${require.resolve('@openid/appauth')}`)));
const { NodeRequestor } = await import(new URL('node_support/node_requestor.js', new URL(`file://${require.resolve('@openid/appauth')}`)));

const issuer = process.env.ISSUER;
const callback = 'http://127.0.0.1:18767/callback';
const clientId = 'demo-spa';

// As the library's own handlers do, with a browser that does what its user would.
class TestHandler extends appauth.AuthorizationRequestHandler {
  constructor() {
    super(new appauth.BasicQueryStringUtils(), new NodeCrypto());
  }

  async performAuthorizationRequest(configuration, request) {
    await request.setupCodeVerifier();
    const answer = new URL(await new Browser().authorize(this.buildRequestUrl(configuration, request), callback, 'carol')).searchParams;
    this.answer = answer.has('error')
      ? { request, response: null, error: new appauth.AuthorizationError({ error: answer.get('error'), state: answer.get('state') }) }
      : { request, response: new appauth.AuthorizationResponse({ code: answer.get('code'), state: answer.get('state') }), error: null };
    await this.completeAuthorizationRequestIfPossible();
  }

  completeAuthorizationRequest() {
    return Promise.resolve(this.answer);
  }
}

const authorize = async (configuration, scope, extras) => {
  const notifier = new appauth.AuthorizationNotifier();
  const heard = new Promise(resolve => notifier.setAuthorizationListener((request, response, error) => resolve({ request, response, error })));
  const handler = new TestHandler();
  handler.setAuthorizationNotifier(notifier);
  const request = new appauth.AuthorizationRequest(
    { client_id: clientId, redirect_uri: callback, scope, response_type: appauth.AuthorizationRequest.RESPONSE_TYPE_CODE, extras }, new NodeCrypto(), true);
  await handler.performAuthorizationRequest(configuration, request);
  return heard;
};

// It looks for OpenID providers only, so it is given what OAuth metadata says.
const configuration = new appauth.AuthorizationServiceConfiguration(await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json());
const tokens = new appauth.BaseTokenRequestHandler(new NodeRequestor());
const redeem = (grant, more) => tokens.performTokenRequest(
  configuration, new appauth.TokenRequest({ client_id: clientId, redirect_uri: callback, grant_type: grant, ...more }));
const refusal = promise => promise.then(() => 'no refusal', error => error.message ?? String(error));

const { request, response } = await authorize(configuration, 'invoices.read invoices.create', { prompt: 'consent', access_type: 'offline' });
const first = await redeem(appauth.GRANT_TYPE_AUTHORIZATION_CODE, { code: response.code, extras: { code_verifier: request.internal.code_verifier } });
const second = await redeem(appauth.GRANT_TYPE_REFRESH_TOKEN, { refresh_token: first.refreshToken });
const revoked = await tokens.performRevokeTokenRequest(
  configuration, new appauth.RevokeTokenRequest({ token: second.refreshToken, token_type_hint: 'refresh_token', client_id: clientId }));
const late = await refusal(redeem(appauth.GRANT_TYPE_REFRESH_TOKEN, { refresh_token: second.refreshToken }));
const silent = await authorize(configuration, 'invoices.read', { prompt: 'none' });

report({
  state: response.state === request.state,
  sub: claims(first.accessToken).sub,
  scope: first.scope,
  type: first.tokenType,
  expiresIn: first.expiresIn,
  refreshed: second.accessToken !== first.accessToken && second.refreshToken !== first.refreshToken,
  revoked,
  late,
  silent: silent.error?.error,
});
