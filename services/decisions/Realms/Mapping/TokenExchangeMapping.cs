using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class TokenExchangeMapping
{
    private const string UserType = "user";
    private const string ClientType = "client";

    private static readonly TokenExchangeSettings Unset = new();

    /// <summary>Settings that are the usual ones are not sent.</summary>
    public static Wire.TokenExchangeSettings? ToWire(this TokenExchangeSettings settings) => settings == Unset ? null : new()
    {
        Rules = { settings.Rules.Select(ToWire) },
        MaxActors = settings.MaxActors == TokenExchangeSettings.UsualMaxActors ? 0 : settings.MaxActors,
    };

    public static TokenExchangeSettings ToRecord(this Wire.TokenExchangeSettings? settings) => settings is null ? Unset : new()
    {
        Rules = settings.Rules.Select(ToRecord).ToValueList(),
        MaxActors = settings.MaxActors == 0 ? TokenExchangeSettings.UsualMaxActors : settings.MaxActors,
    };

    private static Wire.TokenExchangeRule ToWire(TokenExchangeRule rule) => new()
    {
        Name = rule.Name,
        Mode = rule.Mode switch
        {
            TokenExchangeMode.Delegation => Wire.TokenExchangeMode.Delegation,
            TokenExchangeMode.Impersonation => Wire.TokenExchangeMode.Impersonation,
            _ => throw WireValues.Unknown(rule.Mode),
        },
        Source = rule.Source == TokenExchangeSource.Delegation ? Wire.TokenExchangeSource.Delegation : Wire.TokenExchangeSource.Token,
        SubjectTypes = { rule.SubjectTypes.Select(type => type == MemberType.User ? UserType : ClientType) },
        SubjectClientIds = { rule.SubjectClientIds },
        ActorClientIds = { rule.ActorClientIds },
        Audiences = { rule.Audiences },
        Scopes = { rule.Scopes },
        OrganizationIds = { rule.OrganizationIds },
        MaxLifetime = rule.MaxLifetime is { } lifetime ? Duration.FromTimeSpan(lifetime) : null,
    };

    private static TokenExchangeRule ToRecord(Wire.TokenExchangeRule rule) => new()
    {
        Name = rule.Name,
        Mode = rule.Mode switch
        {
            Wire.TokenExchangeMode.Unspecified or Wire.TokenExchangeMode.Delegation => TokenExchangeMode.Delegation,
            Wire.TokenExchangeMode.Impersonation => TokenExchangeMode.Impersonation,
            _ => throw WireValues.Unknown(rule.Mode),
        },
        Source = rule.Source switch
        {
            Wire.TokenExchangeSource.Unspecified or Wire.TokenExchangeSource.Token => TokenExchangeSource.Token,
            Wire.TokenExchangeSource.Delegation => TokenExchangeSource.Delegation,
            _ => throw WireValues.Unknown(rule.Source),
        },
        SubjectTypes = rule.SubjectTypes.Select(type => type switch
        {
            UserType => MemberType.User,
            ClientType => MemberType.Client,
            _ => throw new ArgumentOutOfRangeException(nameof(rule), type, "not a kind of subject"),
        }).ToValueList(),
        SubjectClientIds = [.. rule.SubjectClientIds],
        ActorClientIds = [.. rule.ActorClientIds],
        Audiences = [.. rule.Audiences],
        Scopes = [.. rule.Scopes],
        OrganizationIds = [.. rule.OrganizationIds],
        MaxLifetime = rule.MaxLifetime?.ToTimeSpan(),
    };
}
