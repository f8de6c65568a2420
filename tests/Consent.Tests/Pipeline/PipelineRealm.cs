using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Consent.Tests.Pipeline;

/// <summary>The vocabulary, organizations and users that the cases speak of; pipeline and client are the case's own.</summary>
internal static class PipelineRealm
{
    public const string ClientId = "client";

    public static IReadOnlyList<IRealmResource> Of(string realmId, PipelineCase found) =>
    [
        new Realm
        {
            RealmId = realmId,
            AcrValues = ["low", "high"],
            ScopePipeline = found.Pipeline,
            ConsentSettings = new() { DefaultLanguage = found.DefaultLanguage },
        },
        new Client
        {
            RealmId = realmId,
            ClientId = ClientId,
            ClientType = found.Client.ClientType,
            Scopes = found.Client.Scopes,
            DynamicallyRegistered = found.Client.DynamicallyRegistered,
            ConsentPolicy = found.Client.ConsentPolicy,
            RequiredScopes = found.Client.RequiredScopes,
        },
        .. Vocabulary(realmId, found),
        .. Users(realmId),
    ];

    private static IEnumerable<IRealmResource> Vocabulary(string realmId, PipelineCase found) =>
    [
        new ResourceServer
        {
            RealmId = realmId,
            Audience = "https://api.example",
            Permissions =
            [
                .. new[] { "invoices.approve", "invoices.create", "invoices.read", "payments.refund" }
                    .Select(name => new Permission { Name = name, Texts = TextsOf(found, name) }),
            ],
        },
        new ResourceServer { RealmId = realmId, Audience = "https://files.example", Permissions = [new() { Name = "files.read", Texts = TextsOf(found, "files.read") }] },
        new Scope { RealmId = realmId, Name = "bookkeeping", Permissions = ["invoices.create", "invoices.read"], Texts = TextsOf(found, "bookkeeping") },
        new Scope { RealmId = realmId, Name = "nothing" },
        new Role { RealmId = realmId, RoleId = "viewer", Permissions = ["invoices.read"] },
        new Role { RealmId = realmId, RoleId = "accountant", Permissions = ["invoices.create"], IncludedRoleIds = ["viewer"] },
        new Role { RealmId = realmId, RoleId = "approver", Permissions = ["invoices.approve"], IncludedRoleIds = ["accountant"] },
        new Role { RealmId = realmId, RoleId = "treasurer", Permissions = ["payments.refund"] },
        new Organization { RealmId = realmId, OrganizationId = "acme" },
        new Organization { RealmId = realmId, OrganizationId = "acme-retail", ParentOrganizationId = "acme" },
        new Organization { RealmId = realmId, OrganizationId = "globex" },
        new Organization { RealmId = realmId, OrganizationId = "closed", Disabled = true },
    ];

    private static ValueList<ScopeText> TextsOf(PipelineCase found, string scope) => found.Texts.TryGetValue(scope, out var texts)
        ? [.. texts.OrderBy(text => text.Key, StringComparer.Ordinal).Select(text => new ScopeText { Language = text.Key, Title = text.Value })]
        : [];

    private static IEnumerable<IRealmResource> Users(string realmId) =>
    [
        new Group { RealmId = realmId, GroupId = "accountants" },
        new User { RealmId = realmId, UserId = "alice", GroupIds = ["accountants"] },
        new User { RealmId = realmId, UserId = "bob" },
        new User { RealmId = realmId, UserId = "carol" },
        new User { RealmId = realmId, UserId = "dan" },
        new User { RealmId = realmId, UserId = "eve" },
        new User { RealmId = realmId, UserId = "fred" },
        Binding(realmId, MemberType.Group, "accountants", "accountant", "acme"),
        Binding(realmId, MemberType.User, "bob", "viewer", "globex"),
        Binding(realmId, MemberType.User, "carol", "approver", null),
        Binding(realmId, MemberType.User, "eve", "viewer", null) with { Conditions = new() { SourceNetworks = ["10.0.0.0/8"] } },
        Binding(realmId, MemberType.User, "fred", "approver", null) with { Conditions = new() { MinAcr = "high" } },
    ];

    private static RoleBinding Binding(string realmId, MemberType type, string memberId, string roleId, string? organizationId) => new()
    {
        RealmId = realmId,
        RoleBindingId = $"{memberId}-{roleId}",
        MemberType = type,
        MemberId = memberId,
        RoleId = roleId,
        OrganizationId = organizationId,
    };
}
