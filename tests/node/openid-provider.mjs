// An OpenID provider over oidc-provider. Users log in by login_hint alone:
//   <subject>              logs in, with one factor, as a member of Accounting
//   <subject>:mfa          the same with two factors
//   deny                   says no
// Usage: NODE_MODULES=<folder> node openid-provider.mjs <redirect uri> [<id of a second client>]; prints "listening <port>".
// Id tokens have an id, as assertions must.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { load } from './packages.mjs';

const { Provider } = await load('oidc-provider');
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const issuer = `http://127.0.0.1:${port}`;
  server.on('request', handler(issuer));
  console.log(`listening ${port}`);
});

function handler(issuer) {
  const provider = new Provider(issuer, {
    clients: ['iam', process.argv[3]].filter(Boolean).map(client_id => ({
      client_id,
      client_secret: 'a secret: of/the+provider & more, made long enough',
      redirect_uris: [process.argv[2]],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'RS256',
      require_auth_time: true,
    })),
    acrValues: ['urn:example:pwd', 'urn:example:mfa'],
    claims: { openid: ['sub', 'acr', 'amr', 'jti'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of these tests'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, jti: randomUUID(), name: `The one called ${id}`, groups: ['Accounting', 'Bowling'] }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
  });
  const callback = provider.callback();
  return (request, response) => request.url.startsWith('/interaction/')
    ? interact(provider, request, response).catch(error => response.writeHead(500).end(String(error)))
    : callback(request, response);
}

async function interact(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'consent') {
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  } else if (params.login_hint === 'deny') {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'No, thanks.' });
  } else {
    const [accountId, factor] = params.login_hint.split(':');
    const login = factor === 'mfa' ? { acr: 'urn:example:mfa', amr: ['pwd', 'otp'] } : { acr: 'urn:example:pwd', amr: ['pwd'] };
    await provider.interactionFinished(request, response, { login: { accountId, ...login } });
  }
}
