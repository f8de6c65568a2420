namespace RealmAdmin.Tests.Registration;

/// <summary>Metadata that no client can have, or not under the policy, each with the reason and what is said.</summary>
public static class RefusedMetadata
{
    private const string Redirect = "INVALID_REDIRECT_URI";
    private const string Metadata = "INVALID_CLIENT_METADATA";
    private const string Uris = "\"redirect_uris\":[\"https://app.example.com/cb\"]";

    /// <summary>Whatever the policy.</summary>
    public static TheoryData<string, string, string, string> Always { get; } = new()
    {
        { "no JSON", "x", Metadata, "The body must be a JSON object with unique names and little nesting." },
        { "a list", "[]", Metadata, "The body must be a JSON object with unique names and little nesting." },
        { "a name twice", """{"scope":"","scope":""}""", Metadata, "The body must be a JSON object with unique names and little nesting." },
        { "deep nesting", $"{{\"x\":{new string('[', 60)}{new string(']', 60)}}}", Metadata, "The body must be a JSON object with unique names and little nesting." },
        { "no redirect URI", "{}", Redirect, "redirect_uris: is required with the grant type authorization_code" },
        { "no list", """{"redirect_uris":"https://app.example.com/cb"}""", Redirect, "redirect_uris: must be a list of texts" },
        { "no texts", """{"redirect_uris":[1]}""", Redirect, "redirect_uris: must be a list of texts" },
        { "plain http", """{"redirect_uris":["http://app.example.com/cb"]}""", Redirect, "redirect_uris[0]: must be https, or http on a loopback address" },
        { "a wildcard", """{"redirect_uris":["https://*.example.com/cb"]}""", Redirect, "redirect_uris[0]: must not have a wildcard" },
        { "a fragment", """{"redirect_uris":["https://app.example.com/cb#x"]}""", Redirect, "redirect_uris[0]: must not have a fragment" },
        { "a script", """{"redirect_uris":["javascript:alert(1)"]}""", Redirect, "redirect_uris[0]: must be https, or http on a loopback address" },
        { "a user name", """{"redirect_uris":["https://app.example.com@evil.example/cb"]}""", Redirect, "redirect_uris[0]: must not have a user name" },
        { "a backslash", """{"redirect_uris":["https://evil.example\\@app.example.com/cb"]}""", Redirect, "redirect_uris[0]: must be an absolute URI" },
        { "a second bad one", """{"redirect_uris":["https://app.example.com/cb","x"]}""", Redirect, "redirect_uris[1]: must be an absolute URI" },
        { "the implicit grant", $$"""{{{Uris}},"grant_types":["implicit"]}""", Metadata, "grant_types[0]: is not a known grant type" },
        { "the implicit response", $$"""{{{Uris}},"response_types":["token"]}""", Metadata, "response_types: must be [\"code\"]" },
        { "a hybrid response", $$"""{{{Uris}},"response_types":["code","id_token"]}""", Metadata, "response_types: must be [\"code\"]" },
        {
            "a response without its grant", """{"grant_types":["client_credentials"],"response_types":["code"]}""", Metadata,
            "response_types: must be empty without the grant type authorization_code"
        },
        {
            "refreshing nothing", """{"grant_types":["refresh_token"]}""", Metadata,
            "grant_types: must have a grant type that gives refresh tokens, beside refresh_token"
        },
        {
            "a public client that acts for itself", """{"grant_types":["client_credentials"],"token_endpoint_auth_method":"none"}""", Metadata,
            "grant_types: must not have client_credentials: a public client cannot authenticate"
        },
        {
            "a service with users", $$"""{{{Uris}},"grant_types":["client_credentials"]}""", Redirect,
            "redirect_uris: must be empty: a service client has no users to send back"
        },
        {
            "an unknown way to authenticate", $$"""{{{Uris}},"token_endpoint_auth_method":"client_secret_jwt"}""", Metadata,
            "token_endpoint_auth_method: must be one of none, client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth"
        },
        { "a key pair without keys", $$"""{{{Uris}},"token_endpoint_auth_method":"private_key_jwt"}""", Metadata, "token_endpoint_auth_method: needs jwks" },
        { "a certificate of nobody", $$"""{{{Uris}},"token_endpoint_auth_method":"tls_client_auth"}""", Metadata, "token_endpoint_auth_method: needs tls_client_auth" },
        {
            "a private key", $$"""{{{Uris}},"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}]} }""", Metadata,
            "jwks: must have good keys only: keys[0] is not only public: it has the member d. Use another key pair, for this one is known now"
        },
        { "keys as text", $$"""{{{Uris}},"jwks":"{}"}""", Metadata, "jwks: must be an object" },
        {
            "keys elsewhere", $$"""{{{Uris}},"jwks_uri":"https://app.example.com/jwks"}""", Metadata,
            "jwks_uri: is not taken: send the keys themselves as jwks, and new ones by updating the registration"
        },
        { "a name of two lines", $$"""{{{Uris}},"client_name":"a\nb"}""", Metadata, "client_name: must be one line without control characters" },
        { "a long name", $$"""{{{Uris}},"client_name":"{{new string('x', 201)}}"}""", Metadata, "client_name: must be at most 200 characters long" },
        { "a name that is none", $$"""{{{Uris}},"client_name":7}""", Metadata, "client_name: must be a text" },
        { "a name in no language", $$"""{{{Uris}},"client_name#1":"x"}""", Metadata, "client_name#1: its key must be a language tag, like en or de-CH" },
        { "a home page without TLS", $$"""{{{Uris}},"client_uri":"http://app.example.com"}""", Metadata, "client_uri: must be https, or http on a loopback address" },
        { "a policy that is a script", $$"""{{{Uris}},"policy_uri":"javascript:alert(1)"}""", Metadata, "policy_uri: must be https, or http on a loopback address" },
        { "a logo that is a page", $$"""{{{Uris}},"logo_uri":"data:text/html;base64,PHNjcmlwdD4="}""", Metadata, "logo_uri: must be a data: URI of a PNG, JPEG or WebP image in base64" },
        { "contacts that are none", $$"""{{{Uris}},"contacts":{} }""", Metadata, "contacts: must be a list of texts" },
        { "scopes as a list", $$"""{{{Uris}},"scope":["a.read"]}""", Metadata, "scope: must be a text" },
        { "a type of details as text", $$"""{{{Uris}},"authorization_details_types":"invoice"}""", Metadata, "authorization_details_types: must be a list of texts" },
        { "a flag that is text", $$"""{{{Uris}},"require_pushed_authorization_requests":"true"}""", Metadata, "require_pushed_authorization_requests: must be true or false" },
        { "two names of one certificate", $$"""{{{Uris}},"tls_client_auth_san_dns":"a.example","tls_client_auth_san_ip":"10.0.0.1"}""", Metadata, "tls_client_auth_subject_dn: must be the only one, or one of san_dns, san_uri, san_ip and san_email" },
    };

    /// <summary>Under <see cref="Policy"/>.</summary>
    public static TheoryData<string, string, string, string> ByPolicy { get; } = new()
    {
        { "another way to authenticate", $$"""{{{Uris}},"token_endpoint_auth_method":"client_secret_post"}""", Metadata, "token_endpoint_auth_method: must be one of client_secret_basic, none" },
        {
            "another type", """{"grant_types":["client_credentials"]}""", Metadata,
            "token_endpoint_auth_method: with the grant types makes it a service client, and only these can be registered: web, public"
        },
        {
            "another grant type", $$"""{{{Uris}},"grant_types":["authorization_code","urn:ietf:params:oauth:grant-type:token-exchange"]}""", Metadata,
            "grant_types: must not have 'urn:ietf:params:oauth:grant-type:token-exchange': authorization_code, refresh_token can be registered"
        },
        { "another scope", $$"""{{{Uris}},"scope":"a.read a.write"}""", Metadata, "scope: must not have 'a.write', which clients cannot be registered for" },
        { "a scope that only a bundle has", $$"""{{{Uris}},"scope":"all"}""", Metadata, "scope: must not have 'all', which clients cannot be registered for" },
        { "a scope that there is not", $$"""{{{Uris}},"scope":"b.read"}""", Metadata, "scope: must not have 'b.read', which clients cannot be registered for" },
        { "an unknown scope of an allowed form", $$"""{{{Uris}},"scope":"c.read"}""", Metadata, "scope: must not have 'c.read', which clients cannot be registered for" },
        { "a pattern for a scope", $$"""{{{Uris}},"scope":"*"}""", Metadata, "scope[0]: must have only printable ASCII characters without space, \", \\ and *" },
        { "a scope of ours", $$"""{{{Uris}},"scope":"iam.clients.write"}""", Metadata, "scope: must not have 'iam.clients.write', which clients cannot be registered for" },
        { "a type of details that the policy does not have", $$"""{{{Uris}},"authorization_details_types":["invoice","payment"]}""", Metadata, "authorization_details_types: must not have 'payment', which clients cannot be registered for" },
        { "a type of details that the realm does not have", $$"""{{{Uris}},"authorization_details_types":["gone"]}""", Metadata, "authorization_details_types: must not have 'gone', which clients cannot be registered for" },
        { "another host", """{"redirect_uris":["https://evil.example/cb"]}""", Redirect, "redirect_uris: must not have 'https://evil.example/cb': clients of its host cannot be registered" },
        {
            "a host above", """{"redirect_uris":["https://example.com/cb"]}""", Redirect,
            "redirect_uris: must not have 'https://example.com/cb': clients of its host cannot be registered"
        },
        {
            "a host that ends alike", """{"redirect_uris":["https://evilexample.com/cb"]}""", Redirect,
            "redirect_uris: must not have 'https://evilexample.com/cb': clients of its host cannot be registered"
        },
        {
            "a host that begins alike", """{"redirect_uris":["https://app.example.com.evil.example/cb"]}""", Redirect,
            "redirect_uris: must not have 'https://app.example.com.evil.example/cb': clients of its host cannot be registered"
        },
        {
            "a dot at the end", """{"redirect_uris":["https://app.example.com./cb"]}""", Redirect,
            "redirect_uris: must not have 'https://app.example.com./cb': clients of its host cannot be registered"
        },
        {
            "a good host in the path", """{"redirect_uris":["https://evil.example/app.example.com"]}""", Redirect,
            "redirect_uris: must not have 'https://evil.example/app.example.com': clients of its host cannot be registered"
        },
        {
            "loopback where it is not allowed", """{"redirect_uris":["http://127.0.0.1:8765/cb"]}""", Redirect,
            "redirect_uris: must not have 'http://127.0.0.1:8765/cb': clients of its host cannot be registered"
        },
    };

    public const string Policy = """
        mode: open, policy: {
          client_types: [web, public], scopes: ["a.read", "c.*"], redirect_hosts: ["*.example.com", "exact.example"], authorization_details_types: [invoice, gone],
          token_endpoint_auth_methods: [none, client_secret_basic]}
        """;
}
