using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Step 1: what an empty request means, and whether the request counts at all (RFC 6749 section 3.3 leaves both to the server).</summary>
internal static class ScopePolicyStep
{
    private static readonly ScopePolicy Unlisted = new() { Mode = ScopePolicyMode.EmptyOverwritten };

    public static List<string> Apply(RealmSnapshot realm, ScopeRequest request, ScopeTrace? trace)
    {
        var policy = PolicyFor(realm.Realm.ScopePipeline.ScopePolicies, request.GrantType);
        var isEmpty = request.Scopes.Count == 0;
        if (isEmpty && request.HasDetails && policy.Mode != ScopePolicyMode.AlwaysOverwrite)
        {
            return [];
        }

        if (isEmpty && policy.Mode == ScopePolicyMode.Mandatory)
        {
            throw new IamException(ErrorReason.InvalidScope, $"The realm requires at least one scope for {request.GrantType}.");
        }

        if (policy.Mode == ScopePolicyMode.AlwaysOverwrite || (isEmpty && policy.Mode == ScopePolicyMode.EmptyOverwritten))
        {
            return Overwrite(policy, request, trace);
        }

        var scopes = ScopeNames.Distinct(request.Scopes);
        if (trace is not null)
        {
            Explain(policy, scopes, trace);
        }

        return scopes;
    }

    public static bool MayBeEmpty(RealmSnapshot realm, ScopeRequest request) =>
        request.Scopes.Count == 0
        && (request.HasDetails || PolicyFor(realm.Realm.ScopePipeline.ScopePolicies, request.GrantType).Mode == ScopePolicyMode.EmptyAllowed);

    private static ScopePolicy PolicyFor(ValueList<ScopePolicy> policies, string grantType)
    {
        var fallback = Unlisted;
        foreach (var policy in policies)
        {
            if (policy.GrantType == grantType)
            {
                return policy;
            }

            if (policy.GrantType.Length == 0)
            {
                fallback = policy;
            }
        }

        return fallback;
    }

    private static List<string> Overwrite(ScopePolicy policy, ScopeRequest request, ScopeTrace? trace)
    {
        var isRegistration = policy.DefaultScopes.Count == 0;
        var scopes = ScopeNames.Distinct(isRegistration ? request.Client.Scopes : policy.DefaultScopes);
        if (trace is null)
        {
            return scopes;
        }

        var source = isRegistration ? "all that the client is registered for" : "the policy's default scopes";
        trace.Kept("", NameOf(policy.Mode), $"the request is read as one for {source}");
        foreach (var scope in request.Scopes.Except(scopes))
        {
            trace.Dropped(scope, NameOf(policy.Mode), $"not among {source}, which replace every request");
        }

        foreach (var scope in scopes)
        {
            if (request.Scopes.Contains(scope))
            {
                trace.Kept(scope, NameOf(policy.Mode), "asked for, and among what replaces the request");
            }
            else
            {
                trace.Added(scope, NameOf(policy.Mode), $"from {source}");
            }
        }

        return scopes;
    }

    private static void Explain(ScopePolicy policy, List<string> scopes, ScopeTrace trace)
    {
        if (scopes.Count == 0)
        {
            trace.Kept("", NameOf(policy.Mode), "an empty request is allowed and stays empty");
        }

        foreach (var scope in scopes)
        {
            trace.Kept(scope, NameOf(policy.Mode), "asked for");
        }
    }

    private static string NameOf(ScopePolicyMode mode) => mode switch
    {
        ScopePolicyMode.Mandatory => "mandatory",
        ScopePolicyMode.EmptyAllowed => "empty_allowed",
        ScopePolicyMode.EmptyOverwritten => "empty_overwritten",
        ScopePolicyMode.AlwaysOverwrite => "always_overwrite",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no name"),
    };
}
