// A user at a browser without a window: keeps cookies, follows redirects, logs in at the development page and agrees to what is asked for.

export class Browser {
  #cookies = new Map();

  // From the application's link to the address at which the application gets its answer.
  async authorize(address, callback, userName) {
    let page = await this.#get(address);
    for (let steps = 0; steps < 20; steps++) {
      if (page.location?.startsWith(callback)) {
        return page.location;
      }
      page = page.location ? await this.#get(page.location) : await this.#submit(page, userName);
    }
    throw new Error(`No end in sight at ${page.address}`);
  }

  async #submit(page, userName) {
    const form = /<form[^>]*>[\s\S]*?<\/form>/.exec(page.body)?.[0];
    if (page.status !== 200 || !form) {
      throw new Error(`${page.status} at ${page.address}: ${page.body}`);
    }
    const fields = new URLSearchParams();
    for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
      const type = attribute(tag, 'type');
      if (type === 'hidden' || (type === 'checkbox' && / checked/.test(tag))) {
        fields.append(attribute(tag, 'name'), attribute(tag, 'value'));
      } else if (attribute(tag, 'name') === 'username') {
        fields.append('username', userName);
      }
    }
    if (/<button[^>]*value="accept"/.test(form)) {
      fields.append('decision', 'accept');
    }
    const action = new URL(attribute(/<form[^>]*>/.exec(form)[0], 'action') ?? page.address, page.address);
    return this.#send(action.href, { method: 'POST', body: fields });
  }

  #get(address) {
    return this.#send(address, {});
  }

  async #send(address, options) {
    const host = new URL(address).host;
    const cookies = [...this.#cookies].filter(([key]) => key.startsWith(`${host} `)).map(([key, value]) => `${key.slice(host.length + 1)}=${value}`);
    const response = await fetch(address, { ...options, redirect: 'manual', headers: { accept: 'text/html', cookie: cookies.join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.#cookies.set(`${host} ${name}`, value);
    }
    const location = response.headers.get('location');
    return { address, status: response.status, location: location && new URL(location, address).href, body: await response.text() };
  }
}

const attribute = (tag, name) => {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replace(/&quot;/g, '"').replace(/&#x([0-9A-Fa-f]+);/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
};

// What an access token says.
export const claims = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

// What the test reads: one line, the last of the output.
export const report = result => console.log(`result ${JSON.stringify(result)}`);
