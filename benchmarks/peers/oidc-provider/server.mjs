// oidc-provider on 127.0.0.1:PORT: client_credentials and introspection, everything in memory.
// With resource=https://api.example a token is an ES256 JWT; without it is opaque, which is what oidc-provider introspects.
import { generateKeyPairSync } from 'node:crypto';
import * as oidc from 'oidc-provider';

const port = Number(process.env.PORT);
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const provider = new oidc.Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'bench',
    client_secret: 'bench-secret-0123456789abcdef0123456789abcdef',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256', // of no token here; the default needs an RSA key
  }],
  jwks: { keys: [{ ...key, kid: 'ec1', alg: 'ES256', use: 'sig' }] },
  scopes: ['read', 'write'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (context, audience) => ({
        scope: 'read write', audience, accessTokenFormat: 'jwt', accessTokenTTL: 3600, jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 3600 },
});
provider.on('server_error', (context, error) => console.error(error));
provider.listen(port, '127.0.0.1');
