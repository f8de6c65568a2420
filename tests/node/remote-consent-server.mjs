// A realm's remote consent server, written over jose and knowing nothing of the suite but its contract:
//   GET /consent?request=<JWE(JWS)>  checks the request, decides as it is told, and sends the browser to the callback.
//   GET /jwks                        its public keys.
// How it behaves is in the query of authorization_uri: mode, grant, details, remember, response_mode.
// Usage: NODE_MODULES=<folder> node remote-consent-server.mjs; prints "listening <port>".
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const jose = await import(pathToFileURL(join(process.env.NODE_MODULES, 'jose/dist/webapi/index.js')));

const keyOf = async (use, alg, kid, generate) => {
  const pair = await jose.generateKeyPair(generate, { extractable: true, crv: 'P-256', modulusLength: 2048 });
  return { ...pair, jwk: { ...(await jose.exportJWK(pair.publicKey)), use, alg, kid } };
};
const signing = await keyOf('sig', 'ES256', 'signing', 'ES256');
const stranger = await keyOf('sig', 'ES256', 'signing', 'ES256');
const encryption = {
  ec: await keyOf('enc', 'ECDH-ES', 'encryption-ec', 'ECDH-ES'),
  rsa: await keyOf('enc', 'RSA-OAEP-256', 'encryption-rsa', 'RSA-OAEP-256'),
};

let keysFetched = 0;
let lastAnswer = null;

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url, `http://${request.headers.host}`);
    if (url.pathname.startsWith('/jwks')) {
      keys(url, response);
    } else if (url.pathname === '/consent') {
      await consent(url, response);
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
  }
});

// /jwks-ec and /jwks-rsa differ in the key that requests are encrypted for; the others are broken.
function keys(url, response) {
  keysFetched++;
  const sets = {
    '/jwks-ec': { keys: [{ kty: 'oct', k: 'AAAA' }, signing.jwk, encryption.ec.jwk] },
    '/jwks-rsa': { keys: [signing.jwk, encryption.rsa.jwk] },
    '/jwks-none': { keys: [signing.jwk] },
    '/jwks-off-curve': { keys: [signing.jwk, { ...encryption.ec.jwk, y: encryption.ec.jwk.x }] },
  };
  if (url.pathname === '/jwks-redirect') {
    response.writeHead(302, { location: '/jwks-ec' }).end();
  } else if (url.pathname === '/jwks-large') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [signing.jwk, encryption.ec.jwk], padding: 'x'.repeat(100_000) }));
  } else if (url.pathname === '/jwks-slow') {
    setTimeout(() => response.writeHead(200).end('{"keys":[]}'), 20_000).unref();
  } else if (url.pathname === '/jwks-text') {
    response.writeHead(200).end('not keys');
  } else if (sets[url.pathname]) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(sets[url.pathname]));
  } else {
    response.writeHead(500).end();
  }
}

async function consent(url, response) {
  const compact = url.searchParams.get('request');
  const { alg } = jose.decodeProtectedHeader(compact);
  const own = alg === 'ECDH-ES' ? encryption.ec : encryption.rsa;
  const decrypted = await jose.compactDecrypt(compact, own.privateKey, {
    keyManagementAlgorithms: [own.jwk.alg],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const issuer = url.searchParams.get('suite');
  const { payload: asked, protectedHeader } = await jose.jwtVerify(
    new TextDecoder().decode(decrypted.plaintext),
    jose.createRemoteJWKSet(new URL(`${issuer}/jwks`)),
    { issuer, audience: 'urn:remote-consent', algorithms: ['ES256'], typ: 'consent-request+jwt', clockTolerance: '10 years' },
  );
  if (url.searchParams.has('show')) {
    response.writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ header: decrypted.protectedHeader, inner: protectedHeader, asked, keysFetched }));
    return;
  }

  const answer = await answerTo(asked, issuer, url.searchParams);
  lastAnswer = answer;
  if (url.searchParams.get('response_mode') === 'form_post') {
    response.writeHead(200, { 'content-type': 'text/html' })
      .end(`<form method="post" action="${asked.callback}"><input type="hidden" name="response" value="${answer}"></form>`);
  } else {
    response.writeHead(303, { location: `${asked.callback}?response=${answer}` }).end();
  }
}

async function answerTo(asked, issuer, how) {
  const mode = how.get('mode') ?? 'good';
  const claims = {
    iss: asked.aud,
    aud: asked.iss,
    sub: asked.sub,
    nonce: asked.nonce,
    iat: asked.iat,
    exp: asked.iat + 60,
    scopes: how.has('grant') ? how.get('grant').split(' ').filter(Boolean) : asked.scopes,
    details: how.has('details') ? how.get('details').split(' ').filter(Boolean) : asked.details?.map((detail) => detail.detail_id),
    remember: how.get('remember') === 'true',
  };
  const changes = {
    'wrong-nonce': { nonce: asked.nonce.split('').reverse().join('') },
    'no-nonce': { nonce: undefined },
    'wrong-audience': { aud: 'https://else.example' },
    'many-audiences': { aud: [asked.iss, 'https://else.example'] },
    'wrong-issuer': { iss: 'urn:somebody-else' },
    'wrong-subject': { sub: 'bob' },
    expired: { iat: asked.iat - 120, exp: asked.iat - 60 },
    future: { iat: asked.iat + 3600, exp: asked.iat + 3660 },
    'too-long': { exp: asked.iat + 1801 },
    'no-expiry': { exp: undefined },
    'text-times': { exp: String(asked.iat + 60) },
    'no-scopes': { scopes: undefined },
    'no-details': { details: undefined },
    'detail-objects': { details: asked.details },
    'text-scopes': { scopes: asked.scopes.join(' ') },
  };
  Object.assign(claims, changes[mode]);
  if (mode === 'replay') {
    return lastAnswer;
  }

  return encrypt(await sign(claims, mode, issuer), mode, issuer);
}

async function sign(claims, mode, issuer) {
  const header = { alg: 'ES256', typ: 'consent-answer+jwt', kid: 'signing' };
  const text = new TextEncoder();
  const part = (value) => jose.base64url.encode(text.encode(JSON.stringify(value)));
  switch (mode) {
    case 'alg-none':
      return `${part({ ...header, alg: 'none' })}.${part(claims)}.`;
    case 'unsigned':
      return JSON.stringify(claims);
    case 'hs256': {
      // The classic confusion: the public key, which everybody has, as the secret of an HMAC.
      const secret = text.encode(await jose.exportSPKI(signing.publicKey));
      return new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret);
    }
    case 'stranger':
      return new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader(header).sign(stranger.privateKey);
    case 'unknown-key':
      return new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader({ ...header, kid: 'else' }).sign(signing.privateKey);
    case 'no-key-id':
      return new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader({ alg: 'ES256', typ: header.typ }).sign(signing.privateKey);
    case 'wrong-type':
      return new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader({ ...header, typ: 'at+jwt' }).sign(signing.privateKey);
    case 'critical':
      return new jose.CompactSign(text.encode(JSON.stringify(claims)))
        .setProtectedHeader({ ...header, crit: ['x'], x: 1 }).sign(signing.privateKey, { crit: { x: false } });
    default: {
      const jws = await new jose.CompactSign(text.encode(JSON.stringify(claims))).setProtectedHeader(header).sign(signing.privateKey);
      if (mode === 'tampered-claims') {
        const [head, , signature] = jws.split('.');
        return `${head}.${part({ ...claims, scopes: ['invoices.read', 'invoices.approve'] })}.${signature}`;
      }

      return jws;
    }
  }
}

async function encrypt(jws, mode, issuer) {
  if (mode === 'unencrypted') {
    return jws;
  }

  const realm = mode === 'other-realm' ? issuer.replace('/realms/demo/', '/realms/other/') : issuer;
  const { keys: set } = await (await fetch(`${realm}/jwks`)).json();
  const target = set.find((key) => key.use === 'enc');
  const [alg, enc] = { 'wrong-encryption': ['ECDH-ES', 'A256CBC-HS512'], 'wrong-agreement': ['ECDH-ES+A256KW', 'A256GCM'] }[mode] ?? ['ECDH-ES', 'A256GCM'];
  const encryptor = new jose.CompactEncrypt(new TextEncoder().encode(jws))
    .setProtectedHeader({ alg, enc, cty: 'JWT', kid: target.kid });
  if (mode === 'party-info') {
    encryptor.setKeyManagementParameters({ apu: new TextEncoder().encode('remote'), apv: new TextEncoder().encode('suite') });
  }

  const jwe = await encryptor.encrypt(await jose.importJWK(target, alg));
  switch (mode) {
    case 'tampered':
      return jwe.slice(0, -30) + (jwe.at(-30) === 'A' ? 'B' : 'A') + jwe.slice(-29);
    case 'garbage':
      return 'a.b.c.d.e';
    case 'empty':
      return '';
    default:
      return jwe;
  }
}

server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
