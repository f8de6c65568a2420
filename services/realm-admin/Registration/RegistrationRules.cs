using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Whether a policy lets a client be registered.</summary>
internal static class RegistrationRules
{
    private static readonly ValueList<string> UsualGrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken];

    /// <param name="policy">The policy.</param>
    /// <param name="client">As it would be.</param>
    /// <param name="before">What it has already, whoever gave it.</param>
    /// <exception cref="IamException">INVALID_REDIRECT_URI, INVALID_CLIENT_METADATA.</exception>
    public static void Require(ClientRegistrationPolicy policy, Client client, Client before)
    {
        RequireKind(policy, client);
        if (client.Scopes.FirstOrDefault(scope => !ScopeNames.MatchAny(policy.Scopes, scope) && !before.Scopes.Contains(scope)) is { } scope)
        {
            throw NoScope(scope);
        }

        if (client.AuthorizationDetailsTypes.FirstOrDefault(
            type => !policy.AuthorizationDetailsTypes.Contains(type) && !before.AuthorizationDetailsTypes.Contains(type)) is { } type)
        {
            throw NoDetails(type);
        }

        if (policy.RedirectHosts.Count > 0 && client.RedirectUris.FirstOrDefault(uri => !IsOn(policy.RedirectHosts, uri)) is { } elsewhere)
        {
            throw ClientMetadata.Wrong(ClientMetadata.RedirectUris, $"must not have '{elsewhere}': clients of its host cannot be registered");
        }
    }

    /// <summary>The same answer for a scope that the realm does not have and one that is not to be had.</summary>
    public static IamException NoScope(string scope) => ClientMetadata.Wrong("scope", $"must not have '{scope}', which clients cannot be registered for");

    /// <summary>The same answer for a type that the realm does not have and one that is not to be had.</summary>
    public static IamException NoDetails(string type) =>
        ClientMetadata.Wrong("authorization_details_types", $"must not have '{type}', which clients cannot be registered for");

    /// <summary>Its way to authenticate, type and grant types.</summary>
    private static void RequireKind(ClientRegistrationPolicy policy, Client client)
    {
        var method = client.TokenEndpointAuthMethod ?? "";
        if (policy.TokenEndpointAuthMethods.Count > 0 && !policy.TokenEndpointAuthMethods.Contains(method))
        {
            throw ClientMetadata.Wrong("token_endpoint_auth_method", $"must be one of {string.Join(", ", policy.TokenEndpointAuthMethods)}");
        }

        if (policy.ClientTypes.Count > 0 && !policy.ClientTypes.Contains(client.ClientType))
        {
            throw ClientMetadata.Wrong(
                "token_endpoint_auth_method",
                $"with the grant types makes it a {StoredNames.Of(client.ClientType)} client, and only these can be registered: "
                + string.Join(", ", policy.ClientTypes.Select(StoredNames.Of)));
        }

        var grantTypes = policy.GrantTypes.Count > 0 ? policy.GrantTypes : UsualGrantTypes;
        if (client.GrantTypes.FirstOrDefault(grant => !grantTypes.Contains(grant)) is { } grantType)
        {
            throw ClientMetadata.Wrong("grant_types", $"must not have '{grantType}': {string.Join(", ", grantTypes)} can be registered");
        }
    }

    private static bool IsOn(ValueList<string> hosts, string uri)
    {
        var host = new Uri(uri).Host.ToLowerInvariant();
        return hosts.Any(allowed => allowed.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(allowed[1..], StringComparison.Ordinal) && host.Length > allowed.Length - 1
            : host == allowed);
    }
}
