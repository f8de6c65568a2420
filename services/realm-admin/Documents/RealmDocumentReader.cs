using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Sections;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Reads a realm document into the records of the realm. The whole document is checked; every error is reported with its path.</summary>
public static class RealmDocumentReader
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int LargestDocument = 16 * 1024 * 1024;

    /// <param name="text">YAML.</param>
    /// <param name="realmId">The realm that the document must be of.</param>
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT.</exception>
    public static RealmDocument Read(string text, string realmId) => Read(text, realmId, platform: false);

    /// <summary>The same of a realm that may be the one that administers realms.</summary>
    /// <exception cref="IamException">INVALID_REALM_DOCUMENT.</exception>
    public static RealmDocument Read(string text, string realmId, bool platform)
    {
        var errors = new DocumentErrors();
        var document = Read(text, realmId, platform, errors);
        errors.ThrowIfAny();
        return document!;
    }

    private static RealmDocument? Read(string text, string realmId, bool platform, DocumentErrors errors)
    {
        if (DocumentLoader.Load(text, errors) is not { } top)
        {
            return null;
        }

        if (top.Kind != NodeKind.Mapping)
        {
            errors.Add(DocumentErrors.Document, "must be a mapping with the key realm_id");
            return null;
        }

        var references = new References(errors, platform);
        var fields = new Fields(top, errors, references);
        var realm = RealmSection.Read(fields, references);
        if (realm is not null && realm.RealmId != realmId)
        {
            fields.Error("realm_id", $"must be '{realmId}', the realm of the request");
        }

        var clients = ClientSection.Read(fields, realmId, references);
        List<IRealmResource> resources =
        [
            .. OrganizationSection.Read(fields, realmId, references, errors),
            .. clients.Select(client => client.Client),
            .. ResourceServerSection.Read(fields, realmId, references),
            .. ScopeSection.Read(fields, realmId, references),
            .. RoleSection.Read(fields, realmId, references, errors),
            .. GroupSection.Read(fields, realmId, references, errors),
            .. UserSection.Read(fields, realmId, references),
            .. RoleBindingSection.Read(fields, realmId, references),
            .. DelegationSection.Read(fields, realmId, references),
        ];
        fields.Done();
        references.Resolve();
        return realm is null ? null : new RealmDocument
        {
            Realm = realm,
            Resources = [realm, .. resources],
            ClientsWithSecrets = clients.Where(client => client.HasSecrets).Select(client => client.Client.ClientId).ToHashSet(),
        };
    }
}
