using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary>What users are told of a client, and where it comes from.</summary>
internal static class ClientAboutSection
{
    private const int MostNames = 100;

    public static Client Read(Fields fields, Client client) => client with
    {
        Logo = fields.Text("logo", Rules.Logo),
        Verified = fields.Flag("verified"),
        About = fields.Mapping("about", About),
        DynamicallyRegistered = fields.Flag("dynamically_registered"),
        Origin = fields.Mapping("origin", Origin),
    };

    private static ClientAbout? About(Fields fields) => ClientAbout.OrNull(new()
    {
        ClientUri = fields.Text("client_uri", Rules.WebAddress),
        TosUri = fields.Text("tos_uri", Rules.WebAddress),
        PolicyUri = fields.Text("policy_uri", Rules.WebAddress),
        Contacts = fields.Texts("contacts", Rules.Title).Select(contact => contact.Text).ToValueList(),
        SoftwareId = fields.Text("software_id", Rules.Title),
        SoftwareVersion = fields.Text("software_version", Rules.Title),
        Names = fields.TextEntries("names", Rules.Language, Rules.DisplayName, MostNames)
            .OrderBy(name => name.Key, StringComparer.Ordinal)
            .Select(name => new ClientName(name.Key, name.Text))
            .ToValueList(),
    });

    private static ClientOrigin? Origin(Fields fields)
    {
        if (!fields.Has("registered_at"))
        {
            fields.Error("registered_at", "is required");
        }

        return new ClientOrigin
        {
            RegisteredAt = fields.Instant("registered_at") ?? default,
            InitialAccessTokenId = fields.Text("initial_access_token_id", Rules.Id),
            SoftwareStatementIssuer = fields.Text("software_statement_issuer", Rules.Claim),
            SourceAddress = fields.Text("source_address", Rules.Claim),
        };
    }
}
