using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Pages;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>Who may act for a user and for whom the user may act, in words for the user, and what the user can grant.</summary>
public sealed record DelegationsView
{
    private const int MostClients = 100;
    private const int MostScopes = 200;
    private const string Grant = "urn:ietf:params:oauth:grant-type:token-exchange";

    public required string RealmDisplayName { get; init; }

    public required string UserDisplayName { get; init; }

    /// <summary>RFC 5646.</summary>
    public required string Language { get; init; }

    public required IReadOnlyList<DelegationView> Granted { get; init; }

    public required IReadOnlyList<DelegationView> Received { get; init; }

    /// <summary>The clients that may act by a delegation, by name; ids with names.</summary>
    public required IReadOnlyList<(string Id, string Name)> Clients { get; init; }

    /// <summary>Where the user is a member.</summary>
    public required IReadOnlyList<(string Id, string Name)> Organizations { get; init; }

    /// <summary>What the user holds somewhere.</summary>
    public required IReadOnlyList<DelegatedScope> Scopes { get; init; }

    /// <summary>Whether a rule of the realm lets delegations be used at all.</summary>
    public required bool IsOffered { get; init; }

    public static DelegationsView Of(RealmSnapshot realm, string userId, OwnDelegations own, IReadOnlyList<string> locales, DateTimeOffset now)
    {
        string[] preferred = [.. locales, realm.Realm.ConsentSettings.DefaultLanguage];
        var rules = realm.Realm.TokenExchange.Rules.Where(rule => rule.Source == TokenExchangeSource.Delegation).ToList();
        var organizationIds = (realm.FindUser(userId)?.OrganizationIds ?? []).Where(realm.IsUsableOrganization).ToList();
        return new DelegationsView
        {
            RealmDisplayName = Views.Named(realm.Realm.DisplayName, realm.RealmId),
            UserDisplayName = UserName(realm, userId),
            Language = PageTexts.For(preferred).Language,
            Granted = [.. own.Granted.Select(delegation => ViewOf(realm, delegation, DelegateName(realm, delegation), preferred, now))],
            Received = [.. own.Received.Select(delegation => ViewOf(realm, delegation, UserName(realm, delegation.DelegatorId), preferred, now))],
            Clients = rules.Count == 0 ? [] : [.. ClientsOf(realm, rules).OrderBy(client => client.Name, StringComparer.Ordinal).Take(MostClients)],
            Organizations = [.. organizationIds.Select(id => (id, Views.Organization(realm, id)))],
            Scopes = [.. Held(realm, userId, organizationIds).Take(MostScopes).Select(scope => ScopeOf(realm, scope, preferred))],
            IsOffered = rules.Count > 0,
        };
    }

    private static IEnumerable<(string Id, string Name)> ClientsOf(RealmSnapshot realm, IReadOnlyList<TokenExchangeRule> rules) => realm.Clients
        .Where(client => client is { Disabled: false, ClientType: not ClientType.Public } && client.GrantTypes.Contains(Grant)
            && rules.Any(rule => rule.ActorClientIds.Count == 0 || rule.ActorClientIds.Contains(client.ClientId)))
        .Select(client => (client.ClientId, Views.Named(client.DisplayName, client.ClientId)));

    /// <summary>In the realm and where the user is a member, whatever the terms; not the suite's own permissions: users do not administer for others.</summary>
    private static IEnumerable<string> Held(RealmSnapshot realm, string userId, IEnumerable<string> organizationIds) => organizationIds
        .Prepend(null)
        .SelectMany(organizationId => PermissionEvaluator.Holdings(realm, Principal.User(userId), organizationId))
        .SelectMany(holding => holding.PathsByPermission.Keys)
        .Where(permission => realm.FindDeclaringResourceServer(permission) is { } server && server.Audience != IamPermissions.Audience)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static DelegationView ViewOf(RealmSnapshot realm, DelegationRecord delegation, string name, string[] preferred, DateTimeOffset now) => new()
    {
        Delegation = delegation,
        Name = name,
        OrganizationDisplayName = delegation.OrganizationId is { } id ? Views.Organization(realm, id) : "",
        Scopes = [.. delegation.Scopes.Select(scope => ScopeOf(realm, scope, preferred))],
        IsOver = delegation.IsExpiredAt(now),
    };

    private static DelegatedScope ScopeOf(RealmSnapshot realm, string scope, string[] preferred)
    {
        var text = ScopeTexts.Choose(ScopeTexts.Of(realm, scope), preferred, realm.Realm.ConsentSettings.DefaultLanguage);
        return new DelegatedScope(scope, text?.Title ?? "", text?.Language ?? "");
    }

    private static string DelegateName(RealmSnapshot realm, DelegationRecord delegation) => delegation.DelegateType == MemberType.User
        ? UserName(realm, delegation.DelegateId)
        : Views.Named(realm.FindClient(delegation.DelegateId)?.DisplayName ?? "", delegation.DelegateId);

    private static string UserName(RealmSnapshot realm, string userId) => Views.Named(realm.FindUser(userId)?.DisplayName ?? "", userId);
}

/// <summary>A delegation in words.</summary>
public sealed record DelegationView
{
    public required DelegationRecord Delegation { get; init; }

    /// <summary>The other side's.</summary>
    public required string Name { get; init; }

    /// <summary>Empty: any.</summary>
    public required string OrganizationDisplayName { get; init; }

    public required IReadOnlyList<DelegatedScope> Scopes { get; init; }

    public required bool IsOver { get; init; }
}

/// <summary>A scope with its text.</summary>
/// <param name="Scope">The technical name.</param>
/// <param name="Title">Empty: the server has none.</param>
/// <param name="Language">Of the title (RFC 5646).</param>
public sealed record DelegatedScope(string Scope, string Title, string Language);
