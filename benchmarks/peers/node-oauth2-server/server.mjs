// @node-oauth/oauth2-server on bare node:http, 127.0.0.1:PORT. It is a library: the model, in memory, is ours; tokens are ES256 JWTs signed by node:crypto.
import crypto from 'node:crypto';
import http from 'node:http';
import OAuth2Server from '@node-oauth/oauth2-server';

const port = Number(process.env.PORT);
const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sha256 = text => crypto.createHash('sha256').update(text).digest();
const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: 'ec1' });
const clients = new Map([['bench', {
  id: 'bench',
  secret: sha256('bench-secret-0123456789abcdef0123456789abcdef'),
  grants: ['client_credentials'],
  accessTokenLifetime: 3600,
}]]);

const model = {
  getClient: async (id, secret) => {
    const client = clients.get(id);
    return client && crypto.timingSafeEqual(client.secret, sha256(secret ?? '')) ? client : null;
  },
  getUserFromClient: async client => ({ id: client.id }),
  validateScope: async (user, client, scope) => scope,
  saveToken: async (token, client, user) => ({ ...token, client, user }),
  generateAccessToken: async (client, user, scope) => {
    const now = Math.floor(Date.now() / 1000);
    const signed = `${header}.${encode({
      iss: `http://127.0.0.1:${port}`, sub: client.id, client_id: client.id, aud: 'api',
      scope: (scope ?? []).join(' '), iat: now, exp: now + 3600, jti: crypto.randomUUID(),
    })}`;
    const signature = crypto.sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  },
};

const oauth = new OAuth2Server({ model });
http.createServer((request, response) => {
  let body = '';
  request.on('data', chunk => { body += chunk; });
  request.on('end', async () => {
    const answer = new OAuth2Server.Response();
    try {
      await oauth.token(new OAuth2Server.Request({
        method: request.method, headers: request.headers, query: {}, body: Object.fromEntries(new URLSearchParams(body)),
      }), answer);
    } catch {
      // The answer says what was wrong.
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  });
}).listen(port, '127.0.0.1');
