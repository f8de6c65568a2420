using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>token_exchange</c>. The rules keep the document's order: it is the order in which they apply.</summary>
internal static class TokenExchangeSection
{
    private const int MostRules = 200;
    private const int MostActors = 10;
    private static readonly string[] OfTokens = ["subject_types", "subject_client_ids"];

    public static TokenExchangeSettings Read(Fields fields, References references)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        return new TokenExchangeSettings
        {
            Rules = fields.Each("rules", rule => Rule(rule, references, names), MostRules).ToValueList(),
            MaxActors = fields.Number("max_actors", 1, MostActors) ?? TokenExchangeSettings.UsualMaxActors,
        };
    }

    private static TokenExchangeRule Rule(Fields fields, References references, HashSet<string> names)
    {
        var name = fields.RequiredText("name", Rules.Id);
        if (name is not null && !names.Add(name))
        {
            fields.Error("name", "must be unique among the rules");
        }

        var rule = new TokenExchangeRule
        {
            Name = name ?? "",
            Mode = fields.Choice<TokenExchangeMode>("mode") ?? TokenExchangeMode.Delegation,
            Source = fields.Choice<TokenExchangeSource>("source") ?? TokenExchangeSource.Token,
            SubjectTypes = SubjectTypes(fields),
            SubjectClientIds = fields.ReferenceSet("subject_client_ids", ReferenceKind.Client, Rules.Id),
            ActorClientIds = fields.ReferenceSet("actor_client_ids", ReferenceKind.Client, Rules.Id),
            Audiences = fields.ReferenceSet("audiences", ReferenceKind.ResourceServer, Rules.Audience),
            Scopes = ScopePipelineSection.Patterns(fields, "scopes", references),
            OrganizationIds = fields.ReferenceSet("organization_ids", ReferenceKind.Organization, Rules.Id),
            MaxLifetime = fields.Duration("max_lifetime"),
        };
        if (rule.Source == TokenExchangeSource.Delegation)
        {
            CheckDelegation(fields, rule);
        }

        return rule;
    }

    /// <summary>A delegation is a user's, was issued to nobody, and hides nobody.</summary>
    private static void CheckDelegation(Fields fields, TokenExchangeRule rule)
    {
        if (rule.Mode != TokenExchangeMode.Delegation)
        {
            fields.Error("mode", "must be delegation where the source is");
        }

        foreach (var key in OfTokens.Where(fields.Has))
        {
            fields.Error(key, "must not be set where the source is delegation");
        }
    }

    private static ValueList<MemberType> SubjectTypes(Fields fields)
    {
        var types = fields.Choices<MemberType>("subject_types");
        if (types.Contains(MemberType.Group))
        {
            fields.Error("subject_types", "must be user or client");
        }

        return types.Distinct().Order().ToValueList();
    }
}
