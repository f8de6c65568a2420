using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Consent.Tests.Hosting;

/// <summary>A realm with what users can be asked for: texts in two languages, in one and in none.</summary>
internal static class ConsentRealm
{
    public const string Api = "https://api.demo.example";

    public static readonly string[] All = ["invoices.read", "invoices.create", "invoices.approve", "payments.refund"];

    public static IReadOnlyList<IRealmResource> Resources(string realmId) =>
    [
        new Realm { RealmId = realmId, DisplayName = "Demo realm", AcrValues = ["low", "high"], AccessTokenLifetime = TimeSpan.FromMinutes(5) },
        new ResourceServer
        {
            RealmId = realmId,
            Audience = Api,
            DisplayName = "Demo API",
            Permissions =
            [
                new() { Name = "invoices.approve", Texts = [Text("en", "Approve invoices")] },
                new() { Name = "invoices.create", Texts = [Text("de", "Rechnungen erstellen"), Text("en", "Create invoices")] },
                new() { Name = "invoices.read", Texts = [Text("de", "Rechnungen lesen", "Alle Rechnungen."), Text("en", "Read invoices", "All invoices.")] },
                new() { Name = "payments.refund" },
            ],
        },
        new Organization { RealmId = realmId, OrganizationId = "acme", DisplayName = "Acme" },
        new Organization { RealmId = realmId, OrganizationId = "acme-retail", ParentOrganizationId = "acme" },
        new Organization { RealmId = realmId, OrganizationId = "closed", Disabled = true },
        Web(realmId, "web"),
        Web(realmId, "spa") with { ClientType = ClientType.Public, DisplayName = "" },
        Web(realmId, "strict") with { RequiredScopes = ["invoices.read"] },
        Web(realmId, "named") with { About = new() { Names = [new("de", "Netz"), new("de-AT", "Netzerl")] } },
        Web(realmId, "first-party") with { ConsentPolicy = ConsentPolicy.Trusted },
        Web(realmId, "gone") with { Disabled = true },
        new User { RealmId = realmId, UserId = "alice", DisplayName = "Alice" },
        new User { RealmId = realmId, UserId = "bob" },
        new User { RealmId = realmId, UserId = "dave", Disabled = true },
    ];

    public static Client Web(string realmId, string clientId) => new()
    {
        RealmId = realmId,
        ClientId = clientId,
        DisplayName = "Demo web",
        ClientType = ClientType.Web,
        GrantTypes = ["authorization_code", "refresh_token"],
        RedirectUris = ["http://127.0.0.1:8765/callback"],
        Scopes = [.. All, IamPermissions.ConsentsSelf],
        OwnerOrganizationId = "acme",
        Verified = true,
    };

    private static ScopeText Text(string language, string title, string description = "") =>
        new() { Language = language, Title = title, Description = description };
}
