using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Clients;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>client_registration</c>, and the policies of initial access tokens.</summary>
internal static class ClientRegistrationSection
{
    private const int MostClients = 1_000_000;
    private const int MostIssuers = 20;

    private static readonly TimeSpan ShortestUnusedLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestSecretLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(730);

    // A client of this kind authenticates at a provider of its own, which nobody can register.
    private static readonly ClientType[] Registrable = [ClientType.Web, ClientType.Service, ClientType.Public];

    public static ClientRegistrationSettings? Read(Fields fields, References references)
    {
        var mode = fields.Choice<ClientRegistrationMode>("mode");
        if (!fields.Has("mode"))
        {
            fields.Error("mode", "is required");
        }

        return new ClientRegistrationSettings
        {
            Mode = mode ?? ClientRegistrationMode.InitialAccessToken,
            Policy = fields.Mapping("policy", policy => Policy(policy, references)) ?? new ClientRegistrationPolicy(),
            MaxClients = fields.Number("max_clients", 1, MostClients) ?? ClientRegistrationSettings.UsualMaxClients,
            UnusedLifetime = Lifetime(fields, "unused_lifetime", ShortestUnusedLifetime),
        };
    }

    public static ClientRegistrationPolicy Policy(Fields fields, References references)
    {
        var types = fields.Choices<ClientType>("client_types");
        if (types.Except(Registrable).Any())
        {
            fields.Error("client_types", "must be web, service or public");
        }

        var issuers = fields.Each("software_statement_issuers", Issuer, MostIssuers);
        if (issuers.Select(issuer => issuer.Issuer).Distinct(StringComparer.Ordinal).Count() < issuers.Count)
        {
            fields.Error("software_statement_issuers", "must have no issuer twice");
        }

        var policy = new ClientRegistrationPolicy
        {
            ClientTypes = types.Order().ToValueList(),
            GrantTypes = fields.Set("grant_types", GrantTypes.Rule),
            Scopes = ScopePipelineSection.Patterns(fields, "scopes", references),
            AuthorizationDetailsTypes = fields.Set("authorization_details_types", Rules.DetailName),
            RedirectHosts = fields.Set("redirect_hosts", Rules.RedirectHost),
            TokenEndpointAuthMethods = fields.Set("token_endpoint_auth_methods", Rules.TokenEndpointAuthMethod),
            SoftwareStatementIssuers = issuers.OrderBy(issuer => issuer.Issuer, StringComparer.Ordinal).ToValueList(),
            RequireSoftwareStatement = fields.Flag("require_software_statement"),
            ClientSecretLifetime = Lifetime(fields, "client_secret_lifetime", ShortestSecretLifetime),
        };
        if (policy is { RequireSoftwareStatement: true, SoftwareStatementIssuers.Count: 0 })
        {
            fields.Error("software_statement_issuers", "is required with require_software_statement");
        }

        return policy;
    }

    private static SoftwareStatementIssuer? Issuer(Fields fields)
    {
        var issuer = fields.RequiredText("issuer", Rules.Claim);
        var jwks = fields.RequiredText("jwks", Rules.Jwks);
        return issuer is null || jwks is null ? null : new SoftwareStatementIssuer(issuer, jwks);
    }

    private static TimeSpan? Lifetime(Fields fields, string key, TimeSpan shortest)
    {
        var lifetime = fields.Duration(key, Longest);
        if (lifetime < shortest)
        {
            fields.Error(key, $"must be {Values.Write(shortest)} or longer");
        }

        return lifetime;
    }
}
