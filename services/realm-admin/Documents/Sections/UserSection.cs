using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>users</c>.</summary>
internal static class UserSection
{
    private const int MostIdentities = 50;

    public static IEnumerable<User> Read(Fields fields, string realmId, References references)
    {
        // Two users who are the same person at a provider: nobody could tell which of them logs in. Subjects are case-sensitive.
        Dictionary<(string? Issuer, string? Subject), string> identities = [];
        return fields.Each("users", user => User(user, realmId, references, identities));
    }

    public static User User(
        Fields fields, string realmId, References references, Dictionary<(string? Issuer, string? Subject), string> identities)
    {
        var userId = fields.RequiredText("user_id", Rules.UserId);
        references.Declare(ReferenceKind.User, userId, fields.PathOf("user_id"));
        return new User
        {
            RealmId = realmId,
            UserId = userId ?? "",
            DisplayName = fields.Text("display_name", Rules.DisplayName) ?? "",
            Disabled = fields.Flag("disabled"),
            OrganizationIds = fields.ReferenceSet("organization_ids", ReferenceKind.Organization, Rules.Id),
            GroupIds = fields.ReferenceSet("group_ids", ReferenceKind.Group, Rules.Id),
            ExternalIdentities = fields.Each("external_identities", identity => Identity(identity, identities), MostIdentities)
                .OrderBy(identity => identity.Issuer, StringComparer.Ordinal).ThenBy(identity => identity.Subject, StringComparer.Ordinal)
                .ToValueList(),
        };
    }

    private static ExternalIdentity Identity(Fields identity, Dictionary<(string? Issuer, string? Subject), string> identities)
    {
        var issuer = identity.RequiredText("issuer", Rules.Issuer);
        var subject = identity.RequiredText("subject", Rules.Claim);
        if (issuer is not null && subject is not null && !identities.TryAdd((issuer, subject), identity.Path))
        {
            identity.Error("subject", $"must be unique with its issuer: {identities[(issuer, subject)]} is the same");
        }

        return new ExternalIdentity { Issuer = issuer ?? "", Subject = subject ?? "" };
    }
}
