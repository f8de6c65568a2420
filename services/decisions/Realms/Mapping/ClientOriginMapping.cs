using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>What a client says about itself, and how it was registered.</summary>
internal static class ClientOriginMapping
{
    public static Wire.ClientAbout? ToWire(this ClientAbout? about) => about is null ? null : new()
    {
        ClientUri = about.ClientUri ?? "",
        TosUri = about.TosUri ?? "",
        PolicyUri = about.PolicyUri ?? "",
        Contacts = { about.Contacts },
        SoftwareId = about.SoftwareId ?? "",
        SoftwareVersion = about.SoftwareVersion ?? "",
        Names = { about.Names.ToDictionary(name => name.Language, name => name.Name) },
    };

    public static ClientAbout? ToRecord(this Wire.ClientAbout? about) => about is null ? null : new()
    {
        ClientUri = WireValues.NullIfEmpty(about.ClientUri),
        TosUri = WireValues.NullIfEmpty(about.TosUri),
        PolicyUri = WireValues.NullIfEmpty(about.PolicyUri),
        Contacts = [.. about.Contacts],
        SoftwareId = WireValues.NullIfEmpty(about.SoftwareId),
        SoftwareVersion = WireValues.NullIfEmpty(about.SoftwareVersion),
        Names = about.Names.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => new ClientName(name.Key, name.Value)).ToValueList(),
    };

    public static Wire.ClientOrigin? ToWire(this ClientOrigin? origin) => origin is null ? null : new()
    {
        RegisterTime = WireValues.ToWire(origin.RegisteredAt),
        InitialAccessTokenId = origin.InitialAccessTokenId ?? "",
        SoftwareStatementIssuer = origin.SoftwareStatementIssuer ?? "",
        SourceAddress = origin.SourceAddress ?? "",
    };

    public static ClientOrigin? ToRecord(this Wire.ClientOrigin? origin) => origin is null ? null : new()
    {
        RegisteredAt = origin.RegisterTime.ToDateTimeOffset(),
        InitialAccessTokenId = WireValues.NullIfEmpty(origin.InitialAccessTokenId),
        SoftwareStatementIssuer = WireValues.NullIfEmpty(origin.SoftwareStatementIssuer),
        SourceAddress = WireValues.NullIfEmpty(origin.SourceAddress),
    };
}
